// When a message shall go: three usual times, a day and an hour in the organization's zone, or now with the conversation closed.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { formatTime, formatWhenLong } from '../../locales/format.ts'
import { closedAt } from '../closed-at.ts'
import { onDemand } from '../on-demand.tsx'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { useScene, type When } from '../thread-scene.ts'
import { OwnTime } from './own-time.tsx'
import { todayAt, tomorrowAt } from './zoned-time.ts'

const PlanForm = onDemand(async () => (await import('../forms/forms.ts')).forms.PlanForm)

const DAY_MS = 86_400_000
const SOON_MS = 60 * 60_000

interface ScheduleProps {
  conversation: OwnConversation
  /** A template goes at any time. */
  isTemplate?: boolean
  onPick(when: When): void
  onClose(): void
  /** Of a text that is written now. */
  onSend?(closes: true): void
}

export function ScheduleMenu({ conversation, isTemplate = false, onPick, onClose, onSend }: ScheduleProps) {
  const { plan } = useScene()
  const { words, zone, now } = useShared()
  const own = useMenuWords()
  const box = useRef<HTMLDivElement>(null)
  const at = now.value
  const [hasPlanB, setHasPlanB] = useState((plan.value?.planB.peek() ?? null) !== null)
  const [chosen, setChosen] = useState<Date | null>(null)
  useLayoutEffect(() => box.current?.querySelector('button')?.focus(), [])

  const usual: { label: string; at: Date; namesDay?: true }[] = [
    { label: own.thisAfternoon, at: todayAt(zone, at, 15), namesDay: true },
    { label: own.tomorrow, at: tomorrowAt(zone, at, 9), namesDay: true },
  ]
  const startsAt = conversation.coordination?.startsAt
  if (startsAt) usual.push({ label: own.dayBefore, at: new Date(Date.parse(startsAt) - DAY_MS) })
  const isText = !isTemplate && conversation.channel === 'whatsapp'
  /** Where the window is closed then, or the agent asks for it, the next step is to say what goes in its place. */
  const needsPlanB = (time: Date) => isText && (hasPlanB || closedAt(conversation, time.getTime()))
  const pick = (time: Date) => (needsPlanB(time) ? setChosen(time) : onPick({ sendAt: time.toISOString() }))

  return (
    <div
      class="menu when"
      ref={box}
      role="dialog"
      aria-label={words.schedule}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onClose()
      }}
    >
      {chosen ? <PlanForm conversation={conversation} at={chosen} onPick={onPick} onBack={() => setChosen(null)} /> : times()}
    </div>
  )

  function times() {
    return (
      <>
        {usual
          .filter((one) => one.at.getTime() > at + SOON_MS)
          .map((one) => (
            <button key={one.label} type="button" class="option" onClick={() => pick(one.at)}>
              {one.label}
              <span class="end">
                {one.namesDay ? formatTime(zone, one.at.toISOString()) : formatWhenLong(zone, words, one.at.toISOString(), at)}
                {needsPlanB(one.at) && ` · ${own.withPlanB}`}
              </span>
            </button>
          ))}
        <hr />
        <OwnTime
          hour="10:00"
          label={(time) => (time && needsPlanB(time) ? own.choosePlanB : words.schedule)}
          hint={(time) => (isText && closedAt(conversation, time.getTime()) ? own.willBeClosed : null)}
          onPick={pick}
        />
        {isText && (
          <button type="button" class="option" aria-pressed={hasPlanB} onClick={() => setHasPlanB(!hasPlanB)}>
            {own.planB}
            {hasPlanB && <span class="end">✓</span>}
          </button>
        )}
        {onSend && plan.value === null && (
          <>
            <hr />
            <button
              type="button"
              class="option"
              aria-keyshortcuts="Control+Enter"
              onClick={() => {
                onClose()
                onSend(true)
              }}
            >
              {own.sendAndClose}
              <span class="end">Ctrl Enter</span>
            </button>
          </>
        )}
      </>
    )
  }
}
