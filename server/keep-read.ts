// What is kept in memory of what people set up: read at the start, and again and again where another process may change it.
import { repeatAfter } from './clock.ts'
import type { Parts } from './parts.ts'

export interface Keeper {
  /** Resolves when it was read once. */
  start(): Promise<void>
  close(): void
}

const EVERY_MS = 500

/** @param failed what the log says, where a later reading fails; what was read before holds. */
export function createKeeper(
  { store, clock, log }: Pick<Parts, 'store' | 'clock' | 'log'>,
  read: () => Promise<void>,
  failed: string,
): Keeper {
  let stop = () => {}
  return {
    async start() {
      await read()
      // A store that no two processes can share changes here alone.
      if ((await store.processes()) === null) return
      stop = repeatAfter(clock, EVERY_MS, read, (error) => log.debug({ err: error }, failed))
    },
    close: () => stop(),
  }
}
