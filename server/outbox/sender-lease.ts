// The right to send by one sender, which one process at a time has: asked for again and again, by every process.
//
//   unknown ──granted──▶ held ──refused──▶ elsewhere
//      └──refused──▶ elsewhere ──granted──▶ held ──granted, new fence──▶ held
//
// A new fence says that somebody else may have sent in between.
import { DomainError } from '../../shared/problems.ts'
import { createLease } from '../lease.ts'
import type { Parts } from '../parts.ts'

export type LeaseState = { is: 'unknown' } | { is: 'held'; fence: number } | { is: 'elsewhere' }

export interface LeaseStep {
  state: LeaseState
  /** Claims of an older fence are nobody's any more: they come first. */
  takesOver: boolean
  /** Another process had it: what it has to send is not remembered here. */
  looksForLines: boolean
  /** Another process has it: what is ready here is left to that one. */
  leaves: boolean
}

/** The step that an answer of the store makes; null: another process has it. */
export function afterAsking(state: LeaseState, granted: { fence: number } | null): LeaseStep {
  if (granted === null) return { state: { is: 'elsewhere' }, takesOver: false, looksForLines: false, leaves: true }
  return {
    state: { is: 'held', fence: granted.fence },
    takesOver: state.is !== 'held' || state.fence !== granted.fence,
    looksForLines: state.is === 'elsewhere',
    leaves: false,
  }
}

export interface SenderLease {
  /** Of what is sent now; null: nothing may be sent. */
  fence(): number | null
  /** Begins to ask, once. */
  start(): void
  giveBack(): Promise<void>
}

interface LeaseCalls {
  /** A timer that ends with the dispatcher. */
  after: (ms: number, task: () => void) => void
  isClosing: () => boolean
  takeOver: (fence: number) => Promise<void>
  lookForLines: () => Promise<void>
  leave: () => void
  /** It is held, or held on. */
  go: () => void
}

/** With the pause between attempts: within ten seconds another process goes on where one was killed. */
export const LEASE_MS = 9_000
const RENEW_MS = 3_000
const ATTEMPT_MS = 500

export function createSenderLease(
  { store, log }: Pick<Parts, 'store' | 'log'>,
  { orgId, sender, holder }: { orgId: string; sender: string; holder: string },
  calls: LeaseCalls,
): SenderLease {
  let state: LeaseState = { is: 'unknown' }
  let started = false
  const lease = createLease(store, { orgId, name: sender, holder, ttlMs: LEASE_MS })

  async function ask(): Promise<void> {
    try {
      // Claims of a killed process of this address are given back, so that its claims are of an older fence.
      if (state.is === 'unknown') await store.releaseLease(orgId, sender, holder)
      if (calls.isClosing()) return
      const step = afterAsking(state, await lease.hold())
      // Done before the state says so: what fails here is done again with the next answer.
      if (step.takesOver && step.state.is === 'held') await calls.takeOver(step.state.fence)
      if (step.looksForLines) await calls.lookForLines()
      if (step.leaves) calls.leave()
      state = step.state
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'unavailable')) log.error({ err: error }, 'The lease of a sender failed')
    }
    if (calls.isClosing()) return
    calls.after(state.is === 'held' ? RENEW_MS : ATTEMPT_MS, () => void ask())
    if (state.is === 'held') calls.go()
  }

  return {
    fence: () => (state.is === 'held' ? state.fence : null),
    start() {
      if (started) return
      started = true
      void ask()
    },
    giveBack: lease.giveBack,
  }
}
