// Which events of records automations wait for, kept in memory: every message that comes in asks. Read at the start, after a change
// here, and again and again where another process may make one.
import { repeatAfter } from '../clock.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { rulesOf } from './rules-of.ts'

const EVERY_MS = 500

export interface EventKeeper {
  start(): Promise<void>
  close(): void
}

export function createEventKeeper({
  store,
  clock,
  log,
  organizations,
}: Pick<Parts, 'store' | 'clock' | 'log' | 'organizations'>): EventKeeper {
  let stop = () => {}

  async function look(): Promise<void> {
    for (const own of organizations) await takeEvents({ store }, own)
  }

  return {
    async start() {
      await look()
      // A store that no two processes can share changes here alone.
      if ((await store.processes()) === null) return
      stop = repeatAfter(clock, EVERY_MS, look, (error) => log.debug({ err: error }, 'Automations could not be read'))
    },
    close: () => stop(),
  }
}

/** They are heard from now on. */
export async function takeEvents({ store }: Pick<Parts, 'store'>, own: Organization): Promise<void> {
  const rules = await rulesOf(store, own.id)
  own.listensTo = new Set(rules.flatMap(({ enabled, on, at }) => (enabled && at === undefined && on !== undefined ? [on] : [])))
}
