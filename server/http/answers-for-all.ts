// Who may write to many at once.
import { DomainError } from '../../shared/problems.ts'
import type { RawCall } from './route.ts'

/** @throws DomainError `forbidden`. */
export function mustAnswerForAll({ caller: { role, scope } }: Pick<RawCall, 'caller'>): void {
  if (role === 'agent' || scope !== null)
    throw new DomainError('forbidden', 'Messages to many are for supervisors and the host: a token without "coordinations".')
}
