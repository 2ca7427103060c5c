// What asks Twilio about templates does it one after another, and never in two processes at once.
import { DomainError } from '../../shared/problems.ts'
import { createLease } from '../lease.ts'
import type { Parts } from '../parts.ts'

export interface TemplateTurn {
  /** `goOn` is awaited before each request to Twilio; it throws where the turn was lost, or the process stops. */
  take<T>(task: (goOn: () => Promise<void>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Longer than Twilio may take for one answer. */
const LEASE_MS = 30_000
const WAIT_MS = 20_000
const LOOK_MS = 500

export class TurnOver extends DomainError {
  constructor(detail: string) {
    super('unavailable', detail, { retryAfter: 5 })
  }
}

export function createTemplateTurn({ store, clock }: Pick<Parts, 'store' | 'clock'>, orgId: string, holder: string): TemplateTurn {
  const lease = createLease(store, { orgId, name: 'templates', holder, ttlMs: LEASE_MS })
  let last: Promise<unknown> = Promise.resolve()
  let closed = false
  let wake = () => {}

  async function goOn(): Promise<void> {
    const held = closed ? null : await lease.hold()
    if (closed) throw new TurnOver('The server stops.')
    if (held === null) throw new TurnOver('Another process asks Twilio about templates now. Try again in a moment.')
  }

  async function begin(): Promise<void> {
    for (const until = clock.elapsed() + WAIT_MS; ; ) {
      try {
        return await goOn()
      } catch (error) {
        if (closed || !(error instanceof TurnOver) || clock.elapsed() >= until) throw error
      }
      await new Promise<void>((resolve) => {
        const cancel = clock.after(LOOK_MS, resolve)
        wake = () => {
          cancel()
          resolve()
        }
      })
    }
  }

  return {
    take(task) {
      const turn = last.then(async () => {
        await begin()
        try {
          return await task(goOn)
        } finally {
          await lease.giveBack().catch(() => undefined)
        }
      })
      last = turn.catch(() => undefined)
      return turn
    },
    async close() {
      closed = true
      wake()
      // Not for the task: Twilio may let it wait. Its next step ends it.
      await lease.giveBack().catch(() => undefined)
    },
  }
}
