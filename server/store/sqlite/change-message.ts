// Changes a message by a rule: reads what the rule looks at, commits exactly what it answers.
import { closesLine, expireClaim, type MessageChange, type MessageFacts, type MessageRule } from '../../rules/message.ts'
import { eraseParts } from '../../rules/retention.ts'
import { isShownAlike } from '../../rules/shown-media.ts'
import type { Changes, MessageChanged } from '../records.ts'
import { changed } from './changed.ts'
import { loadConversation, refreshFailures, touchConversations, touchPreview } from './conversation-row.ts'
import { mediaColumnsOf, saveMedia } from './media.ts'
import { messageById, saveProgress } from './message-row.ts'
import { type Extra, json, mediaOf, type MessageRow, parsed, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function changeMessage(sql: Sqlite, orgId: string, id: string, decide: MessageRule): Promise<MessageChanged | null> {
  return sql.write(() => {
    const row = messageById(sql, orgId, id)
    if (!row) return null
    const change = decide(factsOf(row))
    if (change === null) return { changed: false, message: toMessage(row), changes: changed(orgId) }
    return { changed: true, ...saveChange(sql, row, change) }
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
    const all = changed(orgId, { news: 'progress' })
    for (const row of rows) {
      const change = expireClaim(options)(factsOf(row))
      if (change === null) continue
      const { changes } = saveChange(sql, row, change)
      all.messages.push(...changes.messages)
      all.conversations.push(...changes.conversations)
    }
    return all
  })
}

export function factsOf(row: MessageRow): MessageFacts {
  return {
    status: row.status,
    direction: row.direction,
    type: row.type,
    sensitive: row.sensitive === 1,
    text: row.text,
    template: parsed<Extra>(row.extra)?.template ?? null,
    content: parsed(row.content),
    planB: parsed<Extra>(row.extra)?.planB ?? null,
    twilioSid: row.twilio_sid,
    attempt: row.attempt,
    claimedAt: row.claimed_at,
    firstClaimedAt: row.first_claimed_at,
    leaseUntil: row.lease_until,
    fence: row.fence,
    notBefore: row.not_before,
    delay: parsed(row.delay),
    error: parsed(row.error),
    putAway: parsed<Extra>(row.extra)?.putAway === true,
    erased: parsed<Extra>(row.extra)?.erased === true,
    sentAt: row.sent_at,
    deliveredAt: row.delivered_at,
    readAt: row.read_at,
    failedAt: row.failed_at,
    expiresAt: row.expires_at,
    price: parsed(row.price),
    media: mediaOf(row),
    dueAt: row.due_at,
  }
}

const plainColumns = {
  status: 'status',
  type: 'type',
  text: 'text',
  twilioSid: 'twilio_sid',
  attempt: 'attempt',
  claimedAt: 'claimed_at',
  firstClaimedAt: 'first_claimed_at',
  leaseUntil: 'lease_until',
  fence: 'fence',
  notBefore: 'not_before',
  sentAt: 'sent_at',
  deliveredAt: 'delivered_at',
  readAt: 'read_at',
  failedAt: 'failed_at',
  dueAt: 'due_at',
  cost: 'cost',
} as const satisfies Partial<Record<keyof MessageChange, keyof MessageRow>>
const jsonColumns = { delay: 'delay', error: 'error', price: 'price', content: 'content' } as const satisfies Partial<
  Record<keyof MessageChange, keyof MessageRow>
>
type Plain = keyof typeof plainColumns
type Json = keyof typeof jsonColumns

/** Puts the change into the row: its own fields and no others. */
export function applyChange(row: MessageRow, { template, putAway, planB, media, erased, ...change }: MessageChange): void {
  for (const field of Object.keys(change) as (Plain | Json)[])
    if (field in jsonColumns) row[jsonColumns[field as Json]] = json(change[field as Json] ?? null)
    else Object.assign(row, { [plainColumns[field as Plain]]: change[field] })
  if (putAway) row.extra = JSON.stringify({ ...parsed<Extra>(row.extra), putAway })
  if (erased) row.extra = JSON.stringify({ ...eraseParts(parsed<Extra>(row.extra) ?? {}), erased })
  setExtra(row, 'template', template)
  setExtra(row, 'planB', planB)
  if (media) Object.assign(row, mediaColumnsOf(media))
}

/** What it says, and when it goes. */
export function saveWords(sql: Sqlite, row: MessageRow): void {
  sql.run(
    'UPDATE messages SET type = ?, text = ?, extra = ?, content = ?, due_at = ?, cost = ? WHERE id = ?',
    row.type,
    row.text,
    row.extra,
    row.content,
    row.due_at,
    row.cost,
    row.id,
  )
}

/** Null takes it off; undefined leaves it. */
function setExtra<Name extends 'template' | 'planB'>(row: MessageRow, name: Name, value: Extra[Name] | null): void {
  if (value) row.extra = JSON.stringify({ ...parsed<Extra>(row.extra), [name]: value })
  else if (value === null && row.extra !== null) row.extra = JSON.stringify({ ...(JSON.parse(row.extra) as Extra), [name]: undefined })
}

/** Writes the change, and the conversation that shows it. */
export function saveChange(sql: Sqlite, row: MessageRow, change: MessageChange) {
  const before = { status: row.status, twilioSid: row.twilio_sid, claimedAt: row.claimed_at }
  const showsElse = change.media !== undefined && !isShownAlike(mediaOf(row), change.media)
  applyChange(row, change)
  saveProgress(sql, row)
  const { text, template, dueAt, putAway, planB } = change
  if ([text, template, dueAt, putAway, planB].some((one) => one !== undefined)) saveWords(sql, row)
  if (change.media) saveMedia(sql, row)
  const message = toMessage(row)
  const released = closesLine(before, message) ? [row.line_id ?? ''] : []
  const listed = (before.status === 'failed' || row.status === 'failed') && touchFailures(sql, row)
  const shown = touchPreview(sql, row, showsElse)
  const conversations = shown.length === 0 && listed ? touchConversations(sql, row.org_id, [row.conversation_id]) : shown
  return { message, changes: changed(row.org_id, { news: 'progress', conversations, messages: [message], released }) }
}

function touchFailures(sql: Sqlite, row: MessageRow): boolean {
  const conversation = row.seq === null ? undefined : loadConversation(sql, row.org_id, row.conversation_id)
  return conversation !== undefined && refreshFailures(sql, conversation, row)
}
