// Looks for files that nobody needs, a few at a time, day and night. One process does it at a time.
import { createLease } from '../lease.ts'
import { createLookLoop } from '../look-loop.ts'
import type { Parts } from '../parts.ts'
import type { Media } from './create-media.ts'

export interface CollectLoop {
  start(): void
  close(): Promise<void>
}

/** Between two looks: messages have the store and the disk to themselves. */
const PAUSE_MS = 10_000
/** After all files were looked at. */
const REST_MS = 6 * 60 * 60_000
/** Longer than a look takes. */
const LEASE_MS = 5 * 60_000

export interface CollectTerms {
  /** Whose turn it is, though files have no organization. */
  orgId: string
  /** This process, as leases name it. */
  holder: string
  /** Files are looked at in the order of their names; a process that is often started again begins now here, now there. */
  from: string
}

export function createCollectLoop(parts: Parts, media: Pick<Media, 'collect'>, { orgId, holder, from }: CollectTerms): CollectLoop {
  const { store, log } = parts
  const lease = createLease(store, { orgId, name: 'media-files', holder, ttlMs: LEASE_MS })
  let place = from
  const loop = createLookLoop(parts, {
    look,
    says: {
      failed: 'Files that no message names could not be looked for; trying again',
      again: 'Files that no message names are looked for again',
    },
  })

  /** In how many ms to look again. */
  async function look(): Promise<number> {
    // Another process does it.
    if ((await lease.hold()) === null) return REST_MS
    const { removed, next } = await media.collect(place)
    if (removed > 0) log.info({ removed }, 'Files that no message names were removed')
    place = next ?? ''
    if (next !== null) return PAUSE_MS
    await lease.giveBack()
    return REST_MS
  }

  return {
    start: loop.wake,
    async close() {
      await loop.close()
      await lease.giveBack().catch(() => undefined)
    },
  }
}
