// How often somebody may ask: per token for HTTP and sockets together, and per address for wrong tokens.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { DomainError } from '../../shared/problems.ts'
import type { Config } from '../config.ts'
import type { Viewer } from '../store/records.ts'

export interface RateLimits {
  /** One HTTP request or socket event. @throws DomainError('rate_limited') */
  request(caller: Pick<Viewer, 'orgId' | 'agentId'>): Promise<void>
  /** A token was refused. A right one is never counted and never stopped. @throws DomainError('rate_limited') */
  failedAuthentication(address: string): Promise<void>
}

/** Seconds over which the rate is averaged; also the burst, as a multiple of the rate. */
const BURST = 3
const FAILURES_A_MINUTE = 20

async function consume(limiter: RateLimiterMemory, key: string, detail: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new DomainError('rate_limited', detail, { retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) })
  }
}

export function createRateLimits(config: Pick<Config, 'rateLimit'>): RateLimits {
  const requests = config.rateLimit === 0 ? null : new RateLimiterMemory({ points: config.rateLimit * BURST, duration: BURST })
  const failures = new RateLimiterMemory({ points: FAILURES_A_MINUTE, duration: 60 })
  return {
    async request({ orgId, agentId }) {
      if (requests === null) return
      await consume(requests, JSON.stringify([orgId, agentId]), 'Too many requests with this token. Wait, then go on slower.')
    },
    failedAuthentication: (address) => consume(failures, address, 'Too many refused tokens from this address. Wait a minute.'),
  }
}
