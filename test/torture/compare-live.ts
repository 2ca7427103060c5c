// Compares what clients hold, by live events and by catching up, before anybody opens a thread or asks again.
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import type { Seen } from './client-view.ts'
import { canonical, createDifferences, type Difference } from './difference.ts'
import type { WidgetHeld } from './widget-view.ts'

export interface LiveSides {
  agent: string
  seen: Seen
  rows: readonly OwnConversation[]
  unread: Unread
}

/** The fields that differ, as they are held and as they should be. */
function othersOf(ours: OwnConversation, theirs: OwnConversation): string[] {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])] as (keyof OwnConversation)[]
  return names.flatMap((name) => {
    const [held, right] = [canonical(ours[name] ?? null), canonical(theirs[name] ?? null)]
    return held === right ? [] : `${name} ${held} instead of ${right}`
  })
}

const totals = ['total', 'conversations', 'awaitingReply'] as const

export function compareLive({ agent, seen, rows, unread }: LiveSides): Difference[] {
  const { all, differ } = createDifferences()
  for (const row of rows) {
    // Nothing was said in it so far: it is in nobody's list.
    if (row.lastSeq === 0) continue
    const { unread: _unread, readCount: _readCount, readSeq, ...broadcast } = row
    const held = seen.conversations.get(row.id)
    if (held === undefined || canonical(held) !== canonical(broadcast))
      differ('a row was not told', `${agent} ${row.id}: rev ${held?.rev} instead of ${row.rev}`)
    const cursor = seen.cursors.get(row.id)?.readSeq ?? 0
    if (cursor !== readSeq) differ('reading was not told', `${agent} ${row.id}: ${cursor} instead of ${readSeq}`)
  }
  for (const field of totals)
    if (seen.unread?.[field] !== unread[field])
      differ(`unread was not told: ${field}`, `${agent}: ${seen.unread?.[field]} instead of ${unread[field]}`)
  return all
}

export interface WidgetSides {
  agent: string
  held: WidgetHeld
  rows: readonly OwnConversation[]
  unread: Unread
  threads: ReadonlyMap<string, readonly Message[]>
}

/** The real client: its rows with the agent's own numbers, and the threads that it shows. */
export function compareWidget({ agent, held, rows, unread, threads }: WidgetSides): Difference[] {
  const { all, differ } = createDifferences()
  if (held.link !== 'online') differ('the widget is not online', `${agent}: ${held.link}`)
  for (const error of held.errors) differ('a defect in the widget', error)
  for (const row of rows) {
    const one = held.rows.get(row.id)
    // It may know no more than the first page of the list; what it knows is right.
    if (one !== undefined && canonical(one) !== canonical(row))
      differ('the widget’s row', `${agent} ${row.id}, rev ${one.rev} and ${row.rev}: ${othersOf(one, row).join(', ')}`)
  }
  const placed = (list: readonly Message[] = []) => new Map(list.filter((one) => one.seq !== null).map((one) => [one.id, one]))
  for (const [id, shown] of held.threads) {
    const [ours, theirs] = [placed(shown), placed(threads.get(id))]
    for (const one of theirs.values()) {
      const kept = ours.get(one.id)
      if (canonical(kept) !== canonical(one))
        differ('the widget’s message', `${agent} ${one.id}: ${kept?.status} rev ${kept?.rev} instead of ${one.status} rev ${one.rev}`)
    }
    for (const kept of ours.keys())
      if (!theirs.has(kept)) differ('the widget’s message, of which the thread knows nothing', `${agent} ${id}: ${kept}`)
  }
  for (const field of totals)
    if (held.unread[field] !== unread[field])
      differ(`the widget’s unread: ${field}`, `${agent}: ${held.unread[field]} instead of ${unread[field]}`)
  return all
}
