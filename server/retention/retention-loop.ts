// Every night, in each organization's own zone, what is older than it keeps is erased. One process does it; what another one or a stop cut
// short is done by whoever comes next.
import { createLeases } from '../lease.ts'
import { createLookLoop } from '../look-loop.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { nextNight } from '../rules/retention.ts'
import { eraseMessages, erasedState, type ErasedState } from './erase-messages.ts'

export interface RetentionLoop {
  start(): void
  close(): Promise<void>
}

const KIND = 'retention'
const OWN = 'own'
/** Settings may have changed. */
const LOOK_MS = 15 * 60_000

export function createRetentionLoop(parts: Parts, holder: string): RetentionLoop {
  const { store, clock, log, organizations } = parts
  const leases = createLeases(parts, { name: KIND, holder })
  const loop = createLookLoop(parts, {
    async look() {
      const waits: number[] = [LOOK_MS]
      for (const own of organizations) if (!loop.closed()) waits.push(await lookAt(own))
      return Math.max(1, Math.min(...waits))
    },
    says: { failed: 'Old messages could not be erased; trying again', again: 'Old messages are erased again' },
  })

  const keep = (own: Organization, state: ErasedState) => store.changeSetting(own.id, KIND, OWN, () => ({ ...state }), clock.now())

  /** In how many ms to look again. */
  async function lookAt(own: Organization): Promise<number> {
    const now = clock.now()
    const known = erasedState(await store.setting(own.id, KIND, OWN))
    // A new database has nothing old; the first night is the next one.
    if (known === null) await keep(own, { ranAt: now, through: 0, wholeAt: now })
    const next = nextNight(known?.ranAt ?? now, own.settings.timezone)
    if (known === null || next > now) return next - now
    if (!(await leases.holds(own.id))) return LOOK_MS
    const done = await eraseMessages(parts, own, known, loop.closed)
    await leases.giveBack(own.id)
    if (done === null) return LOOK_MS
    await keep(own, done.state)
    if (done.erased > 0) log.info({ orgId: own.id, erased: done.erased }, 'What old messages said was erased')
    return nextNight(done.state.ranAt, own.settings.timezone) - clock.now()
  }

  return {
    start: loop.wake,
    async close() {
      await loop.close()
      await leases.giveBackAll().catch(() => undefined)
    },
  }
}
