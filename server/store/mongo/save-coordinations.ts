// Saves the host's records: many by one command, in the end all of them, also where a process is killed in between.
import mongoose from 'mongoose'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isFirstSave, isSameRecord } from '../../rules/coordination.ts'
import { type PlanState, saveUnknown, type SavePlan } from '../../rules/record-plan.ts'
import type { Changes, CoordinationInput, CoordinationSaved } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, CoordinationDoc, TaskDoc } from './documents.ts'
import { recordKey, shownRecord } from './place.ts'
import { asRead, fieldsOfPlan, toPlanned, updateOfPlan } from './plans.ts'
import { toConversation, toCoordination } from './rows.ts'
import { insertOnce, literal, repeat, withoutConflict } from './write.ts'

/** Records that are read, and written, by one command. */
const TOGETHER = 50
/** Records that are written one by one at a time. */
const AT_ONCE = 16

/** The task is the commit point: once it is there, all of them will be, also when this process is killed. */
export async function saveCoordinations(
  db: Database,
  orgId: string,
  inputs: readonly CoordinationInput[],
  now: number,
  plan: SavePlan = saveUnknown,
): Promise<{ saved: CoordinationSaved[]; changes: Changes }> {
  const task: TaskDoc = { _id: db.newId(), orgId, at: new Date(await db.now()), now, contactId: null, records: JSON.stringify(inputs) }
  await db.tasks.insertOne(task)
  const saved: CoordinationSaved[] = []
  for (let from = 0; from < inputs.length; from += TOGETHER) {
    const some = inputs.slice(from, from + TOGETHER)
    saved.push(...(await saveTogether(db, orgId, some, now, plan)))
    // Whoever writes meanwhile has a turn.
    await nextTurn()
  }
  const told = await tellRecords(
    db,
    orgId,
    inputs.map((input) => input.id),
  )
  await db.tasks.deleteOne({ _id: task._id })
  return { saved, changes: { ...noChanges(orgId), conversations: told.map(toConversation) } }
}

/** Completes what a killed process had begun; a record that was saved later stays as it is. */
export async function completeSave(db: Database, task: TaskDoc): Promise<void> {
  const inputs = JSON.parse(task.records ?? '[]') as CoordinationInput[]
  for (const input of inputs) {
    const later = await db.coordinations.findOne(
      { _id: recordKey(task.orgId, input.id), changedAt: { $gte: task.at } },
      { projection: { _id: 1 } },
    )
    if (!later) await save(db, task.orgId, input, task.now, saveUnknown)
  }
  await tellRecords(
    db,
    task.orgId,
    inputs.map((input) => input.id),
  )
}

/** Reads all of them by one command and writes them by another; where another write came between, each by itself. */
async function saveTogether(
  db: Database,
  orgId: string,
  inputs: readonly CoordinationInput[],
  now: number,
  plan: SavePlan,
): Promise<CoordinationSaved[]> {
  const ids = new Set(inputs.map(({ id }) => recordKey(orgId, id)))
  if (ids.size < inputs.length || inputs.length === 1) return saveEach(db, orgId, inputs, now, plan)
  const found = new Map((await db.coordinations.find({ _id: { $in: [...ids] }, orgId }).toArray()).map((doc) => [doc._id, doc]))
  const changedAt = new Date(await db.now())
  const writes: mongoose.mongo.AnyBulkWriteOperation<CoordinationDoc>[] = []
  const saved = inputs.map((input): CoordinationSaved => {
    const before = found.get(recordKey(orgId, input.id)) ?? null
    const known = before && toCoordination(before)
    if (known && isSameRecord(known, input)) return { created: false, changed: false, coordination: known }
    const after = docOf(orgId, input, before, now, changedAt)
    const planned = plan(before && toPlanned(before), toCoordination(after), now)
    writes.push(
      before === null
        ? { insertOne: { document: { ...after, ...fieldsOfPlan(planned) } } }
        : { updateOne: { filter: asRead(before), update: updateOf(input, planned, now) } },
    )
    return { created: isFirstSave(known), changed: true, coordination: toCoordination(after) }
  })
  if (writes.length === 0) return saved
  const whole = await db.coordinations.bulkWrite(writes, { ordered: false }).then(
    ({ matchedCount, insertedCount }) => matchedCount + insertedCount === writes.length,
    (error: unknown) => {
      if (!(error instanceof mongoose.mongo.MongoServerError)) throw error
      return false
    },
  )
  if (whole) return saved
  // Which of them were written is not told: those are the same by now, and still changed by this call.
  const again = await saveEach(db, orgId, inputs, now, plan)
  return again.map((one, index) => {
    const first = saved[index]
    return first?.changed && !one.changed && one.coordination.rev === first.coordination.rev ? first : one
  })
}

async function saveEach(
  db: Database,
  orgId: string,
  inputs: readonly CoordinationInput[],
  now: number,
  plan: SavePlan,
): Promise<CoordinationSaved[]> {
  const saved: CoordinationSaved[] = []
  const waiting = inputs.map((input, index) => ({ input, index }))
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) saved[next.index] = await save(db, orgId, next.input, now, plan)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return saved
}

