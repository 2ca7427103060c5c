// Why a message did not arrive, in plain words, and the next right thing to do as a button.
import { useState } from 'preact/hooks'
import { explainFailure } from '../../../shared/failure-texts.ts'
import type { Failure, Message, OwnConversation } from '../../../shared/model.ts'
import { Button } from '../../parts/button.tsx'
import { Problem } from '../../parts/problem.tsx'
import { addressOf } from './filter.ts'
import type { LogProps } from './log-props.ts'
import { SendTemplate } from './send-template.tsx'
import { useFailureTexts } from './use-failure-texts.ts'

interface FailedProps extends LogProps {
  message: Message
  error: Failure
  conversation: OwnConversation | null
  onChanged(message: Message): void
}

export function FailedBox({ message, error, conversation, onChanged, ...props }: FailedProps) {
  const { api, words, locale } = props
  const texts = useFailureTexts(locale)
  const [isBusy, setIsBusy] = useState(false)
  const [isChoosing, setIsChoosing] = useState(false)
  const [next, setNext] = useState<Message | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const path = `/api/messages/${encodeURIComponent(message.id)}`

  async function run(act: () => Promise<void>): Promise<void> {
    setIsBusy(true)
    setProblem(null)
    try {
      await act()
    } catch (wrong) {
      setProblem(wrong)
    } finally {
      setIsBusy(false)
    }
  }
  /** The new one stands in the old one's place; that nothing is left to do is said of the old one. */
  const sent = (made: Message) => {
    setNext(made)
    setIsChoosing(false)
    onChanged({ ...message, putAway: true })
  }
  const retry = () => run(async () => sent((await api.send<{ message: Message }>('POST', `${path}/retry`)).message))
  const putAway = () => run(async () => onChanged((await api.send<{ message: Message }>('POST', `${path}/put-away`)).message))
  const bySms = () =>
    run(async () => {
      const { coordinationId, text } = message
      const record = coordinationId === null ? {} : { coordinationId }
      const to = conversation?.contact.phone ?? ''
      // The key makes two presses one message.
      const body = { channel: 'sms', to, text, clientMessageId: `sms-${message.id}`.slice(0, 64), ...record }
      sent((await api.send<{ message: Message }>('POST', '/api/messages', body)).message)
    })

  if (texts === null) return null
  const isDone = message.putAway === true || next !== null
  const canSms = conversation?.contact.phone != null && message.text !== ''
  return (
    <section class="failed-box" aria-label={words.why}>
      <strong>{explainFailure(texts, error)}</strong>
      {error.code !== null && <span class="muted num">{error.code}</span>}
      {error.message !== '' && <p class="muted">{error.message}</p>}
      <Problem error={problem} />
      <p aria-live="polite">
        {next !== null && (
          <>
            {words.retried} <a href={addressOf({}, next.id)}>{words.messageId}</a>
          </>
        )}
        {next === null && isDone && words.isPutAway}
      </p>
      {!isDone && !isChoosing && (
        <div class="actions">
          {error.action === 'retry' && (
            <Button icon="retry" isBusy={isBusy} onClick={() => void retry()}>
              {texts.actions.retry}
            </Button>
          )}
          {error.action === 'send_template' && conversation !== null && (
            <Button icon="template" onClick={() => setIsChoosing(true)}>
              {texts.actions.send_template}
            </Button>
          )}
          {error.action === 'try_sms' && canSms && (
            <Button isBusy={isBusy} onClick={() => void bySms()}>
              {texts.actions.try_sms}
            </Button>
          )}
          {error.action === 'fix_number' && conversation !== null && (
            <a class="btn" href={`#/contacts/${encodeURIComponent(conversation.contact.id)}/edit`}>
              {texts.actions.fix_number}
            </a>
          )}
          <Button kind="quiet" isBusy={isBusy} onClick={() => void putAway()}>
            {words.putAway}
          </Button>
        </div>
      )}
      {isChoosing && conversation !== null && (
        <SendTemplate {...props} message={message} conversation={conversation} onSent={sent} onCancel={() => setIsChoosing(false)} />
      )}
    </section>
  )
}
