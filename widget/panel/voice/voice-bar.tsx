// Records a voice message where one writes: asks for the microphone, shows how loud and how long it is; then one listens, sends or discards.
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { addStyles } from '../adopt-styles.ts'
import { answerSettings } from '../answer-settings.ts'
import { Icon } from '../icon.tsx'
import { mayFocus } from '../may-focus.ts'
import { problemText } from '../problem-text.ts'
import { useShared } from '../shared-state.ts'
import { lastSeq, useScene } from '../thread-scene.ts'
import { clock } from './clock.ts'
import { Listen } from './listen.tsx'
import { sendTake } from './send-take.ts'
import { createTake, MOST_MS, type Take } from './take.ts'
import { useVoiceWords } from './voice-words.ts'
import css from './voice.css?inline'

addStyles(css)

const STOP = 'M6.5 5.5h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z'
const BIN = 'M4 5.75h12M8 5.5V4.25a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1V5.5M5.5 5.75l.7 9.6a1.5 1.5 0 0 0 1.5 1.4h4.6a1.5 1.5 0 0 0 1.5-1.4l.7-9.6'
/** So long before the end the time that is left is said. */
const LAST_MS = 30_000

export function VoiceBar({ conversation }: { conversation: OwnConversation }) {
  const { takes, announce } = useShared()
  const own = useVoiceWords()
  const { thread, mode, focus } = useScene()
  const bar = useRef<HTMLDivElement>(null)
  const { id } = conversation
  const take = useMemo(() => takes.get(id) ?? createTake(lastSeq(thread)), [id])
  const state = take.state.value

  useEffect(() => {
    takes.set(id, take)
    if (take.state.peek() === 'asking') take.start()
    return () => {
      // Whoever leaves records no more. What there is waits for him; of nothing, nothing stays.
      take.stop()
      if (take.state.peek() === 'failed') takes.delete(id)
    }
  }, [take])

  useLayoutEffect(() => {
    const first = bar.current?.querySelector<HTMLElement>('[data-first]')
    if (bar.current && first && mayFocus(bar.current)) first.focus({ preventScroll: true })
  }, [state])
  useEffect(() => {
    if (state === 'recording') announce(own.recording)
    if (state === 'ready') announce(own.ended)
  }, [state])

  function leave(): void {
    takes.delete(id)
    take.drop()
    mode.value = { at: 'text' }
    focus.value++
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    if (state !== 'recording' && state !== 'asking' && state !== 'failed') return
    event.preventDefault()
    event.stopPropagation()
    if (state === 'recording') take.stop()
    else leave()
  }

  return (
    <div class="composer ruled">
      {/* biome-ignore lint/a11y/useSemanticElements: a part of the thread, not of a form */}
      <div class="box voice" role="group" aria-label={own.voice} ref={bar} onKeyDown={onKeyDown}>
        {state === 'failed' ? (
          <Failed take={take} onLeave={leave} />
        ) : (
          <>
            {(state === 'ready' || state === 'sending') && <Said take={take} />}
            <button
              type="button"
              class="ib"
              aria-label={own.discard}
              title={own.discard}
              data-first={state === 'asking' || undefined}
              disabled={state === 'sending'}
              onClick={leave}
            >
              <Icon name={BIN} />
            </button>
            {state === 'asking' && <span class="num grow">{own.asking}</span>}
            {(state === 'recording' || state === 'ending') && <Recording take={take} />}
            {(state === 'ready' || state === 'sending') && <Listen take={take} own={own} />}
            {(state === 'ready' || state === 'sending') && <Send conversation={conversation} take={take} />}
          </>
        )}
      </div>
    </div>
  )
}

function Recording({ take }: { take: Take }) {
  const { say } = useShared()
  const own = useVoiceWords()
  const ms = take.ms.value
  const leftMs = MOST_MS - ms
  return (
    <>
      <span class="rec" />
      <span class="num">{clock(ms / 1000)}</span>
      {leftMs < LAST_MS && <span class="num caution">{say(own.left, { n: Math.max(0, Math.ceil(leftMs / 1000)) })}</span>}
      <span class="levels" aria-hidden="true">
        {take.levels.value.map((level, place) => (
          <s key={place} style={{ height: `${Math.round(Math.min(1, level * 1.6) * 100)}%` }} />
        ))}
      </span>
      <button
        type="button"
        class="send stop"
        data-first
        aria-label={own.stop}
        title={own.stop}
        disabled={take.state.value === 'ending'}
        onClick={take.stop}
      >
        <Icon name={STOP} />
      </button>
    </>
  )
}

/** What is to be known of it before it goes, or why it did not. */
function Said({ take }: { take: Take }) {
  const { words, client } = useShared()
  const own = useVoiceWords()
  const { conversation } = useScene()
  const refusal = take.refusal.value
  const cut = take.cut.value
  if (refusal !== null) {
    const known: Readonly<Record<string, string>> = {
      ...{ conflict: own.answered, no_public_url: own.noPublicUrl, unavailable: own.notSent, internal: own.notSent },
    }
    const channel = conversation.value ? words[conversation.value.channel] : ''
    const text = known[refusal.code] ?? problemText(words, refusal, { n: conversation.value?.contact.name ?? '', channel })
    return (
      <p class="t danger" role="alert">
        {client.link.value === 'offline' ? own.notSent : text}
      </p>
    )
  }
  if (take.isSilent()) return <p class="t danger">{own.silent}</p>
  return cut === null ? null : <p class="t">{own[cut]}</p>
}

function Send({ conversation, take }: { conversation: OwnConversation; take: Take }) {
  const { client, words, takes } = useShared()
  const own = useVoiceWords()
  const { thread, mode, sends, focus, replyTo } = useScene()
  const isSending = take.state.value === 'sending'
  const isConflict = take.refusal.value?.code === 'conflict'

  async function send(): Promise<void> {
    const { assign } = answerSettings(client)
    const sent = await sendTake(client, conversation.id, take, {
      ...(isConflict ? {} : { ifNoAnswerSince: take.since }),
      ...(replyTo.peek() ? { replyToId: replyTo.peek()?.id ?? '' } : {}),
      ...(assign ? { assign } : {}),
    })
    if (!sent) return
    takes.delete(conversation.id)
    replyTo.value = null
    if (mode.peek().at === 'voice' || mode.peek().at === 'text') mode.value = { at: 'text' }
    sends.value++
    focus.value++
    // Without a socket nobody tells of it.
    if (client.link.peek() === 'slow') void thread.reload()
  }

  return (
    <>
      {take.isSilent() && take.refusal.value === null && (
        <button type="button" class="btn small quiet" disabled={isSending} onClick={take.start}>
          {own.again}
        </button>
      )}
      {isSending && (
        <span class="num" role="status">
          {own.sending}
        </span>
      )}
      <button
        type="button"
        class={isConflict ? 'send save' : 'send'}
        data-first
        aria-label={isConflict ? undefined : words.send}
        disabled={isSending}
        onClick={() => void send()}
      >
        {isConflict ? own.sendAnyway : <Icon name="send" />}
      </button>
    </>
  )
}

function Failed({ take, onLeave }: { take: Take; onLeave(): void }) {
  const { words } = useShared()
  const own = useVoiceWords()
  const fault = take.fault.value ?? 'broken'
  return (
    <>
      <p class="t danger" role="alert">
        {own[fault]}
      </p>
      <span class="end" />
      <button type="button" class="btn small quiet" onClick={onLeave}>
        {words.cancel}
      </button>
      {fault !== 'format' && (
        <button type="button" class="btn small" data-first onClick={take.start}>
          {own.again}
        </button>
      )}
    </>
  )
}
