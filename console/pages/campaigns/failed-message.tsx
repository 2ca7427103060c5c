// Why one message did not arrive, and the button for what to do about it.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { explainFailure, type FailureTexts } from '../../../shared/failure-texts.ts'
import type { Failure, Message } from '../../../shared/model.ts'
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
  id: string
  words: CampaignWords
  children: ComponentChildren
}

export function FailedMessage({ api, id, words, children }: FailedMessageProps) {
  const { locale } = useShell()
  const [failure, setFailure] = useState<Failure | null>(null)
  const [texts, setTexts] = useState<FailureTexts | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [isRetried, setIsRetried] = useState(false)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let isGone = false
    // Without it the row says that it failed, and leads to the message.
    api.get<Message>(`/api/messages/${id}`).then(
      (message) => isGone || setFailure(message.error),
      () => {},
    )
    load[locale]().then(
      (found) => isGone || setTexts(found),
      () => {},
    )
    return () => {
      isGone = true
    }
  }, [api, id, locale])

  async function retry(): Promise<void> {
    setIsBusy(true)
    setError(null)
    try {
      await api.send('POST', `/api/messages/${id}/retry`)
      setIsRetried(true)
    } catch (wrong) {
      setError(wrong)
    } finally {
      setIsBusy(false)
    }
  }

  const isKnown = failure !== null && texts !== null
  return (
    <div class="failed-message">
      {isKnown && <p>{explainFailure(texts, failure)}</p>}
      <p class="actions">
        {isRetried && <Pill kind="active">{words.recipients.retried}</Pill>}
        {isKnown && failure.action === 'retry' && !isRetried && (
          <Button isSmall isBusy={isBusy} onClick={() => void retry()}>
            {words.recipients.retry}
          </Button>
        )}
        {children}
      </p>
      <Problem error={error} />
    </div>
  )
}
