// Messages that landed in the wrong record's thread: moved by an agent, and put back once.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { demandRecord, type RecordClient } from '../coordinations/provide-record.ts'
import type { Caller, Parts } from '../parts.ts'
import { tell } from '../tell.ts'

export async function moveMessages(
  parts: Parts,
  caller: Caller,
  body: { ids: string[]; coordinationId: string | null },
): Promise<{ moved: Message[]; undoId: string }> {
  if (body.coordinationId !== null) await demandRecord(parts, caller, body.coordinationId, () => clientOf(parts, caller, body.ids[0] ?? ''))
  else if (caller.scope !== null) throw new DomainError('forbidden', 'This token may only move messages between the records that it names.')
  const ids = [...new Set(body.ids)]
  const by = { id: caller.agentId, name: caller.name }
  const result = await parts.store.moveMessages(caller, ids, body.coordinationId, by, parts.clock.now())
  if (result === null) {
    for (const id of ids)
      if ((await parts.store.message(caller, id)) === null)
        throw new DomainError('not_found', 'One of these messages does not exist, or is not yours to see.')
    throw new DomainError('conflict', 'One of these messages cannot be moved now: it still waits to be sent, or is a note of another move.')
  }
  tell(parts, result.changes)
  return { moved: result.moved, undoId: result.undoId }
}

async function clientOf({ store }: Parts, caller: Caller, messageId: string): Promise<RecordClient | null> {
  const message = await store.message(caller, messageId)
  return message && ((await store.conversation(caller, message.conversationId))?.contact ?? null)
}

export async function undoMove(parts: Parts, caller: Caller, undoId: string): Promise<{ moved: Message[] }> {
  const by = { id: caller.agentId, name: caller.name }
  const result = await parts.store.undoMove(caller, undoId, by, parts.clock.now())
  switch (result.outcome) {
    case 'missing':
      throw new DomainError('not_found', 'There is no such move, or it is not yours to undo.')
    case 'done_before':
      throw new DomainError('conflict', 'This move was undone before.')
    case 'undone':
      tell(parts, result.changes)
      return { moved: result.moved }
  }
}
