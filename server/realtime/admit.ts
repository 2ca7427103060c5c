// The handshake: whose page it is (Origin), who it is (token), and what it is told first.
import type { IncomingMessage } from 'node:http'
import type { PlaceEvent, ReadyEvent } from '../../shared/events.ts'
import { DomainError, type Problem } from '../../shared/problems.ts'
import { TEXT_CHARS } from '../../shared/lengths.ts'
import type { Caller, Parts } from '../parts.ts'
import { readSettings } from '../team/agent-settings.ts'
import { describeChannels } from '../team/describe-channels.ts'
import { toProblem } from './answer.ts'
import { otherTimezones } from './other-timezones.ts'
import type { Live } from './live.ts'
import type { HiloSocket } from './socket-types.ts'

const MEDIA_BYTES = 16 * 1024 * 1024

/** How Socket.IO carries a refusal to the client: `connect_error` with our problem as its `data`. */
class Refusal extends Error {
  readonly data: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.data = problem
  }
}

/** The address that failures are counted for: past as many proxies as stand in front (Express's `trust proxy`). */
export function clientAddress(request: IncomingMessage, trustProxy: number): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .reverse()
  const hops = [request.socket.remoteAddress ?? '', ...forwarded]
  return hops[Math.min(trustProxy, hops.length - 1)] ?? ''
}

/** Where the organization is, what it speaks, and its names. */
export function placeOf({ organizationOf, clock }: Pick<Parts, 'organizationOf' | 'clock'>, orgId: string): PlaceEvent {
  const { timezone, locale, name, senderName } = organizationOf(orgId).settings
  return { timezone, otherTimezones: otherTimezones(timezone, clock.now()), locale, organizationName: name, senderName }
}

async function readyFor(parts: Parts, caller: Caller): Promise<ReadyEvent> {
  return {
    agent: { id: caller.agentId, name: caller.name, role: caller.role },
    org: caller.orgId,
    serverTime: new Date(parts.clock.now()).toISOString(),
    ...placeOf(parts, caller.orgId),
    channels: await describeChannels(parts, caller.orgId, caller.scope),
    limits: { textChars: TEXT_CHARS, mediaBytes: MEDIA_BYTES },
    settings: await readSettings(parts, caller),
  }
}

async function admit(live: Live, socket: HiloSocket): Promise<void> {
  const { handshake, request } = socket
  if (!live.originIsAllowed(handshake.headers.origin))
    throw new DomainError('origin_not_allowed', 'This page may not open sockets here. Add its origin to ALLOWED_ORIGINS.')
  const caller = await callerOf(live, handshake.auth.token).catch((error: unknown) => {
    if (error instanceof DomainError && (error.code === 'token_invalid' || error.code === 'token_expired'))
      live.limits.failedAuthentication(clientAddress(request, live.parts.config.trustProxy))
    throw error
  })
  const ready = await readyFor(live.parts, caller)
  const fresh: HiloSocket['data'] = {
    caller,
    ready,
    agent: null,
    viewing: null,
    viewingTurn: 0,
    viewingAsked: Promise.resolve(),
    badges: null,
    warned: false,
    fullSince: null,
  }
  socket.data = fresh
}

async function callerOf(live: Live, token: unknown): Promise<Caller> {
  if (typeof token !== 'string' || token === '')
    throw new DomainError('token_missing', 'The handshake carries no token. Give one as `auth: { token }`.')
  return await live.verify(token)
}

/** As Socket.IO's middleware. */
export function createAdmit(live: Live) {
  return (socket: HiloSocket, next: (error?: Error) => void): void => {
    admit(live, socket).then(
      () => next(),
      (error: unknown) => {
        const { problem, ours } = toProblem(error)
        if (ours) live.parts.log.error({ err: error }, 'A socket could not be admitted')
        next(new Refusal(problem))
      },
    )
  }
}
