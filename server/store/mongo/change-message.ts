// Changes a message by a rule: reads what the rule looks at, commits exactly what it answers on the `rev` that was read, and
// asks the rule again where another write came first.
import type { Message } from '../../../shared/model.ts'
import { isOpen } from '../../../shared/status.ts'
import { expireClaim, type MessageChange, type MessageFacts, type MessageRule } from '../../rules/message.ts'
import { eraseParts } from '../../rules/retention.ts'
import { isShownAlike } from '../../rules/shown-media.ts'
import type { Changes, MessageChanged } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import { mediaFieldsOf } from './media.ts'
import type { MessageDoc } from './documents.ts'
import { findMessage } from './messages.ts'
import { previewMessage } from './preview.ts'
import { toMessage } from './rows.ts'
import { type Changed, type MessagePatch, patchMessage, repeat, updateOf } from './write.ts'

export function changeMessage(db: Database, orgId: string, id: string, decide: MessageRule): Promise<MessageChanged | null> {
  return repeat<MessageChanged | null>(async () => {
    const changed = await changeEntered(db, { _id: id, orgId }, decide)
    if (changed) return { changed: true, message: toMessage(changed.after), changes: await previewMessage(db, changed) }
    const found = await findMessage(db, orgId, id)
    if (!found) return null
    const unchanged = { changed: false, message: toMessage(found), changes: noChanges(orgId) }
    const change = decide(factsOf(found))
    // One that is being entered is out of reach until it is in its thread.
    if (change === null || found.entering) return unchanged
    // It is planned, or was not copied yet when it was looked for, or changed since.
    if (found.seq !== null) return undefined
    const filter = { _id: id, orgId, rev: found.rev, entering: { $exists: false } }
    const after = await db.scheduled.findOneAndUpdate(filter, updateOf(patchOf(found, change)), { returnDocument: 'after' })
    if (!after) return undefined
    const message = toMessage(after)
    return { changed: true, message, changes: { ...noChanges(orgId, 'progress'), messages: [message] } }
  })
}

/** The same for one that is in its thread, without its preview. Null: it is not there, or the rule changes nothing. */
export function changeEntered(db: Database, filter: { _id: string; orgId: string }, decide: MessageRule): Promise<Changed | null> {
  return patchMessage(db, filter, (message) => {
    const change = decide(factsOf(message))
    return change && patchOf(message, change)
  })
}

/** Times are the caller's, as they were when it claimed. */
export async function expireClaims(db: Database, orgId: string, sender: string, options: { now: number; fence: number }): Promise<Changes> {
  const over = { $or: [{ fence: { $lt: options.fence } }, { leaseUntil: { $lte: options.now } }] }
  const claims = await db.messages.find({ orgId, sender, open: true, status: 'sending', ...over }, { projection: { _id: 1 } }).toArray()
  const all = noChanges(orgId, 'progress')
  for (const { _id } of claims) {
    const changed = await changeEntered(db, { _id, orgId }, expireClaim(options))
    if (!changed) continue
    const changes = await previewMessage(db, changed)
    all.messages.push(...changes.messages)
    all.conversations.push(...changes.conversations)
  }
  return all
}

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

export function factsOf(doc: MessageDoc): MessageFacts {
  return {
    ...doc,
    putAway: doc.putAway === true,
    erased: doc.erased === true,
    template: parsed<NonNullable<Message['template']>>(doc.template),
    content: parsed(doc.content),
    planB: parsed(doc.planB ?? null),
    media: doc.media ?? [],
  }
}

function erasedParts({ event }: MessageDoc): MessagePatch {
  const { event: left } = eraseParts(event ? { event } : {})
  return { location: null, contacts: null, button: null, referral: null, ...(left ? { event: left } : {}) }
}

/** A change as fields: JSON where the document keeps JSON, and the marks that the indexes and the preview need. */
export function patchOf(doc: MessageDoc, { template, content, planB, media, ...change }: MessageChange): MessagePatch {
  const patch: MessagePatch = {
    ...change,
    ...(template === undefined ? {} : { template: template && JSON.stringify(template) }),
    ...(content === undefined ? {} : { content: content && JSON.stringify(content) }),
    ...(planB === undefined ? {} : { planB: planB && JSON.stringify(planB) }),
    ...(media && mediaFieldsOf(media)),
    ...(change.erased ? erasedParts(doc) : {}),
  }
  const status = change.status ?? doc.status
  const twilioSid = change.twilioSid === undefined ? doc.twilioSid : change.twilioSid
  if (doc.open && !isOpen(status, twilioSid)) patch.open = undefined
  const showsElse = media !== undefined && !isShownAlike(doc.media ?? [], media)
  // A claim alone tells nobody: the preview follows with what becomes of it.
  if (
    doc.seq !== null &&
    (change.text !== undefined || showsElse || change.putAway || (status !== doc.status && status !== 'sending') || change.twilioSid)
  )
    patch.echo = true
  return patch
}
