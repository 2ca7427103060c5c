// How much somebody may do, by key. Pure: time is passed in, and a key that has its whole allowance again is forgotten.

export interface Allowance {
  /** 0: go on, and it counts; else ms until the next one is possible. What is refused does not count. */
  take(key: string, now: number): number
  /** So many were taken elsewhere, whatever was left here. */
  spend(key: string, count: number, now: number): void
  /** How many keys it remembers. */
  readonly size: number
}

/**
 * A bucket of `burst` tokens for each key, refilled without steps: `perSecond` in the long run, at no time more than
 * `burst` beyond it. Kept as the moment at which the bucket is full again (GCRA).
 */
export function createTokenBuckets({ perSecond, burst }: { perSecond: number; burst: number }): Allowance {
  const tokenMs = 1000 / perSecond
  const wholeMs = burst * tokenMs
  const fullAt = new Map<string, number>()
  /** Never emptier than empty, whatever was spent, or should the clock have been put back. */
  const fullAgain = (key: string, now: number, spent = 0) =>
    Math.min(Math.max(fullAt.get(key) ?? now, now) + spent * tokenMs, now + wholeMs)
  return {
    take(key, now) {
      forget(fullAt, (at) => at <= now)
      const full = fullAgain(key, now)
      // A millionth: sums of parts of a millisecond are not exact.
      const waitMs = Math.max(0, Math.ceil(full + tokenMs - now - wholeMs - 1e-6))
      renew(fullAt, key, waitMs > 0 ? full : full + tokenMs)
      return waitMs
    },
    spend(key, count, now) {
      renew(fullAt, key, fullAgain(key, now, count))
    },
    get size() {
      return fullAt.size
    },
  }
}

/** At most `most` in any stretch of `spanMs`, by their times. */
export function createSlidingWindow({ most, spanMs }: { most: number; spanMs: number }): Allowance {
  const taken = new Map<string, number[]>()
  const isOver = (at: number, now: number) => at <= now - spanMs || at > now
  return {
    take(key, now) {
      forget(taken, (times) => isOver(times.at(-1) ?? 0, now))
      const times = (taken.get(key) ?? []).filter((at) => !isOver(at, now))
      const oldest = times[0]
      if (oldest !== undefined && times.length >= most) return oldest + spanMs - now
      renew(taken, key, [...times, now])
      return 0
    },
    spend(key, count, now) {
      const times = (taken.get(key) ?? []).filter((at) => !isOver(at, now))
      renew(taken, key, [...times, ...Array<number>(Math.min(count, most)).fill(now)].slice(-most))
    },
    get size() {
      return taken.size
    },
  }
}

/** As the last one, so that whoever was quiet for longest comes first. */
function renew<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key)
  kept.set(key, value)
}

function forget<T>(kept: Map<string, T>, isOver: (value: T) => boolean): void {
  for (const [key, value] of kept) {
    if (!isOver(value)) return
    kept.delete(key)
  }
}
