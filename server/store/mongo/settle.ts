// How a claim ends: taken by Twilio, put back, unknown, failed. Writes about an attempt that is over are ignored.
import type { Delay, Failure, MessageStatus } from '../../../shared/model.ts'
import type { Report } from '../../rules/merge-status.ts'
import type { Changes, Claim, StatusApplied } from '../records.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { findMessage } from './messages.ts'
import { previewMessage } from './preview.ts'
import { holdsLine, noChanges, toMessage } from './rows.ts'
import { attachSid } from './status.ts'
import { changeMessage, type MessagePatch } from './write.ts'

/** The SID is the truth: it is taken whatever became of this attempt, unless another attempt is under way. */
export async function accepted(
  db: Database,
  claim: Claim,
  answer: { twilioSid: string; status: MessageStatus; at: number; failure: Failure | null },
): Promise<StatusApplied> {
  const report: Report = { status: answer.status, failure: answer.failure, at: answer.at }
  return attachSid(
    db,
    { _id: claim.message.id, orgId: claim.orgId },
    answer.twilioSid,
    report,
    (message) => message.attempt === claim.attempt,
  )
}

export function putBack(db: Database, claim: Claim, options: { notBefore: number; delay: Delay | null }): Promise<Changes> {
  return settle(db, claim, ['sending', 'unconfirmed'], (message) => ({
    status: 'queued',
    attempt: message.attempt - 1,
    firstClaimedAt: message.attempt === 1 ? null : message.firstClaimedAt,
    leaseUntil: null,
    notBefore: options.notBefore,
    delay: options.delay,
  }))
}

export function unconfirm(db: Database, claim: Claim): Promise<Changes> {
  return settle(db, claim, ['sending'], () => ({ status: 'unconfirmed' }))
}

export function sendAgain(db: Database, claim: Claim): Promise<Changes> {
  return settle(db, claim, ['unconfirmed'], () => ({ status: 'queued', leaseUntil: null, notBefore: null }))
}

export function fail(db: Database, claim: Claim, failure: Failure, now: number): Promise<Changes> {
  return settle(db, claim, ['queued', 'sending', 'unconfirmed'], () => failed(failure, now))
}

export async function giveUp(db: Database, orgId: string, id: string, failure: Failure, now: number): Promise<Changes | null> {
  await findMessage(db, orgId, id)
  const changed = await changeMessage(db, { _id: id, orgId }, (message) =>
    message.status === 'unconfirmed' && message.twilioSid === null ? failed(failure, now) : null,
  )
  return changed && previewMessage(db, changed.after)
}

export async function setDelay(db: Database, orgId: string, id: string, delay: Delay | null): Promise<Changes> {
  await findMessage(db, orgId, id)
  const changed = await changeMessage(db, { _id: id, orgId }, (message) =>
    message.status === 'queued' && message.twilioSid === null && JSON.stringify(message.delay) !== JSON.stringify(delay) ? { delay } : null,
  )
  return { ...noChanges(orgId), messages: changed ? [toMessage(changed.after)] : [] }
}

/** Times are the caller's, as they were when it claimed. */
export async function expireClaims(db: Database, orgId: string, sender: string, options: { now: number; fence: number }): Promise<Changes> {
  const over = { $or: [{ fence: { $lt: options.fence } }, { leaseUntil: { $lte: options.now } }] }
  const claims = await db.messages.find({ orgId, sender, open: true, status: 'sending', ...over }, { projection: { _id: 1 } }).toArray()
  const all = noChanges(orgId)
  for (const { _id } of claims) {
    const changed = await changeMessage(db, { _id, orgId }, (message) => {
      const expired = (message.fence ?? 0) < options.fence || (message.leaseUntil ?? 0) <= options.now
      return message.status === 'sending' && message.twilioSid === null && expired ? { status: 'unconfirmed', echo: true } : null
    })
    if (!changed) continue
    const changes = await previewMessage(db, changed.after)
    all.messages.push(...changes.messages)
    all.conversations.push(...changes.conversations)
  }
  return all
}

async function settle(
  db: Database,
  claim: Claim,
  from: readonly MessageStatus[],
  patch: (message: MessageDoc) => MessagePatch,
): Promise<Changes> {
  const changed = await changeMessage(db, { _id: claim.message.id, orgId: claim.orgId }, (message) => {
    const current = message.attempt === claim.attempt && message.claimedAt === claim.claimedAt
    return current && holdsLine(message) && from.includes(message.status) ? { ...patch(message), echo: true } : null
  })
  return changed ? previewMessage(db, changed.after) : noChanges(claim.orgId)
}

function failed(failure: Failure, now: number): MessagePatch {
  return { status: 'failed', error: failure, failedAt: now, delay: null, leaseUntil: null, open: undefined, echo: true }
}