function fieldsOf(input: CoordinationInput, now: number) {
  return {
    title: input.title,
    contact: input.contact,
    phoneKeys: [...new Set(input.phoneKeys)],
    startsAt: input.startsAt,
    timezone: input.timezone,
    url: input.url,
    status: input.status,
    agent: input.agent,
    data: JSON.stringify(input.data),
    updatedAt: now,
  }
}

/** As it is after the save. */
function docOf(orgId: string, input: CoordinationInput, before: CoordinationDoc | null, now: number, changedAt: Date): CoordinationDoc {
  const fields = fieldsOf(input, now)
  if (before !== null) {
    const { provisional: _, ...host } = before
    return { ...host, ...fields, rev: before.rev + 1 }
  }
  const own = { _id: recordKey(orgId, input.id), orgId, id: input.id, ...fields, rev: 1, changedAt, createdAt: now }
  return { ...own, ...(input.provisional ? { provisional: true } : {}) }
}

const updateOf = (input: CoordinationInput, planned: PlanState, now: number) => ({
  ...updateOfPlan(planned, fieldsOf(input, now), { provisional: '' }),
  ...{ $inc: { rev: 1 }, $currentDate: { changedAt: true as const } },
})

function save(db: Database, orgId: string, input: CoordinationInput, now: number, plan: SavePlan): Promise<CoordinationSaved> {
  const _id = recordKey(orgId, input.id)
  return db.lock(`record|${_id}`, () =>
    repeat(async () => {
      const found = await db.coordinations.findOne({ _id, orgId })
      const before = found && toCoordination(found)
      if (before && isSameRecord(before, input)) return { created: false, changed: false, coordination: before }
      const made = docOf(orgId, input, found, now, new Date(found ? 0 : await db.now()))
      const planned = plan(found && toPlanned(found), toCoordination(made), now)
      const update = updateOf(input, planned, now)
      const replaced = found && (await db.coordinations.findOneAndUpdate(asRead(found), update, { returnDocument: 'after' }))
      if (replaced) return { created: isFirstSave(before), changed: true, coordination: toCoordination(replaced) }
      if (found) return undefined
      const { inserted, document } = await insertOnce(db.coordinations, { ...made, ...fieldsOfPlan(planned) }, { _id })
      return inserted ? { created: true, changed: true, coordination: toCoordination(document) } : undefined
    }),
  )
}

/** Conversations that are about these records, or hint at them, show them as they are now. */
async function tellRecords(db: Database, orgId: string, ids: readonly string[]): Promise<ConversationDoc[]> {
  const wanted = [...new Set(ids)]
  const [about, hinting, records] = await Promise.all([
    db.conversations.find({ orgId, coordinationId: { $in: wanted } }, { projection: { coordinationId: 1 } }).toArray(),
    db.conversations.find({ orgId, 'hint.coordinationId': { $in: wanted } }, { projection: { hint: 1 } }).toArray(),
    db.coordinations.find({ _id: { $in: wanted.map((id) => recordKey(orgId, id)) } }).toArray(),
  ])
  const byId = new Map(records.map((record) => [record.id, record]))
  const tasks = [
    ...about.map((doc) => () => tellOne(db, doc._id, byId.get(doc.coordinationId ?? ''))),
    ...hinting.map((doc) => () => tellHint(db, doc._id, byId.get(doc.hint?.coordinationId ?? ''))),
  ]
  const told: (ConversationDoc | null)[] = []
  for (let from = 0; from < tasks.length; from += AT_ONCE)
    told.push(...(await Promise.all(tasks.slice(from, from + AT_ONCE).map((task) => task()))))
  return told.filter((doc) => doc !== null)
}

async function tellOne(db: Database, _id: string, record: CoordinationDoc | undefined): Promise<ConversationDoc | null> {
  if (!record) return null
  // A host that posts all its records every night must not make every conversation new.
  const copy = shownRecord(record)
  const same = (doc: ConversationDoc) => JSON.stringify(doc.record) === JSON.stringify(copy)
  return withoutConflict(async () => {
    const filter = { _id, orgId: record.orgId, coordinationId: record.id, recordRev: { $lt: record.rev } }
    const doc = await db.conversations.findOne(filter)
    if (!doc) return null
    const set = same(doc)
      ? { recordRev: record.rev }
      : { record: literal(copy), recordRev: record.rev, rev: { $add: ['$rev', 1] }, changedAt: '$$NOW', updatedAt: db.clock.now() }
    const after = await db.conversations.findOneAndUpdate({ ...filter, recordRev: doc.recordRev }, [{ $set: set }], {
      returnDocument: 'after',
    })
    return after && !same(doc) ? after : null
  })
}

function tellHint(db: Database, _id: string, record: CoordinationDoc | undefined): Promise<ConversationDoc | null> | null {
  if (!record) return null
  return withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      { _id, orgId: record.orgId, 'hint.coordinationId': record.id, 'hint.title': { $ne: record.title } },
      [{ $set: { 'hint.title': literal(record.title), rev: { $add: ['$rev', 1] }, changedAt: '$$NOW', updatedAt: db.clock.now() } }],
      { returnDocument: 'after' },
    ),
  )
}
