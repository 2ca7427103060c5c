// Shared by the handlers: the parts of the product and the state of this process's sockets.
import type { Caller, Parts } from '../parts.ts'
import type { Counts } from './counts.ts'
import type { Expiry } from './expiry.ts'
import type { Presence } from './presence.ts'
import type { Rooms } from './rooms.ts'
import type { SlowSockets } from './slow-sockets.ts'
import type { Typing } from './typing.ts'

/** Shared with HTTP: one token has one rate, whichever way it comes. */
export interface Limits {
  /** @throws DomainError `rate_limited` */
  request(caller: Caller): void
  /** A token was refused. @throws DomainError `rate_limited` */
  failedAuthentication(address: string): void
}

export interface Live {
  parts: Parts
  /** @throws DomainError `token_*`, `forbidden` */
  verify(token: string): Promise<Caller>
  limits: Limits
  originIsAllowed(origin: string | undefined): boolean
  rooms: Rooms
  presence: Presence
  counts: Counts
  expiry: Expiry
  typing: Typing
  slow: SlowSockets
}
