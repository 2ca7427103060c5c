// A day and an hour of one's own, in the organization's time zone or another one.
import { useState } from 'preact/hooks'
import { formatTime, type Zone } from '../../locales/format.ts'
import { useShared } from '../shared-state.ts'
import { useMenuWords } from './menu-words.ts'
import { dayThere, fromFields } from './zoned-time.ts'

const DAY_MS = 86_400_000

interface OwnTimeProps {
  /** Of the button, by the time that is chosen. */
  label(at: Date | null): string
  /** Something to know about that time. */
  hint?(at: Date): string | null
  /** At first, tomorrow. */
  hour: string
  /** Instead: at first this time. */
  first?: number
  zone?: Zone
  onPick(at: Date): void
}

export function OwnTime({ label, hint, hour, first, zone: given, onPick }: OwnTimeProps) {
  const { zone: house, now } = useShared()
  const zone = given ?? house
  const own = useMenuWords()
  const at = now.value
  const [day, setDay] = useState(() => dayThere(zone, first ?? at + DAY_MS))
  const [time, setTime] = useState(first === undefined ? hour : formatTime(zone, new Date(first).toISOString()))
  const chosen = fromFields(zone, day, time)
  const isPast = chosen !== null && chosen.getTime() <= at
  const said = chosen === null ? null : isPast ? own.timeIsPast : (hint?.(chosen) ?? null)
  // A form around it is not what Enter in a field sends.
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (chosen && !isPast) onPick(chosen)
  }
  return (
    <>
      <div class="own">
        <input
          class="field"
          type="date"
          aria-label={own.day}
          value={day}
          min={dayThere(zone, at)}
          onInput={(event) => setDay(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <input
          class="field"
          type="time"
          aria-label={own.hour}
          value={time}
          onInput={(event) => setTime(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" class="btn small" disabled={chosen === null || isPast} onClick={() => chosen && onPick(chosen)}>
          {label(chosen)}
        </button>
      </div>
      {said && <div class="hint caution">{said}</div>}
    </>
  )
}
