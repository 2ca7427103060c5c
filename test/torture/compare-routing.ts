// The thread that each client's message came into, held against a model of the rules: the thread of what it quotes (none, where that is
// about a closed record), else
// the record that its line was last filed under or last sent about, while that is open, else its only open record, else none.
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import type { TakenSend } from './agents.ts'
import { messageIdOf } from './compare-ledger.ts'
import { createDifferences, type Difference } from './difference.ts'
import type { Journal } from './journal.ts'
import { type ClientRecords, recordsOf } from './records.ts'

export interface RoutingSides {
  accepted: readonly SimulatedMessage[]
  stored: readonly Message[]
  rows: readonly OwnConversation[]
  taken: readonly TakenSend[]
  journal: Readonly<Journal>
  addresses: readonly string[]
}

/** Something of ours that entered a line, or filed it, between two moments. */
interface Entry {
  record: string | null
  from: number
  to: number
}

/** `certain`: how many could have come into one thread only. */
export function compareRouting({ accepted, stored, rows, taken, journal, addresses }: RoutingSides): {
  differences: Difference[]
  certain: number
} {
  const { all, differ } = createDifferences()
  const bySid = new Map(stored.map((one) => [one.twilioSid, one]))
  const byId = new Map(stored.map((one) => [one.id, one]))
  const moved = new Set(journal.moves.flatMap((move) => move.ids))
  const reached = new Map(accepted.map((one) => [messageIdOf(one), one]))
  const later = new Set(journal.later.map((one) => one.messageId))
  const notes = new Set(journal.notes.map((one) => one.messageId))
  // Also of what never reached Twilio: it was the last thing on its line all the same.
  const clientOf = new Map(rows.map((row) => [row.id, addresses.indexOf(row.contact.phone ?? '')]))

  const lines = new Map<string, Entry[]>()
  const enter = (id: string, record: string | null, from: number, to: number) => {
    const one = byId.get(id)
    const phone = clientOf.get(one?.conversationId ?? '') ?? -1
    if (one === undefined || phone < 0 || one.seq === null) return
    const line = `${phone} ${one.channel}`
    lines.set(line, [...(lines.get(line) ?? []), { record, from, to: Math.min(to, reached.get(id)?.at ?? to) }])
  }
  for (const one of taken)
    if (!notes.has(one.messageId))
      enter(one.messageId, one.coordinationId, one.askedAt, later.has(one.messageId) ? Number.POSITIVE_INFINITY : one.takenAt)
  for (const one of stored) {
    const retries = journal.retries.filter((retry) => retry.of === one.retryOf)
    if (one.retryOf === null || retries.length === 0) continue
    const answered = retries.filter((retry) => retry.newId !== null).map((retry) => retry.takenAt)
    const record = moved.has(one.id) ? undefined : one.coordinationId
    const from = Math.min(...retries.map((retry) => retry.askedAt))
    if (record !== undefined) enter(one.id, record, from, Math.min(Number.POSITIVE_INFINITY, ...answered))
  }

  // A move out of what is unfiled, or back into it, files the line.
  for (const { ids, from, to, asked, undoAsked, made } of journal.moves) {
    const one = byId.get(ids[0] ?? '')
    if (made === false || one === undefined || (from !== null && to !== null)) continue
    const line = `${clientOf.get(one.conversationId) ?? -1} ${one.channel}`
    const undone = undoAsked === null ? [] : [{ record: from, ...undoAsked }]
    lines.set(line, [...(lines.get(line) ?? []), { record: to, ...asked }, ...undone])
  }

  let certain = 0
  for (const write of journal.writes) {
    const kept = bySid.get(write.sid)
    const records = recordsOf(write.phone)
    if (kept === undefined || moved.has(kept.id) || records.filed || (write.quotes !== null && moved.has(write.quotes))) continue
    const told = write.webhook === 'accepted'
    const before = lastBefore(lines.get(`${write.phone} ${write.channel}`) ?? [], write.from, told ? write.to : Number.POSITIVE_INFINITY)
    const allowed = new Set(before.map((record) => ruled(record, records)))
    if (write.quotes !== null) {
      // Its list does not tell what a message quotes; its webhook does.
      if (told && write.to - write.from < PROMPT_MS) allowed.clear()
      const quoted = byId.get(write.quotes)?.coordinationId ?? null
      allowed.add(quoted !== null && records.closed.includes(quoted) ? null : quoted)
    }
    if (allowed.size === 1) certain++
    if (!allowed.has(kept.coordinationId))
      differ(
        'came into another thread',
        `${write.sid}: ${kept.coordinationId} instead of ${[...allowed].join(' or ')}, quotes ${write.quotes}`,
      )
  }
  return { differences: all, certain }
}

/** So soon, recovery from the list cannot have been before the webhook. */
const PROMPT_MS = 1_500

/** Of which records the line's last one can have been; undefined: of none. */
function lastBefore(entries: readonly Entry[], from: number, to: number): (string | null | undefined)[] {
  const sure = entries.filter((one) => one.to <= from)
  const latest = Math.max(...sure.map((one) => one.from))
  const possible = entries.filter((one) => one.from <= to && !(one.to < latest))
  return [...(sure.length === 0 ? [undefined] : []), ...possible.map((one) => one.record)]
}

function ruled(last: string | null | undefined, { open }: ClientRecords): string | null {
  if (last !== undefined && last !== null && open.includes(last)) return last
  return open.length === 1 ? (open[0] ?? null) : null
}
