// A case of the contract is data, so that the same list feeds the test runner and the proof that the suite bites.
import type { World } from './world.ts'

export interface Case {
  /** "subject: sentence". */
  name: string
  /** Needs an empty store: it asks what no organization limits, such as the next due time. */
  alone: boolean
  run(world: World): Promise<void>
}

export type CaseList = Record<string, (world: World) => Promise<void>>

export function cases(subject: string, list: CaseList, options: { alone?: boolean } = {}): Case[] {
  return Object.entries(list).map(([sentence, run]) => ({ name: `${subject}: ${sentence}`, alone: options.alone ?? false, run }))
}
