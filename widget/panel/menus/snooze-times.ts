// Usual times for a conversation to come back. Those that are past or say the same as another are left out.
import type { Zone } from '../../locales/format.ts'
import { nextWeekday, todayAt, tomorrowAt } from './zoned-time.ts'

const HOUR_MS = 60 * 60_000
const MONDAY = 1

export type SnoozeName = 'inAnHour' | 'thisAfternoon' | 'tomorrow' | 'monday' | 'ifSilent'

export function snoozeTimes(zone: Zone, now: number): { name: SnoozeName; at: Date }[] {
  const afternoon = todayAt(zone, now, 15)
  const tomorrow = tomorrowAt(zone, now, 9)
  const monday = nextWeekday(zone, now, MONDAY, 9)
  return [
    { name: 'inAnHour', at: new Date(now + HOUR_MS) },
    ...(afternoon.getTime() > now + HOUR_MS ? [{ name: 'thisAfternoon' as const, at: afternoon }] : []),
    { name: 'tomorrow', at: tomorrow },
    ...(monday.getTime() === tomorrow.getTime() ? [] : [{ name: 'monday' as const, at: monday }]),
    // Whoever writes before brings it back at once, as of any snooze.
    { name: 'ifSilent', at: new Date(now + 48 * HOUR_MS) },
  ]
}
