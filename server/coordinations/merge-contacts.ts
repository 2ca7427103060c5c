// Two contacts who are one person are merged, and taken apart again.
import type { Contact } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { tell } from '../tell.ts'

/** @throws DomainError `not_found`; `conflict`, with what to do, where they cannot be one. */
export async function mergeContacts(
  parts: Parts,
  caller: Caller,
  fromId: string,
  intoId: string,
): Promise<{ contact: Contact; undoId: string }> {
  const merged = await parts.store.mergeContacts(caller, fromId, intoId, parts.clock.now())
  switch (merged.outcome) {
    case 'missing':
      throw new DomainError('not_found', 'There are no such two contacts.')
    case 'clients':
      throw new DomainError('conflict', 'They have two client ids: for the host they are two clients.')
    case 'threads':
      throw new DomainError('conflict', 'Both have a thread with the same sender about the same record. File one of them elsewhere first.')
    case 'merged':
      tell(parts, merged.changes)
      return { contact: merged.contact, undoId: merged.undoId }
  }
}

/** @throws DomainError `not_found`; `conflict` where it was undone before. */
export async function unmergeContacts(parts: Parts, caller: Caller, undoId: string): Promise<{ contacts: Contact[] }> {
  const undone = await parts.store.unmergeContacts(caller, undoId, parts.clock.now())
  if (undone.outcome !== 'unmerged')
    throw undone.outcome === 'missing'
      ? new DomainError('not_found', 'There is no such merge, or one of its contacts is no more.')
      : new DomainError('conflict', 'This merge was undone before.')
  tell(parts, undone.changes)
  return { contacts: undone.contacts }
}
