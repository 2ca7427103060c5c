// One message of a plan: when it goes, how it would read, why not; and what an agent can do about it.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { PlanItem } from '../../../shared/automations.ts'
import type { Answer } from '../../../shared/events.ts'
import type { Message } from '../../../shared/model.ts'
import { formatWhenLong, type Zone } from '../../locales/format.ts'
import { Icon } from '../icon.tsx'
import { onDemand } from '../on-demand.tsx'
import { useShared } from '../shared-state.ts'
import { templateTitle } from '../template-title.ts'
import { type PlanWords, usePlanWords } from './plan-words.ts'
import type { PlanChange } from './use-plan.ts'

const OwnTime = onDemand(async () => (await import('../menus/menus.ts')).menus.OwnTime)

interface RowProps {
  item: PlanItem
  zone: Zone
  /** Of the client. */
  name: string
  onChange(change: PlanChange): Promise<Answer<{ message: Message | null }>>
}

export function PlanRow({ item, zone, name, onChange }: RowProps) {
  const { words, now, say, announce } = useShared()
  const own = usePlanWords()
  const row = useRef<HTMLLIElement>(null)
  const [asks, setAsks] = useState<'send' | 'move' | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const when = (iso: string) => formatWhenLong(zone, words, iso, now.value)
  const can = canBeChanged(item, now.value)

  /** The button that was pressed may be gone: the focus stays with the row, where it did not go elsewhere meanwhile. */
  function rest(): void {
    const place = row.current
    const focused = place && (place.getRootNode() as ShadowRoot).activeElement
    if (focused === null || place?.contains(focused)) place?.focus()
    setAsks(null)
  }

  async function act(action: PlanChange['action'], at?: Date): Promise<void> {
    if (busy) return
    setBusy(true)
    const dueAt = at?.toISOString()
    const answer = await onChange({ key: item.key, action, ...(dueAt ? { dueAt } : {}) })
    setBusy(false)
    const wrong = problemOf(own, answer)
    setProblem(wrong)
    if (wrong === null) announce(say(own.done[action], { t: dueAt ? when(dueAt) : '' }))
    rest()
  }

  return (
    <li class={item.skipped === null ? 'plan-item' : 'plan-item is-off'} ref={row} tabIndex={-1} aria-busy={busy}>
      <p class="plan-when">
        <time dateTime={item.dueAt} translate={false}>
          {when(item.dueAt)}
        </time>
        {item.channel && <span class="tag">{words[item.channel]}</span>}
        <span class="muted cut">{`${own.purpose[item.purpose]} · ${templateTitle(item.automation)}`}</span>
      </p>
      <p class="plan-text" dir="auto">
        {item.text ?? <span class="muted">{own.noText}</span>}
      </p>
      {item.decided === 'move' && item.skipped === null && <Line icon="clock">{own.moved}</Line>}
      {item.skipped !== null && <Line icon="ban">{whyNot(own, item)}</Line>}
      {problem && (
        <p class="plan-line danger" role="alert">
          {problem}
        </p>
      )}
      {asks === 'send' ? (
        <Ask text={say(own.sendSure, { name })} onEnd={rest}>
          <button type="button" class="btn small primary" disabled={busy} ref={focus} onClick={() => void act('send')}>
            {words.send}
          </button>
        </Ask>
      ) : asks === 'move' ? (
        <Ask text={own.move} onEnd={rest}>
          <OwnTime zone={zone} first={Date.parse(item.dueAt)} hour="10:00" label={() => own.moveTo} onPick={(at) => void act('move', at)} />
        </Ask>
      ) : (
        <p class="plan-acts">
          {can.send && <Act onClick={() => setAsks('send')}>{own.send}</Act>}
          {can.move && (
            <Act onClick={() => setAsks('move')} onNear={OwnTime.preload}>
              {own.move}
            </Act>
          )}
          {can.skip && <Act onClick={() => void act('skip')}>{own.skip}</Act>}
          {can.restore && <Act onClick={() => void act('restore')}>{own.restore}</Act>}
        </p>
      )}
    </li>
  )
}

const focus = (button: HTMLElement | null) => button?.focus()

/** It went, or its record or rule says no: then there is nothing to decide. */
function canBeChanged({ skipped, decided, dueAt }: PlanItem, now: number) {
  const isOver = skipped === 'past' && Date.parse(dueAt) <= now
  const isOpen = !isOver && decided !== 'send' && skipped !== 'disabled' && (skipped !== 'canceled' || decided === 'skip')
  const isOn = isOpen && skipped !== 'canceled'
  return {
    send: isOn && (skipped === null || skipped === 'limit' || skipped === 'past'),
    move: isOn,
    skip: isOn && skipped !== 'past',
    restore: isOpen && decided !== null,
  }
}

function whyNot(own: PlanWords, { skipped, decided }: PlanItem): string {
  if (skipped === null) return ''
  if (skipped !== 'canceled' || decided === null || decided === 'move') return own.why[skipped]
  return decided === 'send' ? own.why.sent : own.why.skipped
}

/** Null: it was done. */
function problemOf(own: PlanWords, answer: Answer<{ message: Message | null }>): string | null {
  if (answer.ok) {
    const { message } = answer
    if (message?.status !== 'canceled') return null
    const reason = message.error?.reason ?? 'other'
    const known: Readonly<Record<string, string>> = own.refused
    return own.notSent.replace('{why}', known[reason] ?? own.refused.other)
  }
  if (answer.error.code === 'conflict') return own.gone
  return answer.error.code === 'validation_failed' ? own.timeWrong : own.failed
}

const Line = ({ icon, children }: { icon: 'clock' | 'ban'; children: ComponentChildren }) => (
  <p class="plan-line">
    <Icon name={icon} class="s14" />
    {children}
  </p>
)

const Act = ({ onClick, onNear, children }: { onClick(): void; onNear?(): void; children: ComponentChildren }) => (
  <button type="button" class="link" onClick={onClick} onPointerEnter={onNear} onFocus={onNear}>
    {children}
  </button>
)

/** Escape takes it back, and leaves the view open. */
function Ask({ text, onEnd, children }: { text: string; onEnd(): void; children: ComponentChildren }) {
  const { words } = useShared()
  const box = useRef<HTMLDivElement>(null)
  // The button that opened it is gone.
  useLayoutEffect(() => {
    const asked = box.current
    if (asked && !asked.contains((asked.getRootNode() as ShadowRoot).activeElement)) asked.focus()
  }, [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape for all that is asked here
    <div
      class="plan-ask"
      ref={box}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onEnd()
      }}
    >
      <p>{text}</p>
      {children}
      <button type="button" class="btn small quiet" onClick={onEnd}>
        {words.cancel}
      </button>
    </div>
  )
}
