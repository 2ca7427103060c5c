// Takes Twilio's news of a message: the SID that it gave, and its status callbacks, which wait where they came before the SID.
import { erasedName } from '../erased-name.ts'
import { applyReports, mayTakeSid, takeSid } from '../../rules/message.ts'
import type { Report } from '../../rules/merge-status.ts'
import type { Answer, Claim, StatusApplied, StatusReport } from '../records.ts'
import { changeEntered, factsOf } from './change-message.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { flushOrg } from './flush.ts'
import { hasFailed, previewMessage, releasedBy } from './preview.ts'
import { refreshFailures } from './refresh-failures.ts'
import { toConversation, toMessage } from './rows.ts'
import { type Changed, insertOnce, repeat } from './write.ts'

type Filter = { _id: string; orgId: string }

export function accepted(db: Database, claim: Claim, answer: Answer): Promise<StatusApplied> {
  return attachSid(db, { _id: claim.message.id, orgId: claim.orgId }, answer.twilioSid, answer, claim.attempt)
}

/** A callback by itself: also where no message has its SID yet. */
export async function applyAlone(db: Database, report: StatusReport): Promise<StatusApplied> {
  const { orgId, twilioSid, messageId } = report
  return repeat<StatusApplied>(async () => {
    const bySid = await db.messages.findOne({ orgId, twilioSid })
    if (bySid) return applyTo(db, bySid, [report])
    const named = messageId === null ? null : await db.messages.findOne({ _id: messageId, orgId })
    if (named && mayTakeSid(factsOf(named))) {
      const applied = await attachSid(db, { _id: named._id, orgId }, twilioSid, report, null)
      return applied.outcome === 'unchanged' && applied.message.twilioSid !== twilioSid ? undefined : applied
    }
    await hold(db, report)
    // Its SID may have been attached in between, by somebody who did not see this callback yet.
    const meanwhile = await db.messages.findOne({ orgId, twilioSid })
    return meanwhile ? ((await mergeHeld(db, meanwhile)) ?? unchanged(meanwhile)) : { outcome: 'held' }
  })
}

/** Of a message whose SID is known. */
async function applyTo(db: Database, known: MessageDoc, reports: readonly Report[]): Promise<StatusApplied> {
  let isTimeOnly = false
  const changed = await changeEntered(db, known, (message) => {
    const applied = applyReports(message, reports)
    isTimeOnly = applied?.news === 'time'
    return applied?.change ?? null
  })
  if (!changed) return unchanged(await latest(db, known))
  if (!isTimeOnly) return applied(db, changed)
  // The thread's preview does not show times.
  const message = toMessage(changed.after)
  return { outcome: 'applied', message, changes: { ...noChanges(known.orgId, 'progress'), messages: [message] } }
}

async function latest(db: Database, { _id, orgId }: Filter): Promise<MessageDoc> {
  const found = await db.messages.findOne({ _id, orgId })
  if (!found) throw new Error(`Message ${_id} is gone.`)
  return found
}

const unchanged = (message: MessageDoc): StatusApplied => ({ outcome: 'unchanged', message: toMessage(message) })

async function applied(db: Database, changed: Changed): Promise<StatusApplied> {
  return { outcome: 'applied', message: toMessage(changed.after), changes: await previewMessage(db, changed) }
}

/** Gives a message its SID, releases its line, and merges what was held for that SID. */
async function attachSid(
  db: Database,
  { _id, orgId }: Filter,
  twilioSid: string,
  report: Report,
  attempt: number | null,
): Promise<StatusApplied> {
  const filter = { _id, orgId }
  const known = await db.messages.findOne(filter)
  if (!known) return { outcome: 'held' }
  if (known.twilioSid === twilioSid) {
    // It was attached before, by a call that may have ended before it merged what was held.
    const applied = await applyTo(db, known, [report])
    const merged = await mergeHeld(db, known)
    return merged?.outcome === 'applied' ? merged : applied
  }
  // Its SID is another message's: it says nothing about this one.
  if (await db.messages.findOne({ orgId, twilioSid }, { projection: { _id: 1 } })) return unchanged(known)
  const changed = await changeEntered(db, filter, (message) => takeSid(message, twilioSid, [report], attempt))
  if (!changed) {
    const now = await latest(db, filter)
    return now.twilioSid === twilioSid ? applyTo(db, now, [report]) : unchanged(now)
  }
  const merged = await mergeHeld(db, changed.after)
  if (merged?.outcome === 'applied') {
    // Given up before: no longer among what failed.
    const doc = hasFailed(changed) ? await refreshFailures(db, changed.after) : null
    const conversations = doc ? [toConversation(doc)] : merged.changes.conversations
    return { ...merged, changes: { ...merged.changes, conversations, released: releasedBy(changed) } }
  }
  return applied(db, merged ? { ...changed, after: await latest(db, filter) } : changed)
}

/** Keeps a callback until its SID is known. */
async function hold(db: Database, report: StatusReport): Promise<void> {
  const { orgId, twilioSid, messageId, status, failure, at, price = null } = report
  const _id = `${orgId}|${twilioSid}|${status}`
  // By the database's clock: another process may find it.
  const heldAt = new Date(await db.now())
  await insertOnce(db.callbacks, { _id, orgId, twilioSid, messageId, status, failure, at, price, heldAt }, { _id })
}

/** Merged, then removed: a repeat of the merge changes nothing. Null: nothing was held. */
async function mergeHeld(db: Database, message: MessageDoc): Promise<StatusApplied | null> {
  const { orgId, twilioSid } = message
  if (twilioSid === null) return null
  const held = await db.callbacks.find({ orgId, twilioSid }).toArray()
  if (held.length === 0) return null
  const reports = held.map(({ status, failure, at, price }): Report => ({ status, failure, at, ...(price ? { price } : {}) }))
  const merged = await applyTo(db, message, reports)
  await db.callbacks.deleteMany({ _id: { $in: held.map((callback) => callback._id) }, orgId, twilioSid })
  return merged
}

/** Merges what a process that was killed had held but not merged. Answers where the next round goes on. */
export async function mergeHeldStale(db: Database, after: string, staleMs: number): Promise<string> {
  const heldAt = { $lte: new Date((await db.now()) - staleMs) }
  const held = await db.callbacks
    .find({ _id: { $gt: after }, heldAt })
    .sort({ _id: 1 })
    .limit(200)
    .toArray()
  for (const { orgId, twilioSid } of held) {
    const message = await db.messages.findOne({ orgId, twilioSid })
    if (message) await mergeHeld(db, message)
  }
  return held.length < 200 ? '' : (held.at(-1)?._id ?? '')
}

export async function knownSids(db: Database, orgId: string, sids: readonly string[]): Promise<Set<string>> {
  if (sids.length === 0) return new Set()
  await flushOrg(db, orgId)
  const found = await db.messages.find({ orgId, twilioSid: { $in: [...sids] } }, { projection: { twilioSid: 1 } }).toArray()
  const erased = new Map(sids.map((sid) => [erasedName(orgId, sid), sid]))
  const gone = await db.kept.find({ _id: { $in: [...erased.keys()] } }, { projection: { _id: 1 } }).toArray()
  return new Set([...found.flatMap((message) => message.twilioSid ?? []), ...gone.flatMap(({ _id }) => erased.get(_id) ?? [])])
}
