// Tokens over HTTP: the right ones in, every kind of wrong one out.
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createAuth } from '../../server/http/auth.ts'
import { claimsOf, rsaPair, SECRET, type Served, serve, tokenOf } from './serve.ts'

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signed by hand, so that a header can say what no library would write. */
function handMade(header: object, claims: object, secret: string): string {
  const signed = `${base64url(header)}.${base64url(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

describe('a token signed with JWT_SECRET', () => {
  const previous = 'the secret from before the rotation, also long'
  let hilo: Served
  beforeAll(async () => {
    hilo = await serve({ JWT_SECRET_PREVIOUS: previous, JWT_AUDIENCE: 'hilo', JWT_ISSUER: 'the-host' })
  })
  afterAll(() => hilo.close())
  const right = { aud: 'hilo', iss: 'the-host' }
  const me = async (token: string | null) => {
    // Another address for each, so that the limit for wrong tokens does not answer in their place.
    const { status, body } = await hilo.call('GET', '/api/me', { token })
    return { status, code: body.code }
  }

  it('says who the caller is', async () => {
    const { status, body } = await hilo.call('GET', '/api/me', { token: tokenOf({ ...right, coordinations: ['ev-1'] }) })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'agent-7', name: 'Ana Díaz', role: 'agent', org: 'default', coordinations: ['ev-1'] })
  })

  it('is taken up to 16,000 characters, beside all that tracing adds, and refused in words above', async () => {
    const sized = (count: number) =>
      tokenOf({ ...right, coordinations: Array.from({ length: count }, (_, i) => `coordination-${1000 + i}`) })
    const long = sized(570)
    expect(long.length).toBeGreaterThan(15_000)
    expect(long.length).toBeLessThanOrEqual(16_000)
    const traced = await hilo.call('GET', '/api/me', { token: long, headers: { baggage: 'x'.repeat(8192) } })
    expect(traced.status).toBe(200)
    expect(await me(sized(700))).toEqual({ status: 413, code: 'payload_too_large' })
  })

  it('is still taken under the previous secret', async () => {
    expect((await me(tokenOf(right, previous))).status).toBe(200)
  })

  it('is missing when there is none, or another scheme', async () => {
    expect(await me(null)).toEqual({ status: 401, code: 'token_missing' })
    const basic = await hilo.call('GET', '/api/me', { token: null, headers: { authorization: 'Basic YTpi' } })
    expect([basic.status, basic.body.code]).toEqual([401, 'token_missing'])
    expect(basic.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('is refused where its header asks for what is not done here: crit, an unencoded payload', async () => {
    const claims = claimsOf(right)
    for (const header of [
      { alg: 'HS256', crit: ['exp'] },
      { alg: 'HS256', crit: [] },
      { alg: 'HS256', crit: ['b64'], b64: false },
      { alg: 'HS256', b64: false },
      { alg: 'HS256', b64: 'true' },
      { alg: 'HS256', crit: null },
    ])
      expect(await me(handMade(header, claims, SECRET)), JSON.stringify(header)).toMatchObject({ status: 401, code: 'token_invalid' })
    expect(await me(handMade({ alg: 'HS256', b64: true }, claims, SECRET))).toMatchObject({ status: 200 })
  })

  it('is refused with another secret, no signature, another algorithm, or nonsense', async () => {
    const wrong = [
      tokenOf(right, 'another secret that is just as long as it'),
      tokenOf(right, SECRET, { algorithm: 'HS512' }),
      `${tokenOf(right).split('.').slice(0, 2).join('.')}.`,
      `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claimsOf(right))}.`,
      handMade({ alg: 'none' }, claimsOf(right), SECRET),
      handMade({ alg: 'RS256' }, claimsOf(right), SECRET),
      'not.a.token',
      'x',
      tokenOf({ ...right, aud: 'somebody-else' }),
      tokenOf({ ...right, iss: 'somebody-else' }),
    ]
    for (const token of wrong) expect(await me(token), token).toEqual({ status: 401, code: 'token_invalid' })
  })

  it('is forbidden where it names an organization that does not exist', async () => {
    expect(await me(tokenOf({ ...right, org: 'another' }))).toEqual({ status: 403, code: 'forbidden' })
  })
})

describe('the claims', () => {
  const now = Date.now()
  const auth = createAuth(
    { jwt: { kind: 'secret', secrets: [SECRET] }, jwtAudience: null, jwtIssuer: null },
    { demoSecret: null, clock: { now: () => now, elapsed: () => now, after: () => () => {} } },
  )
  const codeOf = (token: string) =>
    auth.verify(token).then(
      () => 'taken',
      (error: { code: string }) => error.code,
    )
  const seconds = Math.floor(now / 1000)

  it.each(['sub', 'name', 'org', 'role', 'iat', 'exp'])('are all needed: %s', async (claim) => {
    const { [claim]: _gone, ...rest } = claimsOf()
    expect(await codeOf(handMade({ alg: 'HS256' }, rest, SECRET))).toBe('token_invalid')
    for (const other of [null, claim === 'sub' ? 7 : {}, [], true])
      expect(await codeOf(handMade({ alg: 'HS256' }, { ...rest, [claim]: other }, SECRET)), String(other)).toBe('token_invalid')
  })

  it.each([null, 'ev-1', 7, {}, [7], [null], ['']])('take records as a list of names only: %j', async (coordinations) => {
    expect(await codeOf(handMade({ alg: 'HS256' }, claimsOf({ coordinations }), SECRET))).toBe('token_invalid')
  })

  it('with an empty list of records hold none of them, without one all', async () => {
    expect((await auth.verify(handMade({ alg: 'HS256' }, claimsOf({ coordinations: [] }), SECRET))).scope).toEqual([])
    expect((await auth.verify(handMade({ alg: 'HS256' }, claimsOf(), SECRET))).scope).toBeNull()
  })
  it.each(['sub', 'coordinations'])('hold no id that two stores would not tell apart: %s', async (claim) => {
    for (const id of ['a\u0000b', 'a\ud800'])
      expect(await codeOf(tokenOf({ [claim]: claim === 'sub' ? id : [id] })), JSON.stringify(id)).toBe('token_invalid')
  })

  it('give a name as it can be kept and shown', async () => {
    const token = tokenOf({ name: 'A\u0000na D\ud800íaz 😀' })
    expect((await auth.verify(token)).name).toBe('Ana Díaz 😀')
  })

  it('that nobody asked for change nothing, whatever they are called', async () => {
    const unusual = JSON.parse('{"__proto__":{"role":"admin"},"constructor":1,"orgId":"other","scope":null,"agentId":"boss","nbf":0}')
    const all = { ...claimsOf(), ...unusual, aud: ['x', 'y'], iss: 'z', jti: '1', coordinations: ['ev-1'] }
    const caller = await auth.verify(handMade({ alg: 'HS256' }, all, SECRET))
    expect(caller).toMatchObject({ orgId: 'default', agentId: 'agent-7', role: 'agent', scope: ['ev-1'] })
  })

  it('take no unknown role', async () => {
    expect(await codeOf(tokenOf({ role: 'root' }))).toBe('token_invalid')
  })

  it('give a token a day at most, from a time that is not ahead', async () => {
    expect(await codeOf(tokenOf({ iat: seconds, exp: seconds + 24 * 3600 }))).toBe('taken')
    expect(await codeOf(tokenOf({ iat: seconds, exp: seconds + 24 * 3600 + 1 }))).toBe('token_invalid')
    expect(await codeOf(tokenOf({ iat: seconds + 30, exp: seconds + 3600 }))).toBe('taken')
    expect(await codeOf(tokenOf({ iat: seconds + 24 * 3600, exp: seconds + 25 * 3600 }))).toBe('token_invalid')
    expect(await codeOf(tokenOf({ nbf: seconds + 3600 }))).toBe('token_invalid')
  })

  it('in milliseconds say so', async () => {
    const token = tokenOf({ iat: seconds * 1000, exp: (seconds + 3600) * 1000 })
    await expect(auth.verify(token)).rejects.toMatchObject({ code: 'token_invalid', message: expect.stringContaining('in seconds') })
  })

  it('say that a token expired, in the second it does', async () => {
    expect(await codeOf(tokenOf({ iat: seconds - 60, exp: seconds }))).toBe('token_expired')
    expect(await codeOf(tokenOf({ iat: seconds - 60, exp: seconds + 1 }))).toBe('taken')
  })

  it('of an expired token that nobody signed are not believed', async () => {
    expect(await codeOf(tokenOf({ iat: seconds - 60, exp: seconds - 1 }, 'another secret that is just as long as it'))).toBe(
      'token_invalid',
    )
  })
})

describe('a token signed with a private key', () => {
  const clock = { now: () => Date.now(), elapsed: () => 0, after: () => () => {} }
  const plain = { jwtAudience: null, jwtIssuer: null }
  const codeOf = (auth: ReturnType<typeof createAuth>, token: string) =>
    auth.verify(token).then(
      () => 'taken',
      (error: { code: string }) => error.code,
    )

  it('is taken as RS256 under an RSA key, and nothing else is', async () => {
    const { publicPem, privatePem } = rsaPair()
    const auth = createAuth({ ...plain, jwt: { kind: 'publicKey', pem: publicPem } }, { demoSecret: null, clock })
    expect(await codeOf(auth, tokenOf({}, privatePem, { algorithm: 'RS256' }))).toBe('taken')
    expect(await codeOf(auth, tokenOf({}, privatePem, { algorithm: 'RS512' }))).toBe('token_invalid')
    expect(await codeOf(auth, tokenOf({}, privatePem, { algorithm: 'PS256' }))).toBe('token_invalid')
    expect(await codeOf(auth, tokenOf({}, rsaPair().privatePem, { algorithm: 'RS256' }))).toBe('token_invalid')
    // The public key is public: as an HMAC secret anybody could sign with it.
    expect(await codeOf(auth, handMade({ alg: 'HS256' }, claimsOf(), publicPem))).toBe('token_invalid')
    expect(await codeOf(auth, handMade({ alg: 'HS256' }, claimsOf(), publicPem.trim()))).toBe('token_invalid')
    expect(await codeOf(auth, `${base64url({ alg: 'none' })}.${base64url(claimsOf())}.`)).toBe('token_invalid')
  })

  it('is taken as ES256 under an EC key on P-256', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const auth = createAuth({ ...plain, jwt: { kind: 'publicKey', pem } }, { demoSecret: null, clock })
    expect(await codeOf(auth, tokenOf({}, privateKey, { algorithm: 'ES256' }))).toBe('taken')
    expect(await codeOf(auth, tokenOf({}, rsaPair().privatePem, { algorithm: 'RS256' }))).toBe('token_invalid')
    expect(await codeOf(auth, handMade({ alg: 'HS256' }, claimsOf(), pem))).toBe('token_invalid')
  })

  it('is refused where the key is on another curve', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(() => createAuth({ ...plain, jwt: { kind: 'publicKey', pem } }, { demoSecret: null, clock })).toThrow(/ES256/)
  })
})

describe('keys from JWT_JWKS_URL', () => {
  const pair = (kid: string) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
    return { kid, jwk, privateKey }
  }
  const [old, next] = [pair('old'), pair('next')]
  const signed = ({ kid, privateKey }: { kid: string; privateKey: KeyObject }, keyid = kid) =>
    tokenOf({}, privateKey, { algorithm: 'RS256', keyid })
  let served: { keys: object[]; down: boolean; asked: number }
  let host: Server
  let now: number
  let auth: ReturnType<typeof createAuth>
  const codeOf = (token: string) =>
    auth.verify(token).then(
      () => 'taken',
      (error: { code: string }) => error.code,
    )

  const start = async () => {
    served = { keys: [old.jwk], down: false, asked: 0 }
    now = Date.now()
    host = createHttpServer((_request, response) => {
      served.asked++
      if (served.down) response.writeHead(503).end()
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: served.keys }))
    })
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}/jwks.json`
    auth = createAuth(
      { jwtAudience: null, jwtIssuer: null, jwt: { kind: 'jwks', url } },
      { demoSecret: null, clock: { now: () => now, elapsed: () => now, after: () => () => {} } },
    )
  }
  afterEach(() => new Promise((resolve) => host.close(resolve)))

  it('are asked for once, however many tokens come', async () => {
    await start()
    expect(await Promise.all(Array.from({ length: 20 }, () => codeOf(signed(old))))).toEqual(Array(20).fill('taken'))
    expect(served.asked).toBe(1)
  })

  it('follow a rotation at once, and let go of a key that was taken away', async () => {
    await start()
    expect(await codeOf(signed(old))).toBe('taken')
    served.keys = [old.jwk, next.jwk]
    expect(await codeOf(signed(next))).toBe('taken')
    served.keys = [next.jwk]
    now += 11 * 60_000
    expect(await codeOf(signed(old))).toBe('token_invalid')
  })

  it('cannot be used to hammer the host with unknown key ids', async () => {
    await start()
    expect(await codeOf(signed(old))).toBe('taken')
    for (let n = 0; n < 50; n++) expect(await codeOf(signed(old, `made-up-${n}`))).toBe('token_invalid')
    expect(served.asked).toBeLessThanOrEqual(5)
    expect(await codeOf(signed(old))).toBe('taken')
  })

  it('go on working while the host is away, and are unavailable where it never answered', async () => {
    await start()
    expect(await codeOf(signed(old))).toBe('taken')
    served.down = true
    now += 11 * 60_000
    expect(await codeOf(signed(old))).toBe('taken')
    expect(await codeOf(signed(next))).toBe('unavailable')
  })

  it('are passed over where they cannot be read, and without a key id only the one key is meant', async () => {
    await start()
    const broken = { kty: 'RSA', kid: 'broken', n: '***', e: 'AQAB', use: 'sig', alg: 'RS256' }
    served.keys = [broken, old.jwk]
    expect(await codeOf(signed(old, 'broken'))).toBe('token_invalid')
    expect(await codeOf(signed(old))).toBe('taken')
    expect(await codeOf(tokenOf({}, old.privateKey, { algorithm: 'RS256' })), 'it may mean either').toBe('token_invalid')
    served.keys = [old.jwk]
    now += 11 * 60_000
    expect(await codeOf(tokenOf({}, old.privateKey, { algorithm: 'RS256' }))).toBe('taken')
  })

  it('sign for nobody else: a token names a key and is signed with another', async () => {
    await start()
    served.keys = [old.jwk, next.jwk]
    expect(await codeOf(signed(next, 'old'))).toBe('token_invalid')
    expect(await codeOf(handMade({ alg: 'HS256', kid: 'old' }, claimsOf(), JSON.stringify(old.jwk)))).toBe('token_invalid')
  })
})
