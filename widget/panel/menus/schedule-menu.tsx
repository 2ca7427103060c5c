// When a message shall go: three usual times, or a day and an hour in the organization's zone.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../../shared/model.ts'
import { formatTime, formatWhenLong } from '../../locales/format.ts'
import { closedAt } from '../closed-at.ts'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { dayThere, fromFields, todayAt, tomorrowAt } from './zoned-time.ts'

const DAY_MS = 86_400_000
const SOON_MS = 60 * 60_000

interface ScheduleProps {
  conversation: OwnConversation
  /** A template goes at any time. */
  isTemplate?: boolean
  /** `isClosed`: free text cannot go then. */
  onPick(at: Date, isClosed: boolean): void
  onClose(): void
}

export function ScheduleMenu({ conversation, isTemplate = false, onPick, onClose }: ScheduleProps) {
  const { words, zone, now } = useShared()
  const own = useMenuWords()
  const box = useRef<HTMLDivElement>(null)
  const at = now.value
  const [day, setDay] = useState(() => dayThere(zone, at + DAY_MS))
  const [time, setTime] = useState('10:00')
  useLayoutEffect(() => box.current?.querySelector('button')?.focus(), [])

  const usual: { label: string; at: Date; namesDay?: true }[] = [
    { label: own.thisAfternoon, at: todayAt(zone, at, 15), namesDay: true },
    { label: own.tomorrow, at: tomorrowAt(zone, at, 9), namesDay: true },
  ]
  const startsAt = conversation.coordination?.startsAt
  if (startsAt) usual.push({ label: own.dayBefore, at: new Date(Date.parse(startsAt) - DAY_MS) })
  const chosen = fromFields(zone, day, time)
  const isPast = chosen !== null && chosen.getTime() <= at
  const isClosed = (time: Date) => !isTemplate && closedAt(conversation, time.getTime())
  const willBeClosed = chosen !== null && isClosed(chosen)
  const pick = (time: Date) => onPick(time, isClosed(time))

  return (
    <div
      class="menu when"
      ref={box}
      role="dialog"
      aria-label={words.schedule}
      onKeyDown={(event) => {
        // A form around it is not what Enter in a field sends.
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
          event.preventDefault()
          if (chosen && !isPast) pick(chosen)
        }
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
      <div class="own">
        <input
          class="field"
          type="date"
          aria-label={own.day}
          value={day}
          min={dayThere(zone, at)}
          onInput={(event) => setDay(event.currentTarget.value)}
        />
        <input class="field" type="time" aria-label={own.hour} value={time} onInput={(event) => setTime(event.currentTarget.value)} />
        <button type="button" class="btn small" disabled={chosen === null || isPast} onClick={() => chosen && pick(chosen)}>
          {willBeClosed ? own.chooseTemplate : words.schedule}
        </button>
      </div>
      {(isPast || willBeClosed) && <div class="hint caution">{isPast ? own.timeIsPast : own.willBeClosed}</div>}
    </div>
  )
}
