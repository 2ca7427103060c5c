// The inbox as a query asks for it, for HTTP and sockets alike.
import type { z } from 'zod'
import type { OwnConversation } from '../../shared/model.ts'
import type { conversationQuery } from '../../shared/requests.ts'
import { demandInScope } from '../coordinations/demand-in-scope.ts'
import { readPhone } from '../coordinations/read-phone.ts'
import type { Caller, Parts } from '../parts.ts'
import { presentOwn } from '../present.ts'
import type { ConversationFilter, Page } from '../store/records.ts'

const DEFAULT_LIMIT = 50

/** @throws DomainError `not_found` (a record outside the scope), `invalid_phone`. */
export async function listConversations(
  parts: Parts,
  caller: Caller,
  query: z.output<typeof conversationQuery>,
): Promise<Page<OwnConversation>> {
  if (query.coordinationId !== undefined) demandInScope(caller, query.coordinationId)
  const filter: ConversationFilter = {
    sort: query.sort ?? 'activity',
    ...(query.channel === undefined ? {} : { channel: query.channel }),
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.assignee === undefined ? {} : { assignee: query.assignee === 'me' ? caller.agentId : query.assignee }),
    ...(query.coordinationId === undefined ? {} : { coordinationId: query.coordinationId }),
    ...(query.contactId === undefined ? {} : { contactId: query.contactId }),
    ...(query.phone === undefined
      ? {}
      : { phoneKeys: readPhone(query.phone, parts.organizationOf(caller.orgId).settings.defaultCountry, 'phone').keys }),
    ...(query.tag === undefined ? {} : { tag: query.tag }),
    ...(query.unread === undefined ? {} : { unread: query.unread }),
    ...(query.awaiting === undefined ? {} : { awaiting: query.awaiting }),
    ...(query.unfiled === undefined ? {} : { unfiled: query.unfiled }),
    ...(query.failed === undefined ? {} : { failed: query.failed }),
    ...(query.automated === undefined ? {} : { automated: query.automated }),
    ...(query.q === undefined ? {} : { q: query.q }),
  }
  const page = await parts.store.conversations(caller, filter, { cursor: query.cursor ?? null, limit: query.limit ?? DEFAULT_LIMIT })
  return { items: page.items.map((state) => presentOwn(parts, caller.orgId, state)), nextCursor: page.nextCursor }
}
