// How far the servers' wall clock was off, and when: what they dated can only be judged by the clock that they had.
export interface ClockHistory {
  /** It was set so far off. */
  set(offsetMs: number, at: number): void
  /** The least and the most that it was off at any moment between these; a change takes a while to arrive. */
  between(from: number, to: number): { least: number; most: number }
}

/** Told over a channel between processes, to a server that may just be starting. */
const ARRIVES_MS = 5_000

export function createClockHistory(): ClockHistory {
  const changes = [{ at: Number.NEGATIVE_INFINITY, offsetMs: 0 }]
  return {
    set(offsetMs, at) {
      changes.push({ at, offsetMs })
    },
    between(from, to) {
      const then = changes.filter(({ at }, index) => at <= to && (changes[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= from - ARRIVES_MS)
      const offsets = then.map(({ offsetMs }) => offsetMs)
      return { least: Math.min(...offsets), most: Math.max(...offsets) }
    },
  }
}
