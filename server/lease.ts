// The right of this process to do a thing that one process at a time does: taken, held on, and given back.
import type { Clock } from './clock.ts'
import type { Store } from './store/store.ts'

export interface Lease {
  /** Takes it, or holds it on; null: another process has it. */
  hold(): Promise<{ fence: number } | null>
  /** Lets another process have it at once, also where it is granted only now: it would be kept until its end. */
  giveBack(): Promise<void>
}

type LeaseStore = Pick<Store, 'takeLease' | 'releaseLease'>

export interface LeaseTerms {
  orgId: string
  name: string
  /** This process, as leases name it. */
  holder: string
  ttlMs: number
}

export function createLease(store: LeaseStore, { orgId, name, holder, ttlMs }: LeaseTerms): Lease {
  let asked: Promise<unknown> = Promise.resolve()
  let held = false

  async function take(): Promise<{ fence: number } | null> {
    const granted = await store.takeLease(orgId, name, holder, ttlMs)
    held = granted !== null
    return granted
  }

  return {
    hold() {
      const answer = take()
      asked = answer.catch(() => undefined)
      return answer
    },
    async giveBack() {
      await asked
      if (!held) return
      held = false
      await store.releaseLease(orgId, name, holder)
    },
  }
}

/** The same right of each organization, for what several of its kind ask about often. */
export interface Leases {
  /** Whether this process has it; asked of the store every three seconds, for nine. */
  holds(orgId: string): Promise<boolean>
  /** Those that it was asked about and that were not given back. */
  asked(): string[]
  giveBack(orgId: string): Promise<void>
  /** When the process stops. Where the store does not answer, they end by themselves. */
  giveBackAll(): Promise<void>
}

const LEASE_MS = 9_000
const RENEW_MS = 3_000

export function createLeases({ store, clock }: { store: LeaseStore; clock: Clock }, terms: Pick<LeaseTerms, 'name' | 'holder'>): Leases {
  const leases = new Map<string, { lease: Lease; heldUntil: number }>()

  async function giveBack(orgId: string): Promise<void> {
    const mine = leases.get(orgId)
    leases.delete(orgId)
    await mine?.lease.giveBack()
  }

  return {
    async holds(orgId) {
      const mine = leases.get(orgId) ?? { lease: createLease(store, { orgId, ...terms, ttlMs: LEASE_MS }), heldUntil: -1 }
      if (clock.elapsed() < mine.heldUntil) return true
      leases.set(orgId, mine)
      const granted = await mine.lease.hold()
      mine.heldUntil = granted === null ? -1 : clock.elapsed() + RENEW_MS
      return granted !== null
    },
    asked: () => [...leases.keys()],
    giveBack,
    async giveBackAll() {
      for (const orgId of [...leases.keys()]) await giveBack(orgId).catch(() => undefined)
    },
  }
}
