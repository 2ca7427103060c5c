// How a claim ends: taken by Twilio, put back, unknown, failed. Writes about an attempt that is over are ignored.
import type { Delay, Failure, MessageStatus } from '../../../shared/model.ts'
import { isOpen } from '../../../shared/status.ts'
import type { Changes, Claim, StatusApplied } from '../records.ts'
import { changed } from './changed.ts'
import { touchPreview } from './conversation-row.ts'
import { messageById, messageBySid, saveProgress } from './message-row.ts'
import { json, type MessageRow, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'
import { forgetOwnEnd, mergeHeld, mergeStatus } from './status.ts'

/** The SID is the truth: it is taken whatever became of the attempt, as long as the message has none. */
export function accepted(
  sql: Sqlite,
  claim: Claim,
  answer: { twilioSid: string; status: MessageStatus; at: number; failure: Failure | null },
): Promise<StatusApplied> {
  return sql.write(() => {
    const { orgId, lineId } = claim
    const row = messageById(sql, orgId, claim.message.id)
    if (!row) return { outcome: 'held' }
    const before = toMessage(row)
    const wasOpen = isOpen(row.status, row.twilio_sid)
    if (row.twilio_sid !== null && row.twilio_sid !== answer.twilioSid) return { outcome: 'unchanged', message: before, lineId }
    // A second request is under way: the first one's late answer says nothing about it.
    if (row.status === 'sending' && row.attempt !== claim.attempt) return { outcome: 'unchanged', message: before, lineId }
    const isNews = row.twilio_sid === null
    if (isNews && messageBySid(sql, orgId, answer.twilioSid)) return { outcome: 'unchanged', message: before, lineId }
    row.twilio_sid = answer.twilioSid
    row.delay = null
    row.lease_until = null
    if (isNews) forgetOwnEnd(row)
    const report = { status: answer.status, failure: answer.failure, at: answer.at }
    const merged = mergeStatus(row, [report])
    if (isNews) mergeHeld(sql, row)
    if (!isNews && merged === 'nothing') return { outcome: 'unchanged', message: before, lineId }
    const { message, changes } = save(sql, row)
    return { outcome: 'applied', message, changes, lineId: row.line_id ?? lineId, released: wasOpen }
  })
}

export function putBack(sql: Sqlite, claim: Claim, options: { now: number; notBefore: number; delay: Delay | null }): Promise<Changes> {
  return settle(sql, claim, ['sending', 'unconfirmed'], (row) => {
    row.status = 'queued'
    row.attempt--
    if (row.attempt === 0) row.first_claimed_at = null
    row.lease_until = null
    row.not_before = options.notBefore
    row.delay = json(options.delay)
  })
}

export function unconfirm(sql: Sqlite, claim: Claim): Promise<Changes> {
  return settle(sql, claim, ['sending'], (row) => {
    row.status = 'unconfirmed'
  })
}

export function sendAgain(sql: Sqlite, claim: Claim): Promise<Changes> {
  return settle(sql, claim, ['unconfirmed'], (row) => {
    row.status = 'queued'
    row.lease_until = null
    row.not_before = null
  })
}

export function fail(sql: Sqlite, claim: Claim, failure: Failure, now: number): Promise<Changes> {
  return settle(sql, claim, ['queued', 'sending', 'unconfirmed'], (row) => failNow(row, failure, now))
}

export function setDelay(sql: Sqlite, orgId: string, id: string, delay: Delay | null): Promise<Changes> {
  return sql.write(() => {
    const row = messageById(sql, orgId, id)
    if (row?.status !== 'queued' || row.twilio_sid !== null || row.delay === json(delay)) return changed(orgId)
    row.delay = json(delay)
    saveProgress(sql, row)
    return changed(orgId, { messages: [toMessage(row)] })
  })
}

export function giveUp(sql: Sqlite, orgId: string, id: string, failure: Failure, now: number): Promise<Changes | null> {
  return sql.write(() => {
    const row = messageById(sql, orgId, id)
    if (row?.status !== 'unconfirmed' || row.twilio_sid !== null) return null
    failNow(row, failure, now)
    return save(sql, row).changes
  })
}

export function expireClaims(sql: Sqlite, orgId: string, sender: string, options: { now: number; fence: number }): Promise<Changes> {
  return sql.write(() => {
    const rows = sql.all<MessageRow>(
      `SELECT * FROM messages INDEXED BY messages_in_flight
       WHERE org_id = ? AND sender = ? AND twilio_sid IS NULL AND status = 'sending' AND (fence < ? OR lease_until <= ?)`,
      orgId,
      sender,
      options.fence,
      options.now,
    )
    const all = changed(orgId)
    for (const row of rows) {
      row.status = 'unconfirmed'
      const { changes } = save(sql, row)
      all.messages.push(...changes.messages)
      all.conversations.push(...changes.conversations)
    }
    return all
  })
}

function settle(sql: Sqlite, claim: Claim, from: readonly MessageStatus[], change: (row: MessageRow) => void): Promise<Changes> {
  return sql.write(() => {
    const row = messageById(sql, claim.orgId, claim.message.id)
    const current =
      row && row.twilio_sid === null && from.includes(row.status) && row.attempt === claim.attempt && row.claimed_at === claim.claimedAt
    if (!current) return changed(claim.orgId)
    change(row)
    return save(sql, row).changes
  })
}

function failNow(row: MessageRow, failure: Failure, now: number): void {
  row.status = 'failed'
  row.error = JSON.stringify(failure)
  row.failed_at = now
  row.delay = null
  row.lease_until = null
}

function save(sql: Sqlite, row: MessageRow) {
  saveProgress(sql, row)
  const message = toMessage(row)
  const conversations = touchPreview(sql, row)
  return { message, changes: changed(row.org_id, { conversations, messages: [message] }) }
}
