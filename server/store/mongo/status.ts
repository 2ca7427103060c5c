// Status callbacks: they only rise, are applied once, and wait where they came before their SID.
import type { Message } from '../../../shared/model.ts'
import { statusRank } from '../../../shared/status.ts'
import { mergeReports, type Report } from '../../rules/merge-status.ts'
import type { Changes, StatusApplied, StatusReport } from '../records.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { flushOrg } from './flush.ts'
import { findMessage } from './messages.ts'
import { previewMessage } from './preview.ts'
import { holdsLine, noChanges, toMessage } from './rows.ts'
import { changeMessage, insertOnce, type MessagePatch, repeat } from './write.ts'

/** By itself: also where no message has its SID yet. */
export async function applyAlone(db: Database, report: StatusReport): Promise<StatusApplied> {
  const { orgId, twilioSid, messageId } = report
  return repeat<StatusApplied>(async () => {
    const bySid = await db.messages.findOne({ orgId, twilioSid })
    if (bySid) return mergeInto(db, bySid, report)
    const named = messageId === null ? null : await db.messages.findOne({ _id: messageId, orgId })
    if (named && named.direction === 'outbound' && named.twilioSid === null && named.claimedAt !== null) {
      const applied = await attachSid(db, { _id: named._id, orgId }, twilioSid, report, () => true)
      return applied.outcome === 'unchanged' && applied.message.twilioSid !== twilioSid ? undefined : applied
    }
    await hold(db, report)
    // Its SID may have been attached in between, by somebody who did not see this callback yet.
    const meanwhile = await db.messages.findOne({ orgId, twilioSid })
    return meanwhile
      ? ((await mergeHeld(db, meanwhile)) ?? { outcome: 'unchanged', message: toMessage(meanwhile), lineId: meanwhile.lineId })
      : { outcome: 'held' }
  })
}

async function mergeInto(db: Database, known: MessageDoc, report: Report): Promise<StatusApplied> {
  let news = false
  const changed = await changeMessage(db, { _id: known._id, orgId: known.orgId }, (message) => {
    const merged = merge(message, [report])
    news = merged.news
    return merged.patch
  })
  if (changed === null || news) return answer(db, changed?.after ?? (await latest(db, known)), changed !== null, false)
  // Only a time: the thread's preview does not show those.
  const message = toMessage(changed.after)
  return { outcome: 'applied', message, changes: { ...noChanges(known.orgId), messages: [message] }, lineId: known.lineId, released: false }
}

async function latest(db: Database, known: MessageDoc): Promise<MessageDoc> {
  return (await db.messages.findOne({ _id: known._id, orgId: known.orgId })) ?? known
}

async function answer(db: Database, message: MessageDoc, applied: boolean, released: boolean): Promise<StatusApplied> {
  if (!applied) return { outcome: 'unchanged', message: toMessage(message), lineId: message.lineId }
  const changes = await previewMessage(db, message)
  return { outcome: 'applied', message: toMessage(message), changes, lineId: message.lineId, released }
}

/** What reports make of a message. `news`: more than a time was filled in. Null patch: nothing at all. */
export function merge(message: MessageDoc, reports: readonly Report[]): { patch: MessagePatch | null; news: boolean } {
  const { status, error, sentAt, deliveredAt, readAt, failedAt, price } = message
  const { facts, news } = mergeReports({ status, error, sentAt, deliveredAt, readAt, failedAt, price }, reports)
  if (news === 'nothing') return { patch: null, news: false }
  return news === 'status' ? { patch: { ...facts, echo: true }, news: true } : { patch: facts, news: false }
}

