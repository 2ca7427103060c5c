// Looks at records whose time has come and carries out what is due of them; and, where a rule or a calendar is new, at every record once. One
// process does it at a time; where it is killed, another, or itself when it starts again, goes on.
import { DomainError } from '../../shared/problems.ts'
import { createLeases } from '../lease.ts'
import { createLookLoop } from '../look-loop.ts'
import type { Automations, Parts } from '../parts.ts'
import { lookAt, type PlannedRecord } from '../rules/record-plan.ts'
import { carryOut } from './carry-out.ts'
import { createTogether, readOnce } from './go-together.ts'
import { waitsForSilence } from './gather-facts.ts'
import { checkTerms, walkForTerms } from './plan-terms.ts'
import { rulesOf } from './rules-of.ts'
import { lookAgain } from './save-with-plans.ts'
import { walkAgain, walkRecords } from './walk-records.ts'

export interface PlanLoop extends Automations {
  start(): Promise<void>
  /** Begins nothing more, and ends what is under way. */
  close(): Promise<void>
}

const BATCH = 60
/** Records at a time. */
const AT_ONCE = 20
/** Who plans something looks at once; this is for a process that was killed before it did. */
const LOOK_MS = 60_000
/** What the process with the lease has not begun by then, another one does: keys make it once. */
const OVERDUE_MS = 2_000
const RETRY_MS = 1_000
const LEAST_MS = 20
/** A record that cannot be carried out is tried again then. */
const PUT_OFF_MS = 60_000

const clientOf = ({ orgId, record }: PlannedRecord): string => `${orgId}|${record.contact.phone}`

export function createPlanLoop(parts: Parts, holder: string): PlanLoop {
  const { store, clock, log } = parts
  const leases = createLeases(parts, { name: 'automations', holder })
  /** Organizations whose rules wait for silence, as of the last look. */
  let waiting = new Set<string>()
  const spoken = new Map<string, Set<string>>()
  /** Organizations whose time zone or calendars are others. */
  const replanned = new Set<string>()
  /** Somebody here changed what all plans follow from: looked at here, since who has the lease may not hear of it for a while. */
  let isAsked = false
  const loop = createLookLoop(parts, {
    async look() {
      await readRules()
      await markSpoken()
      for (const orgId of [...replanned]) {
        await walkForTerms(parts, parts.organizationOf(orgId))
        replanned.delete(orgId)
      }
      return carryOutDue()
    },
    says: { failed: 'What automations send could not be looked for; trying again', again: 'Automations go on' },
  })
  const { wake, closed } = loop

  async function readRules(): Promise<void> {
    const found = new Set<string>()
    for (const { id } of parts.organizations) if (waitsForSilence(await rulesOf(store, id))) found.add(id)
    waiting = found
  }

  /** Their plans count from what was said. */
  async function markSpoken(): Promise<void> {
    for (const [orgId, ids] of [...spoken]) {
      spoken.delete(orgId)
      for (const id of ids) await store.changePlan(orgId, id, lookAt(clock.now()))
    }
  }

  /** In how many ms to look again. */
  async function carryOutDue(): Promise<number> {
    for (;;) {
      const began = clock.elapsed()
      const due = await store.duePlans(clock.now(), BATCH)
      const own: PlannedRecord[] = []
      const isOverdue = ({ plan }: PlannedRecord) => (plan.nextDueAt ?? 0) < clock.now() - OVERDUE_MS
      for (const one of due) if (!closed() && ((await leases.holds(one.orgId)) || isOverdue(one))) own.push(one)
      await carryOutAll(own)
      const isBehind = own.length === BATCH
      if (closed() || own.length < due.length) return RETRY_MS
      // Half of the time is for who writes now.
      if (isBehind || (await walk())) return Math.max(LEAST_MS, clock.elapsed() - began)
      if (due.length > 0) continue
      const next = await store.nextPlanAt()
      return Math.max(LEAST_MS, Math.min(LOOK_MS, next === null ? LOOK_MS : next - clock.now()))
    }
  }

  /** By the rules as they are at the beginning; where those change meanwhile, the records are looked at once more. */
  async function carryOutAll(all: readonly PlannedRecord[]): Promise<void> {
    const together = createTogether(parts.store)
    const batch: Parts = { ...parts, store: { ...together.store, ...readOnce(parts.store) } }
    await together.each(all, { atOnce: AT_ONCE, clientOf }, async (one) => {
      if (!closed()) await carryOutOne(batch, one)
    })
    for (const [orgId, own] of Map.groupBy(all, (one) => one.orgId))
      await lookAgain(
        parts,
        orgId,
        await rulesOf(batch.store, orgId),
        own.map(({ record }) => record.id),
      )
  }

  async function carryOutOne(batch: Parts, planned: PlannedRecord): Promise<void> {
    try {
      await carryOut(batch, planned)
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unavailable') throw error
      log.error({ err: error }, 'What is due of a record could not be carried out; it is tried again in a minute')
      const later = clock.now() + PUT_OFF_MS
      await store.changePlan(planned.orgId, planned.record.id, ({ plan }) => ({ ...plan, nextDueAt: later }))
    }
  }

  /** Whether there is more of it. */
  async function walk(): Promise<boolean> {
    const isOwn = isAsked
    isAsked = false
    let more = false
    for (const { id } of parts.organizations)
      if (!closed() && (isOwn || (await leases.holds(id))) && (await walkRecords(parts, id))) more = true
    if (isOwn && more) isAsked = true
    return more
  }

  return {
    planned: wake,
    changed() {
      isAsked = true
      wake()
    },
    termsChanged(orgId) {
      replanned.add(orgId)
      isAsked = true
      wake()
    },
    spoke(orgId, ids) {
      if (!waiting.has(orgId)) return
      const known = spoken.get(orgId) ?? new Set<string>()
      for (const id of ids) known.add(id)
      spoken.set(orgId, known)
      wake()
    },
    async start() {
      // What was said while a process died was not told to anybody.
      for (const { id } of parts.organizations) {
        const silent = (await rulesOf(store, id)).find((rule) => waitsForSilence([rule]))
        if (silent) await store.changeSetting(id, 'automation', silent.name, walkAgain, clock.now())
      }
      for (const own of parts.organizations) await checkTerms(parts, own)
      wake()
    },
    async close() {
      if (closed()) return
      await loop.close()
      await leases.giveBackAll()
    },
  }
}
