// Moves a manual clock a little at a time: what happens in between are real requests, which take real time.
import { setTimeout as breathe } from 'node:timers/promises'
import type { ManualClock } from './manual-clock.ts'

export async function pass(clock: ManualClock, ms: number, stepMs = 1_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await clock.advance(Math.min(stepMs, ms - passed))
    await breathe(4)
  }
}

/** Until it is so; the answer is how much time that took. */
export async function passUntil(clock: ManualClock, so: () => Promise<boolean>, limitMs: number, stepMs = 1_000): Promise<number> {
  for (let passed = 0; passed <= limitMs; passed += stepMs) {
    if (await so()) return passed
    await pass(clock, stepMs, stepMs)
  }
  throw new Error(`It did not come true within ${limitMs} ms.`)
}
