// Waits for what is about to be true, instead of for a time.
import { setTimeout as wait } from 'node:timers/promises'

/** Resolves with the first answer that is neither null, undefined nor false; throws after `timeoutMs`. */
export async function until<T>(
  look: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 10, what = 'the condition' }: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found as NonNullable<Exclude<T, false>>
    if (Date.now() > end) throw new Error(`${what} did not come true within ${timeoutMs} ms.`)
    await wait(everyMs)
  }
}
