// Messages that landed in the wrong record's thread: moved by an agent, and put back once.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { isOpen } from '../../shared/status.ts'
import { demandRecord, type RecordClient } from '../coordinations/provide-record.ts'
import type { Caller, Parts } from '../parts.ts'
import { tell } from '../tell.ts'
import { showMessage } from './show-message.ts'

interface Body {
  ids?: string[] | undefined
  conversationId?: string | undefined
  coordinationId: string | null
}

const A_PAGE = 100

/** Of a whole conversation, what can be moved now: not what is still on its way out, nor the notes of other moves. */
async function movableIn({ store }: Parts, caller: Caller, conversationId: string): Promise<string[]> {
  const ids: string[] = []
  for (let before: number | undefined, hasMore = true; hasMore; ) {
    const page = await store.messages(caller, conversationId, { limit: A_PAGE, ...(before === undefined ? {} : { before }) })
    if (page === null) throw new DomainError('not_found', 'There is no such conversation, or it is not yours to see.')
    const movable = page.items.filter((one) => one.seq !== null && one.type !== 'moved' && !isOpen(one.status, one.twilioSid))
    ids.unshift(...movable.map((one) => one.id))
    before = page.items.find((one) => one.seq !== null)?.seq ?? 0
    hasMore = page.hasMore
  }
  if (ids.length === 0) throw new DomainError('conflict', 'There is nothing in this conversation that can be moved now.')
  return ids
}

export async function moveMessages(parts: Parts, caller: Caller, body: Body): Promise<{ moved: Message[]; undoId: string }> {
  const ids = body.conversationId === undefined ? [...new Set(body.ids)] : await movableIn(parts, caller, body.conversationId)
  if (body.coordinationId !== null) await demandRecord(parts, caller, body.coordinationId, () => clientOf(parts, caller, ids[0] ?? ''))
  else if (caller.scope !== null) throw new DomainError('forbidden', 'This token may only move messages between the records that it names.')
  const by = { id: caller.agentId, name: caller.name }
  const result = await parts.store.moveMessages(caller, ids, body.coordinationId, by, parts.clock.now())
  if (result === null) {
    for (const id of ids)
      if ((await parts.store.message(caller, id)) === null)
        throw new DomainError('not_found', 'One of these messages does not exist, or is not yours to see.')
    throw new DomainError('conflict', 'One of these messages cannot be moved now: it still waits to be sent, or is a note of another move.')
  }
  tell(parts, result.changes)
  return { moved: result.moved.map((message) => showMessage(parts, message, caller.scope !== null)), undoId: result.undoId }
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
      return { moved: result.moved.map((message) => showMessage(parts, message, caller.scope !== null)) }
  }
}
