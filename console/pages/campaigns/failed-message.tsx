// Why one recipient did not get it, and the button for what to do about it. What takes more than a press is done beside the message.
import { useEffect, useState } from 'preact/hooks'
import type { CampaignRecipient } from '../../../shared/campaigns.ts'
import { explainFailure, type FailureTexts } from '../../../shared/failure-texts.ts'
import type { Api } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Pill } from '../../parts/pill.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useShell } from '../../shell.ts'
import type { Locale } from '../../words/words.ts'
import type { CampaignWords } from './words.ts'

const load: Record<Locale, () => Promise<FailureTexts>> = {
  es: async () => (await import('../../../shared/failure-texts-es.ts')).failureTextsEs,
  en: async () => (await import('../../../shared/failure-texts-en.ts')).failureTextsEn,
  pt: async () => (await import('../../../shared/failure-texts-pt.ts')).failureTextsPt,
}

interface FailedMessageProps {
  api: Api
  one: CampaignRecipient
  /** Of its message. */
  href: string
  words: CampaignWords
}

export function FailedMessage({ api, one: { messageId, error: failure, action }, href, words }: FailedMessageProps) {
  const { locale } = useShell()
  const [texts, setTexts] = useState<FailureTexts | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [isRetried, setIsRetried] = useState(false)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let isGone = false
    // Without them the row says that it failed, and leads to the message.
    load[locale]().then(
      (found) => isGone || setTexts(found),
      () => {},
    )
    return () => {
      isGone = true
    }
  }, [locale])

  async function retry(): Promise<void> {
    setIsBusy(true)
    setError(null)
    try {
      await api.send('POST', `/api/messages/${messageId}/retry`)
      setIsRetried(true)
    } catch (wrong) {
      setError(wrong)
    } finally {
      setIsBusy(false)
    }
  }

  const isElsewhere = action !== null && action !== 'retry' && action !== 'none'
  return (
    <div class="failed-message">
      {failure !== null && texts !== null && <p>{explainFailure(texts, failure)}</p>}
      <p class="actions">
        {isRetried && <Pill kind="active">{words.recipients.retried}</Pill>}
        {action === 'retry' && !isRetried && (
          <Button isSmall isBusy={isBusy} onClick={() => void retry()}>
            {words.recipients.retry}
          </Button>
        )}
        {isElsewhere && texts !== null ? (
          <a class="btn small" href={href}>
            {texts.actions[action]}
          </a>
        ) : (
          <a class="link" href={href}>
            {words.recipients.message}
          </a>
        )}
      </p>
      <Problem error={error} />
    </div>
  )
}
