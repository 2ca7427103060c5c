// Why a message did not arrive, or that nobody knows, and the one thing to do. With its texts apart: most threads need none.
import { signal } from '@preact/signals-core'
import { useState } from 'preact/hooks'
import { explainFailure } from '../../../shared/failure-texts.ts'
import type { Answer } from '../../../shared/events.ts'
import type { Failure, Message } from '../../../shared/model.ts'
import { formatWait } from '../../locales/format.ts'
import { firstName } from '../names.ts'
import { Icon } from '../icon.tsx'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { splitSentence } from '../status-mark.tsx'
import { useScene } from '../thread-scene.ts'
import { useCardWords } from './card-words.ts'
import { Card } from './card.tsx'
import { useFailureTexts } from './use-failure-texts.ts'

const DAY_MS = 86_400_000
/** Messages whose card the agent put away: gone at once, whatever the server says to it. */
const putAway = signal<ReadonlySet<string>>(new Set())
/** Of Twilio, for WhatsApp. */
const CANNOT_RECEIVE = 63024

/** Presses once at a time; says why when it was refused. */
function useAction(): { busy: boolean; problem: string; run(action: () => Promise<Answer<object>>): void } {
  const { words } = useShared()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  return {
    busy,
    problem,
    run(action) {
      setBusy(true)
      setProblem('')
      void action().then((answer) => {
        setBusy(false)
        if (!answer.ok) setProblem(problemText(words, answer.error))
      })
    },
  }
}

export function FailedCard({ message, error, isRetried }: { message: Message; error: Failure; isRetried: boolean }) {
  const { words, client, find, appearance, now, say } = useShared()
  const own = useCardWords()
  const texts = useFailureTexts(appearance.value.locale)
  const scene = useScene()
  const { busy, problem, run } = useAction()
  const conversation = scene.conversation.value
  const phone = conversation?.contact.phone
  const isReady = (channel: 'sms' | 'whatsapp') => client.ready.value?.channels.some((one) => one.channel === channel && one.ready)
  const hasSms = isReady('sms') && phone
  const record = conversation?.coordinationId ? { coordinationId: conversation.coordinationId } : {}
  const other = message.channel === 'sms' ? 'whatsapp' : 'sms'

  function act(): void {
    if (error.action === 'retry') run(() => scene.thread.retry(message.id))
    else if (error.action === 'send_template') scene.mode.value = { at: 'templates' }
    else if (error.action === 'fix_number') scene.mode.value = { at: 'contact', field: 'number' }
    else if (error.action === 'try_sms' && phone) {
      find({ ...record, phone, name: conversation.contact.name, channel: 'sms', draft: message.text })
    }
  }

  const lastInboundAt = Date.parse(conversation?.window.expiresAt ?? '') - DAY_MS
  // Who wrote a moment ago can receive: WhatsApp says otherwise for an hour now and then.
  const wroteAgo = now.value - lastInboundAt
  const isOdd = error.code === CANNOT_RECEIVE && wroteAgo < DAY_MS && !isRetried
  if (texts === null || (message.putAway && !isRetried) || putAway.value.has(message.id)) return null
  const shown = !isRetried && !isOdd && error.action !== 'none' && (error.action !== 'try_sms' || hasSms)
  // Only the client can take it back: by the other channel one can ask for that.
  const canAsk = !isRetried && error.reason === 'opted_out' && phone && isReady(other)
  const canFix = !isRetried && !isOdd && (error.reason === 'not_on_whatsapp' || (error.reason === 'invalid_number' && !shown))
  return (
    <Card
      icon="alert"
      class="failed"
      title={words.failed}
      text={
        isOdd
          ? say(own.wroteAgo, { n: firstName(conversation?.contact.name ?? ''), t: formatWait(appearance.value.locale, words, wroteAgo) })
          : explainFailure(texts, error)
      }
      code={error.code}
    >
      {!isRetried && (
        <>
          {problem && <p>{problem}</p>}
          {isOdd && (
            <button type="button" class="btn small" disabled={busy} onClick={() => run(() => scene.thread.retry(message.id))}>
              <Icon name="retry" />
              {texts.actions.retry}
            </button>
          )}
          {shown && (
            <button type="button" class="btn small" disabled={busy} onClick={act}>
              {error.action === 'retry' && <Icon name="retry" />}
              {texts.actions[error.action]}
            </button>
          )}
          {canAsk && (
            <button
              type="button"
              class="btn small quiet"
              onClick={() =>
                find({
                  ...{ ...record, phone, name: conversation.contact.name, channel: other },
                  draft: say(own.askStartText, { channel: words[message.channel] }),
                })
              }
            >
              {say(own.askStart, { channel: words[other] })}
            </button>
          )}
          {canFix && (
            <button type="button" class="btn small quiet" onClick={() => (scene.mode.value = { at: 'contact', field: 'number' })}>
              {own.fixNumber}
            </button>
          )}
          <button
            type="button"
            class="ib"
            aria-label={own.putAway}
            title={own.putAway}
            onClick={() => {
              putAway.value = new Set([...putAway.peek(), message.id])
              void scene.thread.putAway(message.id)
            }}
          >
            <Icon name="close" class="s14" />
          </button>
        </>
      )}
    </Card>
  )
}

/** Nobody knows whether it went out: the server is looking. */
export function DoubtCard({ message }: { message: Message }) {
  const own = useCardWords()
  const { thread } = useScene()
  const { busy, problem, run } = useAction()
  const [title, rest] = splitSentence(own.doubt)
  return (
    <Card icon="question" title={`${title}.`} text={rest}>
      {problem && <p>{problem}</p>}
      <button type="button" class="btn small quiet" disabled={busy} onClick={() => run(() => thread.retry(message.id))}>
        {own.resend}
      </button>
      <button type="button" class="btn small quiet" disabled={busy} onClick={() => run(() => thread.cancel(message.id))}>
        {own.discard}
      </button>
    </Card>
  )
}
