// The host's public keys from its JWKS address: kept, asked for again when old or when a token names an unknown one.
// Unknown key ids cannot be used to hammer that address, and keys already known go on working while it is away.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { JwksClient } from 'jwks-rsa'
import { DomainError } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'

const FRESH_MS = 10 * 60_000
const FETCHES_A_MINUTE = 5
const TIMEOUT_MS = 5_000

export interface JwksKeys {
  /** Null: the address has no such key. Throws DomainError('unavailable') when it never answered. */
  find(kid: string | undefined): Promise<KeyObject | null>
}

export function createJwksKeys(url: string, clock: Clock): JwksKeys {
  const client = new JwksClient({ jwksUri: url, cache: false, rateLimit: false, timeout: TIMEOUT_MS })
  let known = new Map<string, KeyObject>()
  let fetchedAt: number | null = null
  let underway: Promise<void> | null = null
  let asked: number[] = []

  const fetchKeys = async () => {
    const found = new Map<string, KeyObject>()
    for (const key of await client.getSigningKeys()) found.set(key.kid ?? '', createPublicKey(key.getPublicKey()))
    known = found
    fetchedAt = clock.elapsed()
  }
  /** False: asked too often of late. Several callers share one request. */
  const refresh = async (): Promise<boolean> => {
    if (underway === null) {
      const now = clock.elapsed()
      asked = asked.filter((at) => at > now - 60_000)
      if (asked.length >= FETCHES_A_MINUTE) return false
      asked.push(now)
      underway = fetchKeys().finally(() => {
        underway = null
      })
    }
    await underway
    return true
  }
  const pick = (kid: string | undefined) => {
    if (kid !== undefined) return known.get(kid) ?? null
    return known.size === 1 ? ([...known.values()][0] ?? null) : null
  }

  return {
    async find(kid) {
      const fresh = fetchedAt !== null && clock.elapsed() - fetchedAt < FRESH_MS
      const key = pick(kid)
      if (fresh && key !== null) return key
      try {
        await refresh()
      } catch (cause) {
        if (key !== null) return key
        throw new DomainError('unavailable', 'The keys that verify tokens could not be read from JWT_JWKS_URL. Try again.', {
          cause,
          retryAfter: 5,
        })
      }
      return pick(kid)
    },
  }
}
