// Unread per record, for the host's own lists: one subscription for all ids of the page.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Link } from '../connection/link.ts'

/** The contract's most. */
const MAX_IDS = 1000

export interface Badges {
  of(coordinationId: string): ReadonlySignal<number>
  apply(numbers: Readonly<Record<string, number>>): void
  /** Asks for all of them again, as after a gap. */
  renew(): void
}

export function createBadges(link: Pick<Link, 'call' | 'usable'>): Badges {
  const known = new Map<string, Signal<number>>()
  let planned = false

  async function subscribe(): Promise<void> {
    planned = false
    if (!link.usable() || known.size === 0) return
    const answer = await link.call('subscribe:coordinations', { ids: [...known.keys()].slice(-MAX_IDS) })
    if (answer.ok) apply(answer.badges)
  }

  function apply(numbers: Readonly<Record<string, number>>): void {
    for (const [id, number] of Object.entries(numbers)) {
      const one = known.get(id)
      if (one) one.value = number
    }
  }

  function renew(): void {
    if (planned) return
    planned = true
    queueMicrotask(() => void subscribe())
  }

  return {
    apply,
    renew,
    of(coordinationId) {
      let found = known.get(coordinationId)
      if (!found) {
        found = signal(0)
        known.set(coordinationId, found)
        renew()
      }
      return found
    },
  }
}
