// Compares what agents did besides writing with what is stored: plans, notes, guards, retries, moves and their undoing,
// labels.
import type { Message, OwnConversation } from '../../shared/model.ts'
import { canonical, createDifferences, type Difference } from './difference.ts'
import type { Journal, Move } from './journal.ts'

export interface DeskSides {
  stored: readonly Message[]
  rows: readonly OwnConversation[]
  journal: Readonly<Journal>
}

export function compareDesk({ stored, rows, journal }: DeskSides): Difference[] {
  const { all, differ } = createDifferences()
  const byId = new Map(stored.map((one) => [one.id, one]))
  const moved = new Set(journal.moves.flatMap((move) => move.ids))
  const rowOf = new Map(rows.map((row) => [row.id, row]))

  for (const one of journal.notes) {
    const kept = byId.get(one.messageId)
    if (kept !== undefined && (kept.direction !== 'internal' || kept.type !== 'note')) differ('a note is no note', one.messageId)
  }
  for (const one of journal.later) {
    const kept = byId.get(one.messageId)
    // Null: its time was over when it came, by the server's clock.
    if (kept?.dueAt !== null && kept?.dueAt !== one.sendAt)
      differ('planned for another time', `${one.messageId}: ${kept?.dueAt}, not ${one.sendAt}`)
  }

  const said = ({ id, seq, status, author, createdAt, dueAt }: Message) => canonical({ id, seq, status, by: author.id, createdAt, dueAt })
  const answers = stored.filter((one) => one.direction === 'outbound' && one.author.type === 'agent' && one.seq !== null)
  for (const one of journal.guarded) {
    const kept = byId.get(one.messageId)
    // Joined into another thread, it has other neighbours.
    if (kept === undefined || moved.has(kept.id) || kept.conversationId !== one.conversationId) continue
    const between = answers.find(
      (other) =>
        other.conversationId === kept.conversationId &&
        other.author.id !== one.agentId &&
        !moved.has(other.id) &&
        (other.seq ?? 0) > one.since &&
        (other.seq ?? 0) < (kept.seq ?? 0),
    )
    if (between !== undefined) differ('answered twice', `guarded since ${one.since}: ${said(kept)} after ${said(between)}`)
  }
  for (const { conversationId, agentId, since, from, to } of journal.collided) {
    if (!rowOf.has(conversationId)) continue
    const thread = stored.filter(
      (one) => one.conversationId === conversationId && ((one.seq ?? 0) > since || wasAboutToGo(one, { from, to })),
    )
    if (!thread.some((one) => one.type === 'moved' || (one.direction === 'outbound' && one.author.id !== agentId)))
      differ(
        'refused without a colleague’s answer',
        `${conversationId} since ${since}, ${agentId} from ${from} to ${to}: ${near(stored, conversationId, to).map(said)}`,
      )
  }

  const again = new Map<string, string[]>()
  for (const one of stored) if (one.retryOf !== null) again.set(one.retryOf, [...(again.get(one.retryOf) ?? []), one.id])
  for (const [of, ids] of again) {
    if (ids.length > 1) differ('sent again twice', `${of}: ${ids.join(', ')}`)
    if (byId.get(ids[0] ?? '')?.text !== byId.get(of)?.text) differ('sent again, other text', of)
  }
  for (const one of journal.retries)
    if (one.newId !== null && again.get(one.of)?.[0] !== one.newId) differ('retry acknowledged, not stored', `${one.of}: ${one.newId}`)

  const lines = new Map<string, Message[]>()
  for (const one of stored) for (const { id } of one.moved?.messages ?? []) lines.set(id, [...(lines.get(id) ?? []), one])
  for (const move of journal.moves) for (const old of move.old) compareMove(move, old, byId.get(old.id), lines.get(old.id) ?? [], differ)
  for (const id of lines.keys()) if (!moved.has(id)) differ('moved, nobody asked for it', id)

  for (const [id, possible] of journal.labels) {
    const row = rowOf.get(id)
    const found = { tags: row?.tags, assigneeId: row?.assignee?.id ?? null }
    if (!possible.some((one) => canonical(one) === canonical(found)))
      differ('labels', `${id}: ${canonical(found)} instead of ${possible.map(canonical).join(' or ')}`)
  }
  return all
}

/** What the thread holds of about that moment, for whoever looks for the reason. */
function near(stored: readonly Message[], conversationId: string, at: number): Message[] {
  const isNear = (time: string | null) => time !== null && Math.abs(Date.parse(time) - at) < 60_000
  return stored.filter((one) => one.conversationId === conversationId && (isNear(one.createdAt) || isNear(one.dueAt)))
}

/**
 * A colleague's plan for about the time in which the server decided, which was taken back since: plans here are for five seconds later
 * at most. What the database holds up is answered late.
 */
function wasAboutToGo({ seq, dueAt, status }: Message, { from, to }: { from: number; to: number }): boolean {
  const due = dueAt === null ? null : Date.parse(dueAt)
  return seq === null && status === 'canceled' && due !== null && due > from - 6_000 && due < to + 6_000
}

function compareMove(
  move: Move,
  old: Move['old'][number],
  kept: Message | undefined,
  lines: readonly Message[],
  differ: (what: string, detail: string) => void,
): void {
  const place = (one: { conversationId: string; seq: number | null } | undefined) => `${one?.conversationId} ${one?.seq}`
  const here = kept?.coordinationId === move.to && kept.conversationId !== old.conversationId
  const home = place(kept) === place(old)
  const said = `${old.id}: made ${move.made}, undone ${move.undone}, at ${place(kept)}, was at ${place(old)}`
  if (here) {
    if (move.made === false || move.undone === true) differ('moved, and not undone', said)
    else if (lines.length !== 1 || place(lines[0]) !== place(old))
      differ('no mark of the move', `${said}, ${lines.length} marks at ${place(lines[0])}`)
  } else if (home) {
    if (move.made === true && move.undone === false) differ('not moved', said)
    else if (lines.length > 1 || (move.undone === true && lines[0]?.coordinationId !== move.to)) differ('no mark of the undoing', said)
  } else differ('moved elsewhere', said)
}
