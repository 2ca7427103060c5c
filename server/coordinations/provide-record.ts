// Records that the host has not saved. A send, a button or the host's own token makes one, to be replaced when the host saves
// it; an agent's filing does not, since its id may be a slip.
import { DomainError } from '../../shared/problems.ts'
import { identityKeys } from '../../shared/phone.ts'
import type { Caller, Parts } from '../parts.ts'
import { saveWithPlans } from '../automations/save-with-plans.ts'
import { tell } from '../tell.ts'
import { demandInScope } from './demand-in-scope.ts'
import { seesAll } from '../store/sees-all.ts'

/** The client that a provisional record is about. */
export interface RecordClient {
  name: string
  /** E.164, or the id where the client hides the number. */
  address: string
  /** As a button calls the record; else it is called by its id. */
  title?: string | undefined
}

/** Makes the record provisionally where there is none. */
export async function provideRecord(parts: Parts, orgId: string, id: string, client: RecordClient): Promise<void> {
  const { store, publish } = parts
  if ((await store.coordination(seesAll(orgId), id)) !== null) return
  const input = {
    id,
    title: client.title ?? id,
    contact: { name: client.name, phone: client.address },
    phoneKeys: identityKeys(client.address),
    startsAt: null,
    timezone: null,
    url: null,
    status: 'active',
    agent: null,
    data: {},
    provisional: true,
  } as const
  const { saved, changes } = await saveWithPlans(parts, orgId, [input])
  tell(parts, changes)
  for (const { created, coordination } of saved) if (created) publish.coordination(orgId, coordination)
}

/**
 * A record that something is filed under, or moved to.
 *
 * @param client of what is filed; asked only where the record is made. Null: there is nothing to file.
 * @throws DomainError `not_found`: outside the token's scope, or Hilo never heard of it.
 */
export async function demandRecord(parts: Parts, caller: Caller, id: string, client: () => Promise<RecordClient | null>): Promise<void> {
  demandInScope(caller, id)
  const { store } = parts
  const everything = { orgId: caller.orgId, agentId: caller.agentId, scope: null }
  if ((await store.coordination(everything, id)) !== null) return
  const about = { coordinationId: id, automated: true, sort: 'activity' } as const
  // Of before records were made provisionally: it has a thread, so it was heard of.
  if ((await store.conversations(everything, about, { cursor: null, limit: 1 })).items.length > 0) return
  if (caller.role !== 'service') throw new DomainError('not_found', 'There is no such record. Save it first: PUT /api/coordinations/:id.')
  const found = await client()
  if (found !== null) await provideRecord(parts, caller.orgId, id, found)
}
