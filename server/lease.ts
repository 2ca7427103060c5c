// The right of this process to do a thing that one process at a time does: taken, held on, and given back.
import type { Store } from './store/store.ts'

export interface Lease {
  /** Takes it, or holds it on; null: another process has it. */
  hold(): Promise<{ fence: number } | null>
  /** Lets another process have it at once, also where it is granted only now: it would be kept until its end. */
  giveBack(): Promise<void>
}

export interface LeaseTerms {
  orgId: string
  name: string
  /** This process, as leases name it. */
  holder: string
  ttlMs: number
}

export function createLease(store: Pick<Store, 'takeLease' | 'releaseLease'>, { orgId, name, holder, ttlMs }: LeaseTerms): Lease {
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
