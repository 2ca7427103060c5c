// How far Twilio's clock is ahead of ours, by the Date of its answers: its lists are dated by its clock, and a machine's
// may be minutes off, or be set right in the middle of a send.
import type { Clock } from '../clock.ts'

export interface ClockGauge {
  /** The headers of an answer that just came. */
  read(headers: unknown): void
  /** 0 where they agree as well as a date in seconds can tell. */
  aheadMs(): number
}

/** A date has whole seconds, and an answer takes its time. */
const AGREED_MS = 5_000

export function createClockGauge(clock: Pick<Clock, 'now'>): ClockGauge {
  let aheadMs = 0
  return {
    read(headers) {
      if (typeof headers !== 'object' || headers === null || !('date' in headers)) return
      const ms = Date.parse(String(headers.date)) - clock.now()
      if (Number.isFinite(ms)) aheadMs = Math.abs(ms) < AGREED_MS ? 0 : ms
    },
    aheadMs: () => aheadMs,
  }
}
