// Whether an agent wants silence now: between two times of day in the organization's zone, over midnight too.

export interface QuietTimes {
  from: string
  to: string
}

/** Time of day in that zone as `HH:MM`. */
function timeOfDay(now: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(now)
}

/** From `from` until just before `to`; two equal times are never quiet. */
export function isQuiet(quiet: QuietTimes | null, now: number, timezone: string): boolean {
  return quiet !== null && isDuring(quiet, timeOfDay(now, timezone))
}

/** `time` as `HH:MM`. */
export function isDuring({ from, to }: QuietTimes, time: string): boolean {
  return from <= to ? from <= time && time < to : time >= from || time < to
}
