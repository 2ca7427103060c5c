// Where one writes otherwise: the messages that are chosen, and where they go. More of them are chosen in the transcript, by a press
// or with Space on the one that has the focus.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Answer } from '../../../shared/events.ts'
import type { Message, OwnConversation } from '../../../shared/model.ts'
import { isOpen } from '../../../shared/status.ts'
import { moveMessages } from './file-conversation.ts'
import { Icon } from '../icon.tsx'
import { onDemand } from '../on-demand.tsx'
import { PopupButton } from '../popup.tsx'
import { problemText } from '../problem-text.ts'
import { recordTitle } from '../record-title.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import { useFilingWords } from './filing-words.ts'
import { useOwnRecords } from './own-records.ts'

const FileBox = onDemand(async () => (await import('../menus/menus.ts')).menus.FileBox)

const isMovable = ({ seq, type, status, twilioSid }: Message) => seq !== null && type !== 'moved' && !isOpen(status, twilioSid)

export function MoveBar({ conversation, first }: { conversation: OwnConversation; first: Message }) {
  const shared = useShared()
  const { words, zone, now, count, announce } = shared
  const { thread, mode, focus } = useScene()
  const texts = useFilingWords()
  const records = useOwnRecords(conversation)
  const bar = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(() => new Set([first.seq ?? 0]))
  const [problem, setProblem] = useState('')
  const picked = thread.messages.value.filter((one) => isMovable(one) && chosen.has(one.seq ?? 0))

  function toggle(seq: number): void {
    if (!thread.messages.peek().some((one) => one.seq === seq && isMovable(one))) return
    const next = new Set(chosen)
    if (!next.delete(seq)) next.add(seq)
    setChosen(next)
    announce(count(texts.chosen, next.size))
  }

  // The transcript does not know of it: it is marked from here.
  useLayoutEffect(() => {
    const log = bar.current?.closest('.view')?.querySelector<HTMLElement>('[role="log"]')
    if (!log) return
    const seqOf = (event: Event) => Number((event.target as HTMLElement).closest<HTMLElement>('.m, .notecard')?.dataset.seq ?? 0)
    const press = (event: MouseEvent) => {
      if (seqOf(event) === 0 || (event.target as HTMLElement).closest('a, button')) return
      toggle(seqOf(event))
    }
    const type = (event: KeyboardEvent) => {
      if (event.key !== ' ' || seqOf(event) === 0 || (event.target as HTMLElement).closest('a, button')) return
      event.preventDefault()
      toggle(seqOf(event))
    }
    log.addEventListener('click', press)
    log.addEventListener('keydown', type)
    for (const one of log.querySelectorAll<HTMLElement>('[data-seq]'))
      one.toggleAttribute('data-chosen', chosen.has(Number(one.dataset.seq)))
    return () => {
      log.removeEventListener('click', press)
      log.removeEventListener('keydown', type)
      for (const one of log.querySelectorAll('[data-chosen]')) one.removeAttribute('data-chosen')
    }
  })

  useLayoutEffect(
    () => (bar.current?.querySelector<HTMLElement>('.chips button') ?? bar.current?.querySelector('button'))?.focus(),
    [records === null],
  )

  function end(): void {
    mode.value = { at: 'text' }
    focus.value++
  }

  async function move(coordinationId: string | null): Promise<Answer<object>> {
    const answer = await moveMessages(shared, { ids: picked.map((one) => one.id) }, coordinationId)
    if (answer.ok) end()
    else setProblem(problemText(words, answer.error))
    return answer
  }

  return (
    <div class="composer ruled movebar" ref={bar}>
      <p class="line">
        <b>{count(texts.chosen, picked.length)}</b> <span class="muted cut">{texts.chooseMore}</span>
        <span class="grow" />
        <button type="button" class="ib" aria-label={texts.cancel} title={texts.cancel} onClick={end}>
          <Icon name="close" class="s16" />
        </button>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons, not fields */}
      <div class="chips" role="group" aria-label={texts.moveTo}>
        <span class="muted">{texts.moveTo}</span>
        {records?.map((one) => (
          <button
            key={one.id}
            type="button"
            class="btn small cut"
            dir="auto"
            disabled={picked.length === 0}
            onClick={() => void move(one.id)}
          >
            {recordTitle(zone, one, now.value)}
          </button>
        ))}
        {picked.length > 0 && (
          <PopupButton label={texts.other} class="link" popup={FileBox} with={{ conversation, onFile: move }}>
            {texts.other}
          </PopupButton>
        )}
      </div>
      {problem && (
        <p class="danger" role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
