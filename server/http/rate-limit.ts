// How often somebody may ask: per token for HTTP and sockets together, and per address for wrong tokens.
import { DomainError } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Spent } from '../processes/collect-spent.ts'
import type { Viewer } from '../store/records.ts'
import { type Allowance, createSlidingWindow, createTokenBuckets } from './allowance.ts'

export interface RateLimits {
  /** One HTTP request or socket event. @throws DomainError('rate_limited') */
  request(caller: Pick<Viewer, 'orgId' | 'agentId'>): void
  /** A token was refused. A right one is never counted and never stopped. @throws DomainError('rate_limited') */
  failedAuthentication(address: string): void
  /** Another process let it pass. */
  spend(spent: Spent): void
}

/** The burst, as a multiple of the rate. */
const BURST = 3
const FAILURES_A_MINUTE = 20

export function createRateLimits(
  config: Pick<Config, 'rateLimit'>,
  clock: Pick<Clock, 'elapsed'>,
  tellOthers: (spent: Omit<Spent, 'count'>) => void = () => {},
): RateLimits {
  const allowances: Record<Spent['limit'], Allowance | null> = {
    requests: config.rateLimit === 0 ? null : createTokenBuckets({ perSecond: config.rateLimit, burst: config.rateLimit * BURST }),
    failures: createSlidingWindow({ most: FAILURES_A_MINUTE, spanMs: 60_000 }),
  }

  function take(limit: Spent['limit'], key: string, detail: string): void {
    const waitMs = allowances[limit]?.take(key, clock.elapsed()) ?? 0
    if (waitMs > 0) throw new DomainError('rate_limited', detail, { retryAfter: Math.ceil(waitMs / 1000) })
    if (allowances[limit]) tellOthers({ limit, key })
  }

  return {
    request({ orgId, agentId }) {
      take('requests', JSON.stringify([orgId, agentId]), 'Too many requests with this token. Wait, then go on slower.')
    },
    failedAuthentication(address) {
      take('failures', address, 'Too many refused tokens from this address. Wait a minute.')
    },
    spend({ limit, key, count }) {
      allowances[limit]?.spend(key, count, clock.elapsed())
    },
  }
}
