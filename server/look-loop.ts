// A loop that looks for what is due: when it is woken, when its time has come, and again after a failure.
import type { Parts } from './parts.ts'

export interface LookLoop {
  /** Looks now, or once more where a look is under way. Returns at once. */
  wake(): void
  closed(): boolean
  /** Begins no look any more, and waits for the one under way. */
  close(): Promise<void>
}

export interface LookCalls {
  /** Answers in how many ms to look again. Where it rejects, it is called again in a second. */
  look(): Promise<number>
  /** Said once in the log when looking begins to fail, and when it works again. */
  says: { failed: string; again: string }
}

const RETRY_MS = 1_000

export function createLookLoop({ clock, log }: Pick<Parts, 'clock' | 'log'>, { look, says }: LookCalls): LookLoop {
  let looking: Promise<void> | null = null
  let again = false
  let isClosed = false
  let failed = false
  let cancel: (() => void) | null = null

  function wake(): void {
    if (isClosed) return
    again = true
    looking ??= lookOn()
  }

  async function lookOn(): Promise<void> {
    while (again && !isClosed) {
      again = false
      const nextMs = await lookOnce()
      cancel?.()
      cancel = isClosed ? null : clock.after(nextMs, wake)
    }
    // In the same step as the last question: a wake in between would be forgotten.
    looking = null
  }

  async function lookOnce(): Promise<number> {
    try {
      const nextMs = await look()
      if (failed) log.info(says.again)
      failed = false
      return nextMs
    } catch (error) {
      if (!failed) log.warn({ err: error }, says.failed)
      failed = true
      return RETRY_MS
    }
  }

  return {
    wake,
    closed: () => isClosed,
    async close() {
      isClosed = true
      cancel?.()
      await looking
    },
  }
}
