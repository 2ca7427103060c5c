// Removes files that no message names: uploads that were never sent, and what was kept for a message that never was.
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { MediaFiles } from './media-files.ts'

/** Longer than any send or fetch is on its way: it renews its files, and names them in a message afterwards. */
const DAY_MS = 24 * 60 * 60_000

export interface Collected {
  removed: number
  /** Where to go on; null: at the end. */
  next: string | null
}

export interface CollectParts {
  files: Pick<MediaFiles, 'old' | 'removeOld'>
  store: Pick<Store, 'namedFiles'>
  clock: Pick<Clock, 'now'>
}

/**
 * Some of them, from there on; an empty `from` begins. What is renewed while this looks stays. Done twice at once, or broken off,
 * it does no harm.
 */
export async function collectFiles({ files, store, clock }: CollectParts, from: string): Promise<Collected> {
  const before = clock.now() - DAY_MS
  const { names, next } = await files.old(before, from)
  // After their age: whoever names one later renewed it first.
  const named = names.length === 0 ? new Set<string>() : await store.namedFiles(names)
  let removed = 0
  for (const name of names) if (!named.has(name) && (await files.removeOld(name, before))) removed++
  return { removed, next }
}
