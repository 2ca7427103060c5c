// The changes that this process told its sockets lately, by id and `rev`: one that it hears of again, from another process or from the
// feed, it does not tell again. Forgetting does no harm, clients know by `rev`.
import type { Clock } from '../clock.ts'
import type { IsNews } from '../store/records.ts'

/** Longer than the feed looks back. */
const KEEP_MS = 8_000

export interface Known {
  isNews: IsNews
  note(key: string, rev: number): void
}

export function createKnown(clock: Pick<Clock, 'elapsed'>): Known {
  let young = new Map<string, number>()
  let old = new Map<string, number>()
  let since = clock.elapsed()
  return {
    isNews: (key, rev) => (young.get(key) ?? old.get(key) ?? -1) < rev,
    note(key, rev) {
      const now = clock.elapsed()
      if (now - since >= KEEP_MS) {
        old = young
        young = new Map()
        since = now
      }
      if (rev > (young.get(key) ?? old.get(key) ?? -1)) young.set(key, rev)
      else if (!young.has(key)) young.set(key, old.get(key) ?? rev)
    },
  }
}
