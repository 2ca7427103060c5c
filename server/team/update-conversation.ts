// State, assignee, tags and record of a conversation, changed by an agent.
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { conversationUpdate } from '../../shared/requests.ts'
import { demandRecord } from '../coordinations/provide-record.ts'
import type { Caller, Parts } from '../parts.ts'
import { tell } from '../tell.ts'
import type { ConversationPatch, OwnConversationState } from '../store/records.ts'

/** Whom a conversation is given to; a colleague has the name of the last visit, or of the latest message. */
async function assigneeOf(parts: Parts, caller: Caller, id: string): Promise<{ id: string; name: string }> {
  if (id === caller.agentId || id === 'me') return { id: caller.agentId, name: caller.name }
  const known = await parts.store.agent(caller.orgId, id)
  if (known !== null) return { id, name: known.name }
  const written = await parts.store.messageLog(caller, { authorType: 'agent', authorId: id }, { cursor: null, limit: 1 })
  return { id, name: written.items[0]?.author.name ?? id }
}

/**
 * Changes a conversation; where filing moves its messages to a thread that the record has already, the answer is that one.
 *
 * @throws DomainError `not_found` (also for a record that Hilo never heard of), `forbidden` (a token limited to some records unfiles nothing).
 */
export async function updateConversation(
  parts: Parts,
  caller: Caller,
  id: string,
  body: z.output<typeof conversationUpdate>,
): Promise<OwnConversationState> {
  if (body.coordinationId === null && caller.scope !== null)
    throw new DomainError('forbidden', 'This token may only file conversations under the records that it names.')
  if (typeof body.coordinationId === 'string')
    await demandRecord(parts, caller, body.coordinationId, async () => (await parts.store.conversation(caller, id))?.contact ?? null)
  const patch: ConversationPatch = {
    ...(body.status === undefined ? {} : { status: body.status }),
    ...(body.snoozedUntil === undefined ? {} : { snoozedUntil: body.snoozedUntil === null ? null : Date.parse(body.snoozedUntil) }),
    ...(body.assigneeId === undefined
      ? {}
      : { assignee: body.assigneeId === null ? null : await assigneeOf(parts, caller, body.assigneeId) }),
    ...(body.coordinationId === undefined ? {} : { coordinationId: body.coordinationId }),
    ...(body.answered === undefined ? {} : { answered: body.answered }),
    ...(body.unanswered === undefined
      ? {}
      : {
          unanswered: {
            answeredCount: body.unanswered.answeredCount,
            since: Math.min(Date.parse(body.unanswered.since), parts.clock.now()),
          },
        }),
    ...(body.tags === undefined ? {} : { tags: [...new Set(body.tags)] }),
  }
  const updated = await parts.store.updateConversation(caller, id, patch)
  if (updated === null) throw new DomainError('not_found', 'There is no such conversation, or it is not yours to see.')
  tell(parts, updated.changes)
  for (const { agentId, ...cursor } of updated.reads) parts.publish.cursor(caller.orgId, agentId, cursor)
  return updated.conversation
}
