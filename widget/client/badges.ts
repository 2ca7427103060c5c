// Unread, waiting and unfiled per record, for the host's own lists: one subscription for all ids of the page. Rows that come and go within a
// moment, as in a list that scrolls, are told to the server once.
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Link } from './link.ts'

/** The contract's most. */
const MAX_IDS = 1000
const BATCH_MS = 50
/** Rows that went cost nothing but packets. */
const FORGET_MS = 2000

type Numbers = Readonly<Record<string, number>>
type Times = Readonly<Record<string, string>>

/** Unfiled messages of the record's client: how many messages, and since when. */
export interface Unfiled {
  count: number
  since: string | null
}

interface Badge {
  unread: number
  awaitingSince: string | null
  unfiled: Unfiled
}

const nothingUnfiled: Unfiled = { count: 0, since: null }
const nothing: Badge = { unread: 0, awaitingSince: null, unfiled: nothingUnfiled }

export interface Badges {
  /** Subscribed to from now until nobody looks at it any more. */
  of(coordinationId: string): ReadonlySignal<number>
  /** Since when a client waits for an answer. */
  awaiting(coordinationId: string): ReadonlySignal<string | null>
  unfiled(coordinationId: string): ReadonlySignal<Unfiled>
  /** The rest says of the same records where there is more to say; a server that knows nothing of it leaves it out. */
  apply(numbers: Numbers, waiting?: Times, unfiled?: Numbers, unfiledSince?: Times): void
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
    if (answer.ok) apply(answer.badges, answer.waiting, answer.unfiled, answer.unfiledSince)
    else if (told === wanted) told = '\n'
  }

  function apply(numbers: Numbers, waiting: Times = {}, unfiled: Numbers = {}, unfiledSince: Times = {}): void {
    for (const [id, unread] of Object.entries(numbers)) {
      const count = unfiled[id] ?? 0
      const next = {
        unread,
        awaitingSince: waiting[id] ?? null,
        unfiled: count === 0 ? nothingUnfiled : { count, since: unfiledSince[id] ?? null },
      }
      const one = known.get(id)
      if (one && JSON.stringify(one.peek()) !== JSON.stringify(next)) one.value = next
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
    const found = known.get(coordinationId) ?? signal(nothing, { watched: watch, unwatched })
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
    unfiled(coordinationId) {
      const one = badge(coordinationId)
      return computed(() => one.value.unfiled)
    },
    close: () => clearTimeout(planned?.timer),
  }
}
