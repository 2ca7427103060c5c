// Status callbacks that arrive together are looked up and merged together. One whose SID nobody has, or that lost a race,
// goes by itself.
import { applyReports } from '../../rules/message.ts'
import type { StatusApplied, StatusReport } from '../records.ts'
import { factsOf, patchOf } from './change-message.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { createGroup, type Step } from './group.ts'
import { hasFailed, refreshPreviews } from './preview.ts'
import { refreshFailures } from './refresh-failures.ts'
import { toConversation, toMessage } from './rows.ts'
import { applyAlone } from './status.ts'
import { type MessagePatch, updateOf, writeTogether } from './write.ts'

const nameOf = ({ orgId, twilioSid }: Pick<StatusReport, 'orgId' | 'twilioSid'>): string => `${orgId}|${twilioSid}`

export function createApplyStatus(db: Database): (report: StatusReport) => Promise<StatusApplied> {
  const applyTogether = createGroup<StatusReport, Step<StatusApplied>>({
    run: (reports) => applyAll(db, reports),
    nameOf,
    apart: true,
    atOnce: 1,
  })
  return async (report) => {
    const step = await applyTogether(report)
    return 'done' in step ? step.done : db.inTurn(() => applyAlone(db, report))
  }
}

interface Rising {
  report: StatusReport
  before: MessageDoc
  after: MessageDoc
  patch: MessagePatch
  news: boolean
  /** Its conversation, where the preview shows this message. */
  shownIn: ConversationDoc | null
}

async function applyAll(db: Database, reports: readonly StatusReport[]): Promise<Step<StatusApplied>[]> {
  const found = await db.messages
    .find({
      orgId: { $in: [...new Set(reports.map((one) => one.orgId))] },
      // The second condition is the index's own: without it some servers do not use it.
      $and: [{ twilioSid: { $in: reports.map((one) => one.twilioSid) } }, { twilioSid: { $gt: '' } }],
    })
    .toArray()
  const bySid = new Map(found.map((message) => [nameOf({ ...message, twilioSid: message.twilioSid ?? '' }), message]))
  const steps = new Map<StatusReport, Step<StatusApplied>>()
  const rising: Rising[] = []
  for (const report of reports) {
    const before = bySid.get(nameOf(report))
    if (!before) continue
    const applied = applyReports(factsOf(before), [report])
    if (applied)
      rising.push({ report, before, after: before, patch: patchOf(before, applied.change), news: applied.news === 'status', shownIn: null })
    else steps.set(report, { done: { outcome: 'unchanged', message: toMessage(before) } })
  }
  for (const [report, applied] of await write(db, await show(db, rising))) steps.set(report, { done: applied })
  return reports.map((report) => steps.get(report) ?? { alone: async () => undefined })
}

/** Marked are only those that a preview shows: of the others nothing has to follow. */
async function show(db: Database, rising: readonly Rising[]): Promise<Rising[]> {
  const ids = rising.filter((one) => one.news).map((one) => one.before.conversationId)
  const docs =
    ids.length === 0 ? [] : await db.conversations.find({ _id: { $in: ids } }, { projection: { recent: 0, pending: 0 } }).toArray()
  const showing = new Map(docs.map((doc) => [doc.lastMessage?.id ?? '', { ...doc, recent: [], pending: [] }]))
  return rising.map((one) => {
    const { echo: _, ...patch } = one.patch
    const doc = one.news ? showing.get(one.before._id) : undefined
    const shownIn = doc && doc.lastMessage?.status !== patch.status ? doc : null
    const after = { ...one.before, ...patch, rev: one.before.rev + 1 } as MessageDoc
    const isMarked = shownIn !== null || (one.news && hasFailed({ before: one.before, after }))
    const marked: MessagePatch = isMarked ? { ...patch, echo: true } : patch
    return { ...one, shownIn, patch: marked, after: isMarked ? { ...after, echo: true } : after }
  })
}

/** Those that were written, and what they changed. */
async function write(db: Database, rising: readonly Rising[]): Promise<[StatusReport, StatusApplied][]> {
  // Of several it is not told which were written: they say so themselves.
  const statusBy = rising.length > 1 ? db.newId() : null
  const all = await writeTogether(
    db.messages,
    rising.map(({ before: { _id, orgId, rev }, patch }) => ({
      filter: { _id, orgId, rev },
      update: updateOf(statusBy === null ? patch : { ...patch, statusBy }),
    })),
  )
  const written = all ? rising : statusBy === null ? [] : await thoseWritten(db, rising, statusBy)
  const shown = written.flatMap(({ after, shownIn }) => (shownIn ? [{ message: after, doc: shownIn }] : []))
  const docs = await refreshPreviews(db, shown)
  const docOf = new Map(shown.map(({ message }, index) => [message._id, docs[index] ?? null]))
  for (const { after } of written.filter(hasFailed)) {
    const doc = await refreshFailures(db, after)
    if (doc) docOf.set(after._id, doc)
  }
  for (const { after } of written) if (after.echo) db.previewed(after._id, after.rev)
  return written.map(({ report, after }) => {
    const doc = docOf.get(after._id)
    const message = toMessage(after)
    const changes = { ...noChanges(after.orgId, 'progress'), messages: [message], conversations: doc ? [toConversation(doc)] : [] }
    return [report, { outcome: 'applied', message, changes }]
  })
}

async function thoseWritten(db: Database, rising: readonly Rising[], statusBy: string): Promise<Rising[]> {
  const found = await db.messages
    .find({ _id: { $in: rising.map((one) => one.before._id) }, statusBy }, { projection: { rev: 1 } })
    .toArray()
  const revOf = new Map(found.map((message) => [message._id, message.rev]))
  // One that another group wrote once more is told of by that one.
  return rising.filter(({ after }) => (revOf.get(after._id) ?? 0) >= after.rev)
}
