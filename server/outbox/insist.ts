// Asks the provider's list again where it did not answer: a look of many pages would otherwise rarely come to its end.
import { ListUnreadable } from './gateway.ts'

const TRIES = 3
const PAUSE_MS = 1_000
const LONGEST_MS = 30_000

/** @throws what the last try threw. */
export async function insist<T>(ask: () => Promise<T>, pause: (ms: number) => Promise<void>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (tries === TRIES) throw error
      const asked = error instanceof ListUnreadable ? error.retryAfterMs : null
      await pause(Math.min(asked ?? PAUSE_MS * tries, LONGEST_MS))
    }
  }
}
