// From the Authorization header to the caller. A wrong token is counted by address; a right one never is.
import type { IncomingMessage } from 'node:http'
import { DomainError } from '../../shared/problems.ts'
import type { Caller } from '../parts.ts'
import type { Auth } from './auth.ts'
import type { RateLimits } from './rate-limit.ts'

/** @throws DomainError `token_*`, `forbidden`, `rate_limited`, `unavailable`. */
export async function authenticate(request: IncomingMessage, address: string, auth: Auth, limits: RateLimits): Promise<Caller> {
  const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw new DomainError('token_missing', 'Send the token as "Authorization: Bearer <JWT>".')
  try {
    return await auth.verify(token)
  } catch (error) {
    if (error instanceof DomainError && (error.code === 'token_invalid' || error.code === 'token_expired'))
      limits.failedAuthentication(address)
    throw error
  }
}
