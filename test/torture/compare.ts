// The simulator's ledger, the store and a client's view, held against each other both ways. Every difference is a line.
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import type { Seen } from './client-view.ts'

export interface Difference {
  what: string
  detail: string
}

interface Sides {
  /** What Twilio took, and what clients wrote. */
  accepted: readonly SimulatedMessage[]
  written: readonly SimulatedMessage[]
  /** What the server says that it holds. */
  stored: readonly Message[]
  rows: readonly OwnConversation[]
  seen: Seen
  /** How many the callers made. */
  expected: { inbound: number; outbound: number }
}

export function compare({ accepted, written, stored, rows, seen, expected }: Sides): Difference[] {
  const differences: Difference[] = []
  const differ = (what: string, detail: string) => differences.push({ what, detail })
  const bySid = new Map(stored.filter((one) => one.twilioSid !== null).map((one) => [one.twilioSid, one]))

  for (const [what, list, direction] of [
    ['written', written, 'inbound'],
    ['accepted', accepted, 'outbound'],
  ] as const)
    for (const one of list) {
      const kept = bySid.get(one.sid)
      if (kept === undefined) {
        differ(`${what}, not stored`, `${one.sid} "${one.body}"`)
        continue
      }
      const status = direction === 'inbound' ? 'received' : one.status
      for (const [field, ours, theirs] of [
        ['direction', kept.direction, direction],
        ['channel', kept.channel, one.channel],
        ['text', kept.text, one.body],
        ['status', kept.status, status],
      ])
        if (ours !== theirs) differ(`${what}, other ${field}`, `${one.sid}: ${ours} instead of ${theirs}`)
    }
  const known = new Set([...accepted, ...written].map((one) => one.sid))
  for (const one of stored) {
    if (one.twilioSid === null) differ('stored without a SID', `${one.id} ${one.status} ${one.error?.reason ?? ''}`)
    else if (!known.has(one.twilioSid)) differ('stored, not in the ledger', one.twilioSid)
  }
  // Each text was written or sent once, so a text that stands twice was taken or sent twice.
  for (const [side, texts] of [
    ['stored', stored.map((one) => one.text)],
    ['accepted', accepted.map((one) => one.body)],
  ] as const) {
    const counts = new Map<string, number>()
    for (const text of texts) if (text !== 'hola') counts.set(text, (counts.get(text) ?? 0) + 1)
    for (const [text, count] of counts) if (count > 1) differ(`${side} ${count} times`, text)
  }
  for (const direction of ['inbound', 'outbound'] as const) {
    const count = stored.filter((one) => one.direction === direction).length
    if (count !== expected[direction]) differ(`${direction}: other number`, `${count} stored, ${expected[direction]} made`)
  }

  for (const row of rows) {
    const own = stored.filter((one) => one.conversationId === row.id).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    const gaps = own.map((one) => one.seq).filter((seq, index) => seq !== index + 1)
    if (gaps.length > 0 || own.length !== row.lastSeq) differ('seq with gaps', `${row.id}: ${own.length} of ${row.lastSeq}`)
    const inbound = own.filter((one) => one.direction === 'inbound').length
    if (inbound !== row.inboundCount) differ('inboundCount', `${row.id}: ${row.inboundCount} of ${inbound}`)
    const lastAnswer = own.findLastIndex((one) => one.direction === 'outbound')
    const answered = own.slice(0, Math.max(0, lastAnswer)).filter((one) => one.direction === 'inbound').length
    if (answered !== row.answeredCount) differ('answeredCount', `${row.id}: ${row.answeredCount} of ${answered}`)
    const last = own.at(-1)
    if (last !== undefined && (row.lastMessage?.id !== last.id || row.lastMessage.status !== last.status))
      differ('lastMessage', `${row.id}: ${row.lastMessage?.id} ${row.lastMessage?.status} instead of ${last.id} ${last.status}`)
    // Order on the line: what Twilio got is what the thread says.
    const sent = own.filter((one) => one.direction === 'outbound').map((one) => one.twilioSid)
    const at = new Map(accepted.map((one, index) => [one.sid, index]))
    const order = sent.map((sid) => at.get(sid ?? '') ?? -1)
    if (order.some((place, index) => index > 0 && place < (order[index - 1] ?? 0))) differ('order', row.id)

    const held = seen.conversations.get(row.id)
    const { unread: _u, readCount: _c, readSeq: _s, ...broadcast } = row
    const shown = Object.fromEntries(Object.entries(held ?? {}).filter(([name]) => name in broadcast))
    if (JSON.stringify(shown, sorted) !== JSON.stringify(broadcast, sorted))
      differ('view of a row', `${row.id}: rev ${held?.rev} and ${row.rev}`)
  }
  for (const one of stored) {
    const held = seen.messages.get(one.id)
    if (JSON.stringify(held, sorted) !== JSON.stringify(one, sorted))
      differ('view of a message', `${one.id}: ${held?.status} rev ${held?.rev} and ${one.status} rev ${one.rev}`)
  }
  for (const id of seen.messages.keys()) if (!stored.some((one) => one.id === id)) differ('seen, not stored', id)
  return differences
}

/** Fields in one order, whatever order they came in. */
function sorted(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
}
