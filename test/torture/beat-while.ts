// Asks the server something small, all the time: as long as it answers, it lives and does not stall.
import { setTimeout as pause } from 'node:timers/promises'
import type { HeardLog } from './heard.ts'

const EVERY_MS = 200

/** `ask`: true when it was answered on the line on which it was asked. */
export function beatWhile(goesOn: () => boolean, ask: () => Promise<boolean>, log: Pick<HeardLog, 'beat'>): void {
  const beat = async () => {
    while (goesOn()) {
      const askedAt = Date.now()
      if (await ask().catch(() => false)) log.beat(askedAt)
      await pause(EVERY_MS, undefined, { ref: false })
    }
  }
  void beat()
}
