// The host's public keys from its JWKS address: kept, asked for again when old or when a token names an unknown one.
// Unknown key ids cannot be used to hammer that address, and keys already known go on working while it is away.
import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet, type JWTHeaderParameters } from 'jose'
import { DomainError } from '../../shared/problems.ts'
import type { Clock } from '../clock.ts'

const FRESH_MS = 10 * 60_000
const FETCHES_A_MINUTE = 5
const TIMEOUT_MS = 5_000

export interface JwksKeys {
  /** Null: the address has no such key. Throws DomainError('unavailable') when it never answered. */
  find(header: JWTHeaderParameters): Promise<CryptoKey | null>
}

type KeySet = ReturnType<typeof createLocalJWKSet>

/** Null: it holds no such key, one that cannot be read, or several that a token without a key id could mean. */
async function pick(keys: KeySet | null, header: JWTHeaderParameters): Promise<CryptoKey | null> {
  if (keys === null) return null
  return keys(header).catch(() => null)
}

async function readKeySet(url: string): Promise<KeySet> {
  const answer = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (!answer.ok) throw new Error(`JWT_JWKS_URL answered ${answer.status}.`)
  return createLocalJWKSet((await answer.json()) as JSONWebKeySet)
}

export function createJwksKeys(url: string, clock: Clock): JwksKeys {
  let known: KeySet | null = null
  let fetchedAt: number | null = null
  let underway: Promise<void> | null = null
  let asked: number[] = []

  const fetchKeys = async () => {
    known = await readKeySet(url)
    fetchedAt = clock.elapsed()
  }
  /** Leaves what is known where it was asked too often of late. Several callers share one request. */
  const refresh = async (): Promise<void> => {
    if (underway === null) {
      const now = clock.elapsed()
      asked = asked.filter((at) => at > now - 60_000)
      if (asked.length >= FETCHES_A_MINUTE) return
      asked.push(now)
      underway = fetchKeys().finally(() => {
        underway = null
      })
    }
    await underway
  }
  return {
    async find(header) {
      const fresh = fetchedAt !== null && clock.elapsed() - fetchedAt < FRESH_MS
      const key = await pick(known, header)
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
      return pick(known, header)
    },
  }
}
