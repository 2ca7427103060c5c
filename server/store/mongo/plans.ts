// Records by when they are to be looked at next, and what each keeps of its plan.
import { emptyPlan, type PlannedRecord, type PlanRule, type PlanState } from '../../rules/record-plan.ts'
import type { Database } from './database.ts'
import type { CoordinationDoc } from './documents.ts'
import { recordKey } from './place.ts'
import { toCoordination } from './rows.ts'
import { repeat } from './write.ts'

type PlanFields = Pick<CoordinationDoc, 'nextDueAt' | 'plan'>

export const toPlan = ({ plan, nextDueAt }: PlanFields): PlanState => ({
  ...emptyPlan,
  ...(plan === undefined ? {} : (JSON.parse(plan) as Partial<PlanState>)),
  nextDueAt: nextDueAt ?? null,
})

/** Without `nextDueAt` it is in no index of what is due. */
export function fieldsOfPlan({ nextDueAt, ...plan }: PlanState): PlanFields {
  return { plan: JSON.stringify(plan), ...(nextDueAt === null ? {} : { nextDueAt }) }
}

export const toPlanned = (doc: CoordinationDoc): PlannedRecord => ({ orgId: doc.orgId, record: toCoordination(doc), plan: toPlan(doc) })

/** As it was read: whoever changes record or plan changes one of them. */
export const asRead = ({ _id, orgId, rev, planRev }: CoordinationDoc) => ({ _id, orgId, rev, planRev: planRev ?? { $exists: false } })

/** The update of a plan; `set` and `unset` come along. */
export function updateOfPlan(plan: PlanState, set: object = {}, unset: Record<string, ''> = {}) {
  const fields = fieldsOfPlan(plan)
  const gone = { ...unset, ...(fields.nextDueAt === undefined ? { nextDueAt: '' as const } : {}) }
  return {
    $set: { ...set, ...fields },
    ...(Object.keys(gone).length > 0 ? { $unset: gone } : {}),
  }
}

export async function recordPlan(db: Database, orgId: string, id: string): Promise<PlannedRecord | null> {
  const found = await db.coordinations.findOne({ _id: recordKey(orgId, id), orgId })
  return found && toPlanned(found)
}

export function changePlan(db: Database, orgId: string, id: string, decide: PlanRule): Promise<PlannedRecord | null> {
  const _id = recordKey(orgId, id)
  return db.lock(`record|${_id}`, () =>
    repeat<PlannedRecord | null>(async () => {
      const found = await db.coordinations.findOne({ _id, orgId })
      const before = found && toPlanned(found)
      const plan = before && decide(before)
      if (!found || !plan) return before
      const update = { ...updateOfPlan(plan), $inc: { planRev: 1 } }
      const after = await db.coordinations.findOneAndUpdate(asRead(found), update, { returnDocument: 'after' })
      return after ? toPlanned(after) : undefined
    }),
  )
}

export async function duePlans(db: Database, now: number, limit: number): Promise<PlannedRecord[]> {
  const due = await db.coordinations
    .find({ nextDueAt: { $lte: now } })
    .sort({ nextDueAt: 1 })
    .limit(limit)
    .toArray()
  return due.map(toPlanned)
}

export async function nextPlanAt(db: Database): Promise<number | null> {
  const [next] = await db.coordinations
    .find({ nextDueAt: { $gt: 0 } }, { projection: { nextDueAt: 1 } })
    .sort({ nextDueAt: 1 })
    .limit(1)
    .toArray()
  return next?.nextDueAt ?? null
}

export async function recordPlans(db: Database, orgId: string, after: string | null, limit: number): Promise<PlannedRecord[]> {
  const docs = await db.coordinations
    .find({ orgId, id: { $gt: after ?? '' } })
    .sort({ id: 1 })
    .limit(limit)
    .toArray()
  return docs.map(toPlanned)
}
