// In a row of the inbox: why a message failed, or was not taken from this browser.
import { explainFailure } from '../../../shared/failure-texts.ts'
import type { OwnConversation } from '../../../shared/model.ts'
import type { Unsent } from '../../client/client.ts'
import { formatWait } from '../../locales/format.ts'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { splitSentence } from '../status-mark.tsx'
import { useCardWords } from './card-words.ts'
import { useFailureTexts } from './use-failure-texts.ts'

export function FailureWords({ conversation, unsent }: { conversation: OwnConversation; unsent: Unsent | undefined }) {
  const { client, words, zone, now, say } = useShared()
  const own = useCardWords()
  const texts = useFailureTexts(zone.locale)
  const { contact, channel, failures } = conversation
  if (unsent?.state === 'late')
    return <>{say(own.late, { t: formatWait(zone.locale, words, now.value - unsent.createdAt + client.clockSkewMs.value) })}</>
  const error = failures.at(-1)?.error
  const reason = unsent
    ? problemText(words, unsent.problem ?? { code: '' }, { n: contact.name, channel: words[channel] })
    : error && texts && explainFailure(texts, error)
  const [title] = splitSentence(unsent ? words.sendRefused : words.failed)
  return <>{reason && reason !== words.sendRefused ? `${title}: ${reason}` : title}</>
}
