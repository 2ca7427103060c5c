// Stores that are wrong on purpose, to prove that the contract suite bites: a fault is a small, named mistake such as a
// real adapter could make, wrapped around a store that is right.
import type { Store } from '../../server/store/store.ts'
import { feedFaults } from './faults/feed.ts'
import { inboundFaults } from './faults/inbound.ts'
import { outboxFaults } from './faults/outbox.ts'
import { readingFaults } from './faults/reading.ts'
import { recoveryFaults } from './faults/recovery.ts'
import { statusFaults } from './faults/statuses.ts'

export interface Fault {
  name: string
  /** The case expected to catch it, tried first; any other may catch it, too. */
  likely: string
  wrap(store: Store): Store
}

export const faults: readonly Fault[] = [
  ...inboundFaults,
  ...outboxFaults,
  ...statusFaults,
  ...recoveryFaults,
  ...readingFaults,
  ...feedFaults,
]

export function findFault(name: string): Fault {
  const fault = faults.find((one) => one.name === name)
  if (!fault) throw new Error(`There is no fault "${name}".`)
  return fault
}
