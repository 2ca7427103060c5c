// The time that a rule means by an offset from another: `-PT24H` is so many hours, `-P1D` the same time of day the day before.
import { Temporal } from 'temporal-polyfill'

/** An ISO 8601 duration, with a sign where it is before. */
export function isOffset(text: string): boolean {
  try {
    return text.length <= 32 && Temporal.Duration.from(text) !== null
  } catch {
    return false
  }
}

/**
 * Years, months, weeks and days by the calendar of the zone, then hours, minutes and seconds exactly. A month that is too short
 * gives its last day. A time that the clock skips is as much later; one that it shows twice is the first.
 *
 * @param base ms since the epoch.
 * @param offset as `isOffset` takes it; otherwise this throws a RangeError.
 */
export function shiftTime(base: number, offset: string, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(base).toZonedDateTimeISO(zone).add(Temporal.Duration.from(offset)).epochMilliseconds
}
