// The numbers beside the inbox's filters: asked while somebody looks at them, and again when conversations changed.
import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { InboxCounts } from '../../shared/model.ts'
import type { Link } from './link.ts'
import type { Records } from './records.ts'

/** After a change of one's own the number follows soon; where much changes, it is asked for seldom. */
const SOON_MS = 250
const EVERY_MS = 2000

export interface CountedInbox {
  counts: ReadonlySignal<InboxCounts | null>
  /** Asks again, as after a gap. */
  renew(): void
  close(): void
}

export function createInboxCounts(link: Pick<Link, 'call' | 'usable'>, records: Pick<Records, 'watch'>): CountedInbox {
  let watched = false
  let askedAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const counts = signal<InboxCounts | null>(null, {
    watched() {
      watched = true
      plan(0)
    },
    unwatched() {
      watched = false
    },
  })

  function plan(ms: number): void {
    if (watched) timer ??= setTimeout(() => void ask(), Math.max(ms, askedAt + EVERY_MS - Date.now()))
  }

  async function ask(): Promise<void> {
    askedAt = Date.now()
    // Changes while it is asked are asked for again.
    timer = undefined
    if (!watched || !link.usable()) return
    const answer = await link.call('conversations:count', {})
    if (!answer.ok) return
    const { ok: _ok, ...numbers } = answer
    counts.value = numbers
  }

  const unwatch = records.watch(() => plan(SOON_MS))
  return {
    counts,
    renew: () => plan(0),
    close() {
      unwatch()
      clearTimeout(timer)
    },
  }
}
