// Through all who wait, one after the other: a line in each thread on the way, and one above the list at the end.
import { effect } from '@preact/signals-core'
import { useEffect } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { Icon } from '../icon.tsx'
import { firstName } from '../names.ts'
import { useOwnWords } from '../own-words.ts'
import { type RoundWord, type Shared, useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { answeredBy, goOn, type RoundParts } from './go-on.ts'
import { roundWords } from './round-words.ts'

const path = 'M4.3 6.4A6.75 6.75 0 1 1 3.25 10M3.6 3.4v3.4H7'

/** One key: begins, passes over the client it stands at, goes on from elsewhere. */
export function roundKey(shared: RoundParts & Pick<Shared, 'view'>): void {
  const { client, round } = shared
  const view = shared.view.peek()
  const here = view.at === 'thread' && view.conversationId === round.peek()?.current
  const conversation = here ? client.conversation(view.conversationId).peek() : undefined
  if (round.peek()?.isDone) round.value = null
  void goOn(shared, conversation && { conversation, words: [] })
}

function useSaid(): (words: readonly RoundWord[]) => string {
  const { say } = useShared()
  const own = useOwnWords(roundWords)
  return (words) =>
    words
      .map((word) => {
        if (word.kind === 'failed') return own.failed
        if (word.kind === 'first') return say(own.first, { by: firstName(word.by), name: firstName(word.name) })
        return say(own.sent, { name: firstName(word.name) })
      })
      .join(' · ')
}

/** Above the list, at its end. A round that somebody left by going back is over. */
export function RoundDone() {
  const { round } = useShared()
  const own = useOwnWords(roundWords)
  const said = useSaid()
  const now = round.value
  useEffect(() => {
    if (now && !now.isDone) round.value = null
  }, [])
  if (!now?.isDone) return null
  return (
    <div class="strip" role="status">
      <Icon name="tick" />
      {[...(now.words.length > 0 ? [said(now.words)] : []), own.done].join(' · ')}
    </div>
  )
}

/** In a thread of the round. What is sent, put away or answered by a colleague leads on; a draft stays where it is. */
export function RoundBar({ conversation }: { conversation: OwnConversation }) {
  const shared = useShared()
  const { round, me, count, go } = shared
  const own = useOwnWords(roundWords)
  const said = useSaid()
  const scene = useScene()
  const now = round.value
  const isHere = now?.current === conversation.id

  useEffect(() => {
    if (!isHere) return
    const { sends, thread, mode, text } = scene
    const before = { sends: sends.peek(), unsent: new Set(thread.unsent.peek().map((one) => one.clientMessageId)) }
    const arrived = conversation
    let isAnswered = false
    let isHeld = false
    let isOver = false
    return effect(() => {
      const one = scene.conversation.value ?? arrived
      const at = mode.value.at
      const draft = text.value
      const unsent = thread.unsent.value
      if (sends.value !== before.sends) {
        before.sends = sends.value
        // A note answers nobody.
        isAnswered ||= at !== 'note'
      }
      const tell = (words: RoundWord[]) => {
        const running = round.peek()
        if (running) round.value = { ...running, words }
      }
      const leave = (words: RoundWord[]) => {
        isOver = true
        queueMicrotask(() => void goOn(shared, { conversation: arrived, words }))
      }
      if (isOver) return
      if (isAnswered) {
        // Not before it is taken: a colleague's answer may hold it. Discarded then, nothing was sent.
        const mine = unsent.filter((message) => !before.unsent.has(message.clientMessageId))
        if (mine.length === 0 && !isHeld) leave([{ kind: 'sent', name: one.contact.name, id: one.id }])
        isAnswered = mine.length > 0
        isHeld = mine.some(({ state }) => state === 'refused' || state === 'late')
        return
      }
      if (one.awaitingReplySince !== null && one.status === 'open') return
      const by = answeredBy(one, me)
      const words: RoundWord[] = by ? [{ kind: 'first', by, name: one.contact.name }] : []
      if (draft === '' && at === 'text') leave(words)
      else if (by) queueMicrotask(() => tell(words))
    })
  }, [isHere])

  if (!now) return null
  const sent = now.words.find((word) => word.kind === 'sent')
  return (
    <div class="strip round" role="status">
      <Icon name={path} />
      <span class="grow cut">{now.words.length > 0 ? said(now.words) : now.left === 0 ? own.last : count(own.left, now.left)}</span>
      {isHere && sent?.kind === 'sent' && (
        <button type="button" class="link" onClick={() => go({ at: 'thread', conversationId: sent.id, target: {} })}>
          {own.see}
        </button>
      )}
      <button
        type="button"
        class="link"
        aria-keyshortcuts="r"
        onClick={() => void goOn(shared, isHere ? { conversation, words: [] } : undefined)}
      >
        {isHere ? own.skip : own.goOn}
      </button>
      <button
        type="button"
        class="link"
        onClick={() => {
          round.value = null
          scene.focus.value++
        }}
      >
        {own.stop}
      </button>
    </div>
  )
}
