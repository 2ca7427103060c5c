// Who calls: verifies the host's tokens. The algorithm is pinned by the setting, never read from the token.
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { type CryptoKey, decodeProtectedHeader, errors, type JWTHeaderParameters, jwtVerify } from 'jose'
import { z } from 'zod'
import { role } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { cleanText } from '../../shared/requests.ts'
import { TOKEN_CHARS } from '../../shared/token-limit.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { onlyOrganization } from '../organizations.ts'
import type { Caller } from '../parts.ts'
import { createJwksKeys } from './jwks-keys.ts'

export interface Auth {
  /**
   * The caller that a token names.
   *
   * @throws DomainError `token_invalid`, `token_expired`, `forbidden` (unknown organization), `payload_too_large`,
   *   `unavailable` (keys).
   */
  verify(token: string): Promise<Caller>
}

/** A token lives a day at most. */
const MAX_LIFE_S = 24 * 60 * 60
/** No time in seconds of the next thousand years. */
const MILLISECONDS = 1e11
/** How far the host's clock may be ahead of ours. `exp` gets no tolerance: it is the host's own choice. */
const AHEAD_S = 60
const ORGANIZATIONS: ReadonlySet<string> = new Set([onlyOrganization])

/** An id that no store would change: two of them must not become one. */
const claimedId = z
  .string()
  .min(1)
  .max(128)
  .refine((text) => cleanText(text) === text)
const claims = z.object({
  sub: claimedId,
  name: z.string().max(200).transform(cleanText).pipe(z.string().min(1)),
  org: claimedId,
  role,
  coordinations: z.array(claimedId).optional(),
  iat: z.number(),
  exp: z.number(),
  nbf: z.number().optional(),
})

type Algorithm = 'HS256' | 'RS256' | 'ES256'
interface VerifyingKey {
  key: KeyObject | CryptoKey
  algorithm: Algorithm
}
type Header = Partial<JWTHeaderParameters>
const isPublic = (algorithm: string | undefined): algorithm is 'RS256' | 'ES256' => algorithm === 'RS256' || algorithm === 'ES256'
type KeySource = (header: Header) => Promise<VerifyingKey[]>

const invalid = (why: string, cause?: unknown) => new DomainError('token_invalid', `The token was refused: ${why}.`, { cause })
const wrongClaims = (names: readonly string[]) => invalid(`these claims are missing or of another type: ${[...new Set(names)].join(', ')}`)

/** As an object, which the library reads once. */
function secretVerifyingKey(secret: string): VerifyingKey {
  return { key: createSecretKey(Buffer.from(secret)), algorithm: 'HS256' }
}

function publicVerifyingKey(key: KeyObject): VerifyingKey | null {
  if (key.asymmetricKeyType === 'rsa') return { key, algorithm: 'RS256' }
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return { key, algorithm: 'ES256' }
  return null
}

function keySource({ jwt }: Pick<Config, 'jwt'>, clock: Clock): KeySource {
  if (jwt === null) return async () => []
  if (jwt.kind === 'secret') {
    const keys = jwt.secrets.map(secretVerifyingKey)
    return async () => keys
  }
  if (jwt.kind === 'publicKey') {
    const key = publicVerifyingKey(createPublicKey(jwt.pem))
    if (key === null) throw new Error('JWT_PUBLIC_KEY must be an RSA key (RS256) or an EC key on P-256 (ES256).')
    return async () => [key]
  }
  const keys = createJwksKeys(jwt.url, clock)
  return async (header) => {
    // A key of the set is found by the kind that the algorithm needs: none of them can be taken for a secret.
    const { alg } = header
    if (!isPublic(alg)) return []
    const key = await keys.find({ ...header, alg })
    return key === null ? [] : [{ key, algorithm: alg }]
  }
}

/**
 * Header of a token that nothing vouches for yet.
 *
 * @throws DomainError where it is none, or asks for what is not done here (RFC 7515, 4.1.11; RFC 7797): to ignore it would be
 *   to read another token than was signed.
 */
function headerOf(token: string): Header {
  let header: Header
  try {
    header = decodeProtectedHeader(token)
  } catch (cause) {
    throw invalid('it is no JWT', cause)
  }
  if (header.crit !== undefined) throw invalid('its header says crit, and no extension is known here')
  if (header.b64 !== undefined && header.b64 !== true) throw invalid('its payload is not encoded (b64)')
  return header
}

export function createAuth(
  config: Pick<Config, 'jwt' | 'jwtAudience' | 'jwtIssuer'>,
  { demoSecret, clock }: { demoSecret: string | null; clock: Clock },
): Auth {
  const keysFor = keySource(config, clock)
  // Beside the host's own: with DEMO=1 and a JWT_SECRET both its pages and the demo's work.
  const demoKeys = demoSecret === null ? [] : [secretVerifyingKey(demoSecret)]

  const expected = {
    ...(config.jwtAudience === null ? {} : { audience: config.jwtAudience }),
    ...(config.jwtIssuer === null ? {} : { issuer: config.jwtIssuer }),
    // Times are checked below, against our own clock and with their own tolerances.
    clockTolerance: Number.MAX_SAFE_INTEGER,
  }
  const verifiedPayload = async (token: string): Promise<unknown> => {
    let fault: unknown
    for (const { key, algorithm } of [...demoKeys, ...(await keysFor(headerOf(token)))]) {
      try {
        const { payload } = await jwtVerify(token, key, { ...expected, algorithms: [algorithm] })
        return payload
      } catch (error) {
        if (error instanceof errors.JWTClaimValidationFailed && error.claim !== 'aud' && error.claim !== 'iss')
          throw wrongClaims([error.claim])
        fault = error
      }
    }
    throw invalid(
      'its signature, algorithm, audience or issuer is not the configured one (JWT_SECRET, JWT_PUBLIC_KEY, JWT_JWKS_URL, JWT_AUDIENCE, JWT_ISSUER)',
      fault,
    )
  }

  return {
    async verify(token) {
      if (token.length > TOKEN_CHARS)
        throw new DomainError(
          'payload_too_large',
          `The token has ${token.length} characters; at most ${TOKEN_CHARS} are taken. Name fewer records in "coordinations".`,
        )
      const payload = claims.safeParse(await verifiedPayload(token))
      if (!payload.success) throw wrongClaims(payload.error.issues.map((issue) => String(issue.path[0] ?? 'payload')))
      const { sub, name, org, role: callerRole, coordinations, iat, exp, nbf } = payload.data
      const now = clock.now() / 1000
      if (Math.max(iat, exp) > MILLISECONDS) throw invalid('iat and exp are in seconds, not milliseconds')
      if (exp - iat > MAX_LIFE_S) throw invalid('exp is more than 24 h after iat')
      if (iat > now + AHEAD_S || (nbf !== undefined && nbf > now + AHEAD_S)) throw invalid('it is not valid yet')
      if (exp <= now) throw new DomainError('token_expired', 'The token expired. Ask the host application for a new one.')
      if (!ORGANIZATIONS.has(org)) throw new DomainError('forbidden', 'The token names an organization that does not exist here.')
      return { orgId: org, agentId: sub, name, role: callerRole, scope: coordinations ?? null, expiresAt: exp * 1000 }
    },
  }
}
