// The host's records: saved with the numbers that link them to contacts, read, searched.
import type { Coordination, Message } from '../../../shared/model.ts'
import { isFirstSave, isSameRecord } from '../../rules/coordination.ts'
import { saveUnknown, type SavePlan } from '../../rules/record-plan.ts'
import { createMatcher, recordTexts } from '../../rules/search.ts'
import type { Changes, CoordinationInput, CoordinationSaved, Page, PageRequest, Viewer } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, CoordinationDoc, TaskDoc } from './documents.ts'
import { flushWhere } from './flush.ts'
import { pageOfMessages } from './messages.ts'
import { recordKey, shownRecord } from './place.ts'
import { asRead, fieldsOfPlan, toPlanned, updateOfPlan } from './plans.ts'
import { readPosition, writePosition } from './position.ts'
import { toConversation, toCoordination } from './rows.ts'
import { scopeHolds } from './show.ts'
import { insertOnce, literal, repeat, withoutConflict } from './write.ts'

const SCAN = 2000
/** Records of one batch that are written at a time. */
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
  const waiting = inputs.map((input, index) => ({ input, index }))
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) saved[next.index] = await save(db, orgId, next.input, now, plan)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
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

function save(db: Database, orgId: string, input: CoordinationInput, now: number, plan: SavePlan): Promise<CoordinationSaved> {
  const _id = recordKey(orgId, input.id)
  const fields = {
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
  return db.lock(`record|${_id}`, () =>
    repeat(async () => {
      const found = await db.coordinations.findOne({ _id, orgId })
      const before = found && toCoordination(found)
      if (before && isSameRecord(before, input)) return { created: false, changed: false, coordination: before }
      const planned = (doc: CoordinationDoc) => plan(found && toPlanned(found), toCoordination(doc), now)
      const { provisional: _, ...host } = found ?? {}
      const replaced =
        found &&
        (await db.coordinations.findOneAndUpdate(
          asRead(found),
          {
            ...updateOfPlan(planned({ ...found, ...host, ...fields, rev: found.rev + 1 } as CoordinationDoc), fields, { provisional: '' }),
            ...{ $inc: { rev: 1 }, $currentDate: { changedAt: true } },
          },
          { returnDocument: 'after' },
        ))
      if (replaced) return { created: isFirstSave(before), changed: true, coordination: toCoordination(replaced) }
      if (found) return undefined
      const made: CoordinationDoc = {
        ...{ _id, orgId, id: input.id, ...fields, rev: 1, changedAt: new Date(await db.now()), createdAt: now },
        ...(input.provisional ? { provisional: true } : {}),
      }
      const { inserted, document } = await insertOnce(db.coordinations, { ...made, ...fieldsOfPlan(planned(made)) }, { _id })
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
  const told = [
    ...(await Promise.all(about.map((doc) => tellOne(db, doc._id, byId.get(doc.coordinationId ?? ''))))),
    ...(await Promise.all(hinting.map((doc) => tellHint(db, doc._id, byId.get(doc.hint?.coordinationId ?? ''))))),
  ]
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

export async function coordination(db: Database, viewer: Viewer, id: string): Promise<Coordination | null> {
  if (!scopeHolds(viewer.scope, id)) return null
  const record = await db.coordinations.findOne({ _id: recordKey(viewer.orgId, id) })
  return record && toCoordination(record)
}

/** The latest saved first. */
export async function coordinations(
  db: Database,
  viewer: Viewer,
  filter: { q?: string; status?: Coordination['status']; phoneKeys?: string[] },
  page: PageRequest,
): Promise<Page<Coordination>> {
  const { orgId, scope } = viewer
  const matches = createMatcher(filter.q)
  const kept: CoordinationDoc[] = []
  const answer = (next: string | null) => ({ items: kept.map(toCoordination), nextCursor: next })
  let position = readPosition(page.cursor)
  for (let scanned = 0; ; ) {
    const batch = matches ? 200 : page.limit + 1
    const found = await db.coordinations
      .find({
        orgId,
        ...(scope === null ? {} : { id: { $in: [...scope] } }),
        ...(filter.status === undefined ? {} : { status: filter.status }),
        ...(filter.phoneKeys === undefined ? {} : { phoneKeys: { $in: filter.phoneKeys } }),
        ...(position
          ? { updatedAt: { $lte: position[0] ?? 0 }, $or: [{ updatedAt: { $lt: position[0] ?? 0 } }, { id: { $lt: position[1] } }] }
          : {}),
      })
      .sort({ updatedAt: -1, id: -1 })
      .limit(batch)
      .toArray()
    for (const record of found) {
      if (!matches || matches(recordTexts(record))) {
        if (kept.length === page.limit) return answer(writePosition(position))
        kept.push(record)
      }
      position = [record.updatedAt, record.id]
    }
    scanned += found.length
    if (found.length < batch) return answer(null)
    if (scanned >= SCAN) return answer(writePosition(position))
  }
}

export async function coordinationMessages(db: Database, viewer: Viewer, id: string, page: PageRequest): Promise<Page<Message> | null> {
  const { orgId, scope } = viewer
  if (!scopeHolds(scope, id)) return null
  const known =
    (await db.conversations.findOne({ orgId, coordinationId: id }, { projection: { _id: 1 } })) ??
    (await db.coordinations.findOne({ _id: recordKey(orgId, id) }, { projection: { _id: 1 } }))
  if (!known) return null
  await flushWhere(db, { orgId, coordinationId: id })
  return pageOfMessages(db, { orgId, coordinationId: id, type: { $ne: 'moved' } }, page, { planned: false })
}
