// Unread and waiting per record, for the host's own lists: one subscription for all ids of the page. Rows that come and go within a
// moment, as in a list that scrolls, are told to the server once.
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Link } from './link.ts'

/** The contract's most. */
const MAX_IDS = 1000
const BATCH_MS = 50
/** Rows that went cost nothing but packets. */
const FORGET_MS = 2000

type Waiting = Readonly<Record<string, string>>

interface Badge {
  unread: number
  awaitingSince: string | null
}

export interface Badges {
  /** Subscribed to from now until nobody looks at it any more. */
  of(coordinationId: string): ReadonlySignal<number>
  /** Since when a client waits for an answer. */
  awaiting(coordinationId: string): ReadonlySignal<string | null>
  /** `waiting` says of the same records in which of them a client waits; a server that knows nothing of it leaves it out. */
  apply(numbers: Readonly<Record<string, number>>, waiting?: Waiting): void
  /** Asks for all of them again, as after a gap. */
  renew(): void
  close(): void
}

export function createBadges(link: Pick<Link, 'call' | 'usable'>): Badges {
  const known = new Map<string, Signal<Badge>>()
  const watched = new Set<string>()
  let told = ''
  let planned: { at: number; timer: ReturnType<typeof setTimeout> } | null = null

  async function subscribe(): Promise<void> {
    planned = null
    const ids = [...watched].slice(-MAX_IDS)
    const wanted = ids.join('\n')
    if (wanted === told || !link.usable()) return
    told = wanted
    const answer = await link.call('subscribe:coordinations', { ids })
    if (answer.ok) apply(answer.badges, answer.waiting)
    else if (told === wanted) told = '\n'
  }

  function apply(numbers: Readonly<Record<string, number>>, waiting: Waiting = {}): void {
    for (const [id, unread] of Object.entries(numbers)) {
      const one = known.get(id)
      const awaitingSince = waiting[id] ?? null
      if (one && (one.peek().unread !== unread || one.peek().awaitingSince !== awaitingSince)) one.value = { unread, awaitingSince }
    }
  }

  function plan(ms: number): void {
    const at = Date.now() + ms
    if (planned && planned.at <= at) return
    clearTimeout(planned?.timer)
    planned = { at, timer: setTimeout(() => void subscribe(), ms) }
  }

  function badge(coordinationId: string): Signal<Badge> {
    const watch = () => {
      watched.add(coordinationId)
      plan(BATCH_MS)
    }
    const unwatched = () => {
      watched.delete(coordinationId)
      plan(FORGET_MS)
    }
    const found = known.get(coordinationId) ?? signal({ unread: 0, awaitingSince: null }, { watched: watch, unwatched })
    known.set(coordinationId, found)
    watch()
    return found
  }

  return {
    apply,
    renew() {
      if (watched.size === 0) return
      told = '\n'
      plan(0)
    },
    of(coordinationId) {
      const one = badge(coordinationId)
      return computed(() => one.value.unread)
    },
    awaiting(coordinationId) {
      const one = badge(coordinationId)
      return computed(() => one.value.awaitingSince)
    },
    close: () => clearTimeout(planned?.timer),
  }
}
