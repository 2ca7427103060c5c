// The server's own answers, held against each other: the log and the threads, the counts of each conversation and a recount,
// the order on each line and the order in which Twilio got it.
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import type { SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import { canonical, createDifferences, type Difference } from './difference.ts'

export interface ThreadSides {
  accepted: readonly SimulatedMessage[]
  /** All of the message log. */
  stored: readonly Message[]
  /** Each thread, read by itself, ascending. */
  threads: ReadonlyMap<string, readonly Message[]>
  /** The rows as each agent gets them, with what the agent acknowledged to have read and the agent's totals. */
  agents: readonly { id: string; rows: readonly OwnConversation[]; reads: ReadonlyMap<string, number>; unread: Unread }[]
}

export function compareThreads({ accepted, stored, threads, agents }: ThreadSides): Difference[] {
  const { all, differ } = createDifferences()
  const logged = new Map(stored.map((one) => [one.id, canonical(one)]))
  const inThreads = [...threads.values()].flat()
  for (const one of inThreads) if (logged.get(one.id) !== canonical(one)) differ('thread and log differ', one.id)
  if (inThreads.length !== stored.length) differ('thread and log differ', `${inThreads.length} in threads, ${stored.length} in the log`)

  const place = new Map(accepted.map((one, index) => [one.sid, index]))
  for (const row of agents[0]?.rows ?? []) {
    const own = threads.get(row.id) ?? []
    const holes = own.filter((one, index) => one.seq !== index + 1)
    if (holes.length > 0 || own.length !== row.lastSeq) differ('seq with gaps', `${row.id}: ${own.length} of ${row.lastSeq}`)
    const inbound = own.filter((one) => one.direction === 'inbound').length
    if (inbound !== row.inboundCount) differ('inboundCount', `${row.id}: ${row.inboundCount} instead of ${inbound}`)
    const lastAnswer = own.findLastIndex((one) => one.direction === 'outbound')
    const answered = own.slice(0, Math.max(0, lastAnswer)).filter((one) => one.direction === 'inbound').length
    if (answered !== row.answeredCount) differ('answeredCount', `${row.id}: ${row.answeredCount} instead of ${answered}`)
    const last = own.at(-1)
    if (last !== undefined && (row.lastMessage?.id !== last.id || row.lastMessage.status !== last.status))
      differ('lastMessage', `${row.id}: ${row.lastMessage?.id} ${row.lastMessage?.status} instead of ${last.id} ${last.status}`)

    const order = own.flatMap((one) => (one.direction === 'outbound' && one.twilioSid !== null ? [place.get(one.twilioSid) ?? -1] : []))
    const wrong = order.findIndex((at, index) => index > 0 && at < (order[index - 1] ?? 0))
    if (wrong !== -1) differ('order', `${row.id}: ${accepted[order[wrong] ?? -1]?.sid} went before what was written before it`)
  }
  for (const { id, rows, reads, unread } of agents) {
    if (rows.length !== threads.size) differ('rows', `${id}: ${rows.length} instead of ${threads.size}`)
    let total = 0
    for (const row of rows) {
      const read = (threads.get(row.id) ?? []).filter((one) => one.direction === 'inbound' && (one.seq ?? 0) <= row.readSeq).length
      if (row.readCount !== read) differ('readCount', `${id} ${row.id}: ${row.readCount} instead of ${read}`)
      const recount = Math.max(0, row.inboundCount - Math.max(row.answeredCount, row.readCount))
      if (row.unread !== recount) differ('unread of a row', `${id} ${row.id}: ${row.unread} instead of ${recount}`)
      if (row.readSeq < (reads.get(row.id) ?? 0)) differ('read, and forgotten', `${id} ${row.id}: ${row.readSeq} of ${reads.get(row.id)}`)
      total += recount
    }
    if (unread.total !== total) differ('unread in all', `${id}: ${unread.total} instead of ${total}`)
    const waiting = rows.filter((row) => row.unread > 0).length
    if (unread.conversations !== waiting) differ('unread conversations', `${id}: ${unread.conversations} instead of ${waiting}`)
    const awaiting = rows.filter((row) => row.awaitingReplySince !== null).length
    if (unread.awaitingReply !== awaiting) differ('awaiting reply', `${id}: ${unread.awaitingReply} instead of ${awaiting}`)
  }
  return all
}
