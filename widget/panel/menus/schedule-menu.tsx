// When a message shall go: three usual times, a day and an hour in the organization's zone, or now with the conversation closed.
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { formatTime, formatWhenLong } from '../../locales/format.ts'
import { closedAt } from '../closed-at.ts'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { useScene } from '../thread-scene.ts'
import { OwnTime } from './own-time.tsx'
import { todayAt, tomorrowAt } from './zoned-time.ts'

const DAY_MS = 86_400_000
const SOON_MS = 60 * 60_000

interface ScheduleProps {
  conversation: OwnConversation
  /** A template goes at any time. */
  isTemplate?: boolean
  /** `isClosed`: free text cannot go then. */
  onPick(at: Date, isClosed: boolean): void
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
  useLayoutEffect(() => box.current?.querySelector('button')?.focus(), [])

  const usual: { label: string; at: Date; namesDay?: true }[] = [
    { label: own.thisAfternoon, at: todayAt(zone, at, 15), namesDay: true },
    { label: own.tomorrow, at: tomorrowAt(zone, at, 9), namesDay: true },
  ]
  const startsAt = conversation.coordination?.startsAt
  if (startsAt) usual.push({ label: own.dayBefore, at: new Date(Date.parse(startsAt) - DAY_MS) })
  const isClosed = (time: Date) => !isTemplate && closedAt(conversation, time.getTime())
  const pick = (time: Date) => onPick(time, isClosed(time))

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
      {usual
        .filter((one) => one.at.getTime() > at + SOON_MS)
        .map((one) => (
          <button key={one.label} type="button" class="option" onClick={() => pick(one.at)}>
            {one.label}
            <span class="end">
              {one.namesDay ? formatTime(zone, one.at.toISOString()) : formatWhenLong(zone, words, one.at.toISOString(), at)}
              {isClosed(one.at) && ` · ${own.withTemplate}`}
            </span>
          </button>
        ))}
      <hr />
      <OwnTime
        hour="10:00"
        label={(chosen) => (chosen && isClosed(chosen) ? own.chooseTemplate : words.schedule)}
        hint={(chosen) => (isClosed(chosen) ? own.willBeClosed : null)}
        onPick={pick}
      />
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
    </div>
  )
}
