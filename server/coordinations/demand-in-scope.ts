// A record outside a token's scope does not exist for it.
import { DomainError } from '../../shared/problems.ts'
import type { Scope } from '../store/records.ts'

/** @throws DomainError('not_found') when the scope leaves this record out. */
export function demandInScope(caller: { scope: Scope }, coordinationId: string): void {
  if (caller.scope !== null && !caller.scope.includes(coordinationId))
    throw new DomainError('not_found', 'There is no such record, or it is not yours to see.')
}
