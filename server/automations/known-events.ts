// Which events of records automations wait for, kept in memory: every message that comes in asks. Read anew after a change here, too.
import { createKeeper, type Keeper } from '../keep-read.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { rulesOf } from './rules-of.ts'

export function createEventKeeper(parts: Pick<Parts, 'store' | 'clock' | 'log' | 'organizations'>): Keeper {
  const read = async () => {
    for (const own of parts.organizations) await takeEvents(parts, own)
  }
  return createKeeper(parts, read, 'Automations could not be read')
}

/** They are heard from now on. */
export async function takeEvents({ store }: Pick<Parts, 'store'>, own: Organization): Promise<void> {
  const rules = await rulesOf(store, own.id)
  own.listensTo = new Set(rules.flatMap(({ enabled, on, at }) => (enabled && at === undefined && on !== undefined ? [on] : [])))
}
