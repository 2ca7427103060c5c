// Collects what tokens spent of their rate here, for other processes: a few times a second, since each request counts.
import type { Clock } from '../clock.ts'

const EVERY_MS = 250

/** Requests with a token, or refused tokens from an address: each has one rate, whichever process is asked. */
export interface Spent {
  limit: 'requests' | 'failures'
  key: string
  count: number
}

export function createCollectSpent(clock: Pick<Clock, 'after'>, tell: (spent: Spent[]) => void) {
  let waiting = new Map<string, Spent>()
  return ({ limit, key }: Omit<Spent, 'count'>): void => {
    if (waiting.size === 0)
      clock.after(EVERY_MS, () => {
        const spent = [...waiting.values()]
        waiting = new Map()
        tell(spent)
      })
    const name = `${limit} ${key}`
    waiting.set(name, { limit, key, count: (waiting.get(name)?.count ?? 0) + 1 })
  }
}