/** Gives a message its SID, releases its line, and merges what was held for that SID. */
export async function attachSid(
  db: Database,
  filter: { _id: string; orgId: string },
  twilioSid: string,
  report: Report,
  honoured: (message: MessageDoc) => boolean,
): Promise<StatusApplied> {
  const known = await db.messages.findOne(filter)
  if (!known) return { outcome: 'held' }
  if (known.twilioSid === twilioSid) return mergeInto(db, known, report)
  const owner = await db.messages.findOne({ orgId: filter.orgId, twilioSid }, { projection: { _id: 1 } })
  if (owner) return answer(db, known, false, false)
  const changed = await changeMessage(db, filter, (message) => {
    if (message.twilioSid !== null || !honoured(message)) return null
    const reached: Report = statusRank(report.status) < statusRank('sending') ? { ...report, status: 'sending' } : report
    const { patch } = merge(forgetOwnEnd(message), [reached])
    return { ...patch, twilioSid, delay: null, leaseUntil: null, open: undefined, echo: true }
  })
  if (!changed) {
    const now = await latest(db, known)
    return now.twilioSid === twilioSid ? mergeInto(db, now, report) : answer(db, now, false, false)
  }
  const released = holdsLine(changed.before)
  const merged = await mergeHeld(db, changed.after)
  if (merged?.outcome === 'applied') return { ...merged, released }
  return answer(db, merged ? await latest(db, known) : changed.after, true, released)
}

/** That it failed or was canceled was our own finding while nobody knew; with a SID, Twilio's word counts. */
function forgetOwnEnd(message: MessageDoc): MessageDoc {
  const ended = message.status === 'failed' || message.status === 'canceled'
  return ended ? { ...message, status: 'unconfirmed', error: null, failedAt: null } : message
}

/** Keeps a callback until its SID is known. */
async function hold(db: Database, report: StatusReport): Promise<void> {
  const { orgId, twilioSid, messageId, status, failure, at, price = null } = report
  const _id = `${orgId}|${twilioSid}|${status}`
  await insertOnce(db.callbacks, { _id, orgId, twilioSid, messageId, status, failure, at, price, heldAt: new Date() }, { _id })
}

/** Merged, then removed: a repeat of the merge changes nothing. Null: nothing was held, or it said nothing new. */
async function mergeHeld(db: Database, message: MessageDoc): Promise<StatusApplied | null> {
  const { orgId, twilioSid } = message
  if (twilioSid === null) return null
  const held = await db.callbacks.find({ orgId, twilioSid }).toArray()
  if (held.length === 0) return null
  const reports = held.map(({ status, failure, at, price }): Report => ({ status, failure, at, ...(price ? { price } : {}) }))
  const changed = await changeMessage(db, { _id: message._id, orgId }, (current) => merge(current, reports).patch)
  await db.callbacks.deleteMany({ _id: { $in: held.map((callback) => callback._id) }, orgId, twilioSid })
  if (!changed) return null
  return answer(db, changed.after, true, false)
}

/** Merges what a process that was killed had held but not merged. Answers where the next round goes on. */
export async function mergeHeldStale(db: Database, after: string, staleMs: number): Promise<string> {
  const heldAt = { $lte: new Date(Date.now() - staleMs) }
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

/** Erases what a `sensitive` message said, also the values in its template. */
export async function eraseText(db: Database, orgId: string, id: string): Promise<Changes> {
  const erased = (message: MessageDoc): Partial<MessageDoc> => {
    const template = message.template === null ? null : (JSON.parse(message.template) as NonNullable<Message['template']>)
    return { text: '', content: null, template: template && JSON.stringify({ ...template, variables: {} }), echo: true }
  }
  await findMessage(db, orgId, id)
  const changed = await changeMessage(db, { _id: id, orgId }, (message) => (message.sensitive ? erased(message) : null))
  return changed ? previewMessage(db, changed.after) : noChanges(orgId)
}

export async function knownSids(db: Database, orgId: string, sids: readonly string[]): Promise<Set<string>> {
  if (sids.length === 0) return new Set()
  await flushOrg(db, orgId)
  const found = await db.messages.find({ orgId, twilioSid: { $in: [...sids] } }, { projection: { twilioSid: 1 } }).toArray()
  return new Set(found.flatMap((message) => message.twilioSid ?? []))
}
