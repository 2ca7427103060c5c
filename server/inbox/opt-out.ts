// Says about a line that its client wants no more messages, or wants them again, where no message of the client does: by an agent,
// the host, an imported list, or the provider's refusal. The line's thread tells it.
import type { Message } from '../../shared/model.ts'
import { openThread, threadsTo } from '../outbox/target.ts'
import type { Caller, Parts } from '../parts.ts'
import { eventOf, type OptOutSaid } from '../rules/opt-out.ts'
import type { Draft } from '../store/records.ts'
import { tell } from '../tell.ts'
import { seesAll } from '../store/sees-all.ts'

interface Place {
  orgId: string
  lineId: string
  /** Where it is told. */
  conversationId: string
}

/** Durable before it resolves. False: it was so already, or something was said later. */
export async function sayOptOut(
  parts: Parts,
  { orgId, lineId, conversationId }: Place,
  said: OptOutSaid,
  at: number,
  author: Message['author'] = { type: 'system', id: null, name: '' },
): Promise<boolean> {
  const { changed, changes } = await parts.store.sayOptOut(orgId, lineId, said, at)
  tell(parts, changes)
  if (!changed) return false
  const told = await parts.store.enter(lineOf(parts, orgId, conversationId, said, author), {
    ...{ ifNoAnswerSince: null, consent: null, openWindow: false, contactLimit: null },
  })
  if (told.outcome === 'created') tell(parts, told.changes)
  return true
}

function lineOf(parts: Parts, orgId: string, conversationId: string, said: OptOutSaid, author: Message['author']): Draft {
  return {
    ...{ id: parts.newId(), orgId, conversationId, direction: 'internal', type: 'event', author, text: '' },
    ...{ template: null, content: null, event: eventOf(said, false), replyToId: null, retryOf: null, fallbackOf: null },
    ...{ clientMessageId: null, key: null, askedRecord: null, lane: 0, sensitive: false, cost: 0, dueAt: null, expiresInMs: null },
    createdAt: parts.clock.now(),
  }
}

export interface WantedOptOut {
  channel: Message['channel']
  to: string
  from?: string | undefined
  said: OptOutSaid
  at: number
}

/**
 * By its number; who is not known yet is, from then on.
 *
 * @throws DomainError `invalid_phone`, `no_sender`.
 */
export async function sayOptOutOf(parts: Parts, caller: Caller, { channel, to, from, said, at }: WantedOptOut): Promise<boolean> {
  const { orgId, agentId } = caller
  const { address, sender, same } = await threadsTo(parts, caller, { channel, to, from })
  const thread = same[0] ?? (await opened(parts, orgId, { channel, sender, address }))
  const author = { type: 'agent', id: agentId, name: caller.name } as const
  return sayOptOut(parts, { orgId, lineId: thread.lineId, conversationId: thread.id }, said, at, author)
}

async function opened(parts: Parts, orgId: string, place: { channel: Message['channel']; sender: string; address: string }) {
  const now = parts.clock.now()
  const id = await openThread(parts, { orgId, ...place, coordinationId: null, name: null, now })
  const thread = await parts.store.conversation(seesAll(orgId), id)
  if (thread === null) throw new Error(`Conversation ${id} is gone.`)
  return thread
}
