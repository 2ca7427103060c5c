// The server's own answers, held against each other: the log and the threads, the counts of each conversation and a recount.
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import type { Journal } from './journal.ts'
import { isHeld } from '../../shared/held.ts'
import { canonical, createDifferences, type Difference } from './difference.ts'

export interface ThreadSides {
  /** All of the message log. */
  stored: readonly Message[]
  /** Each thread, read by itself, ascending. */
  threads: ReadonlyMap<string, readonly Message[]>
  /** Threads that somebody closed, so that not only answers answered them; and what was moved, or may have been. */
  journal: Pick<Journal, 'closed' | 'moves'>
  /** Whether it may be two that were joined: then an answer in one is behind what nobody answered in the other. */
  joined(row: OwnConversation): boolean
  /** The rows as each agent gets them, with what the agent acknowledged to have read and the agent's totals. */
  agents: readonly { id: string; rows: readonly OwnConversation[]; reads: ReadonlyMap<string, number>; unread: Unread }[]
}

/**
 * At most and at least answered by what stands in a thread: each of ours answers what is before it; one that was held, only what
 * was there as it was written.
 */
function answeredIn(own: readonly Message[], moved: ReadonlySet<string>, counts: (one: Message) => boolean): [most: number, least: number] {
  let [most, least] = [0, 0]
  own.forEach((answer, index) => {
    if (answer.direction !== 'outbound' || moved.has(answer.id)) return
    const before = own.slice(0, index).filter(counts)
    most = before.length
    const read = isHeld({ ...answer, status: 'scheduled' }) ? before.filter((one) => one.createdAt <= answer.createdAt) : before
    least = Math.max(least, read.length)
  })
  return [most, least]
}

export function compareThreads({ stored, threads, journal: { closed, moves }, joined, agents }: ThreadSides): Difference[] {
  const { all, differ } = createDifferences()
  const moved = new Set(moves.flatMap((move) => move.ids))
  const undone = new Set(moves.filter((move) => move.undone !== false).flatMap((move) => move.ids))
  // A message that is only planned, or was canceled before it was due, has no place.
  const placed = stored.filter((one) => one.seq !== null)
  const logged = new Map(placed.map((one) => [one.id, canonical(one)]))
  const directions = new Map(stored.map((one) => [one.id, one.direction]))
  /** Where a client's message was moved away from, its place goes on counting. */
  const counts = (one: Message) => (one.moved === undefined ? one.direction : directions.get(one.moved.messages[0]?.id ?? '')) === 'inbound'
  const inThreads = [...threads.values()].flat()
  for (const one of inThreads) if (logged.get(one.id) !== canonical(one)) differ('thread and log differ', one.id)
  if (inThreads.length !== placed.length) differ('thread and log differ', `${inThreads.length} in threads, ${placed.length} in the log`)

  for (const row of agents[0]?.rows ?? []) {
    const own = threads.get(row.id) ?? []
    const holes = own.filter((one, index) => one.seq !== index + 1)
    if (holes.length > 0 || own.length !== row.lastSeq) differ('seq with gaps', `${row.id}: ${own.length} of ${row.lastSeq}`)
    const inbound = own.filter(counts).length
    if (inbound !== row.inboundCount) differ('inboundCount', `${row.id}: ${row.inboundCount} instead of ${inbound}`)
    const touched = closed.has(row.id) || joined(row) || own.some((one) => moved.has(one.id) || one.type === 'moved')
    const [most, sure] = joined(row) ? [inbound, 0] : answeredIn(own, moved, counts)
    // A message that an undo brings back is as unanswered as it was, also where its thread was answered meanwhile.
    const least = own.some((one) => undone.has(one.id)) ? 0 : sure
    if (row.answeredCount < least || row.answeredCount > (touched ? inbound : most))
      differ('answeredCount', `${row.id}: ${row.answeredCount} instead of ${least}${touched ? ' or more' : ` to ${most}`}`)
    if ((row.awaitingReplySince !== null) !== row.inboundCount > row.answeredCount)
      differ('awaitingReplySince', `${row.id}: ${row.awaitingReplySince}, ${row.answeredCount} of ${row.inboundCount} answered`)
    const last = own.findLast((one) => one.direction !== 'internal')
    if (row.lastMessage?.id !== last?.id || row.lastMessage?.status !== last?.status)
      differ('lastMessage', `${row.id}: ${row.lastMessage?.id} ${row.lastMessage?.status} instead of ${last?.id} ${last?.status}`)
  }
  for (const { id, rows, reads, unread } of agents) {
    if (rows.length !== threads.size) differ('rows', `${id}: ${rows.length} instead of ${threads.size}`)
    let total = 0
    for (const row of rows) {
      const read = (threads.get(row.id) ?? []).filter((one) => counts(one) && (one.seq ?? 0) <= row.readSeq).length
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
