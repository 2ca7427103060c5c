// Who may open a socket, and what it is told first.
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hostOrigin, startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { clientAddress } from '../../server/realtime/admit.ts'
import { connect, refusal } from './live.ts'

let hilo: TestHilo
beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())

describe('a socket', () => {
  test('hears ready first: who it is, the senders, the limits', async () => {
    const live = await connect(hilo.url, hilo.agent({ sub: 'a1', name: 'Ana Díaz' }).token)
    expect(live.heard[0]).toMatchObject({
      name: 'ready',
      data: {
        agent: { id: 'a1', name: 'Ana Díaz', role: 'agent' },
        org: 'default',
        timezone: 'America/Argentina/Buenos_Aires',
        locale: 'es',
        channels: [
          { channel: 'whatsapp', sender: '+14155238886', ready: true, reason: null, oldestQueuedAt: null },
          { channel: 'sms', ready: true },
        ],
        limits: { textChars: 1600, mediaBytes: 16 * 1024 * 1024 },
      },
    })
    live.socket.close()
  })

  test.each([
    ['the host', hostOrigin, undefined],
    ['our own address', 'https://inbox.example.com', undefined],
    ['another site', 'https://evil.example.com', 'origin_not_allowed'],
    ['the host by another scheme', 'http://host.example.com', 'origin_not_allowed'],
    ['the host by another port', 'https://host.example.com:8443', 'origin_not_allowed'],
    ['a sandboxed page', 'null', 'origin_not_allowed'],
  ])('from %s is judged by its origin', async (_who, origin, code) => {
    const problem = await refusal(hilo.url, hilo.agent().token, { extraHeaders: { Origin: origin } })
    expect(problem?.code).toBe(code)
    if (code) expect(problem).toMatchObject({ type: `urn:hilo:problem:${code}`, status: 403, detail: expect.any(String) })
  })

  test('without an origin is judged by its token alone', async () => {
    expect(await refusal(hilo.url, hilo.agent().token)).toBeUndefined()
    expect(await refusal(hilo.url, undefined)).toMatchObject({ code: 'token_missing', status: 401 })
    expect(await refusal(hilo.url, 'no-token')).toMatchObject({ code: 'token_invalid', status: 401 })
    const now = Math.floor(Date.now() / 1000)
    expect(await refusal(hilo.url, hilo.agent({ iat: now - 100, exp: now - 1 }).token)).toMatchObject({ code: 'token_expired' })
    expect(await refusal(hilo.url, hilo.agent({ org: 'another' }).token)).toMatchObject({ code: 'forbidden' })
  })

  test.each([[42], [null], [{}], [['x']]])('with %j for a token is refused, and the server goes on', async (token) => {
    expect(await refusal(hilo.url, undefined, { auth: { token } })).toMatchObject({ code: 'token_missing' })
  })

  test.each([
    ['more than a header may hold', 20_000],
    ['more than any other packet may have', 200_000],
  ])('with a token of %s is refused, so that no client tries for ever', async (_how, chars) => {
    const coordinations = Array.from({ length: chars / 20 }, (_, i) => `coordination-${i}`)
    const { token } = hilo.agent({ coordinations })
    expect(token.length).toBeGreaterThan(chars)
    const problem = await refusal(hilo.url, token, { reconnection: true })
    expect(problem).toMatchObject({ code: 'payload_too_large', status: 413, detail: expect.stringContaining('coordinations') })
  })

  test('that is in is ended by a packet of more than 100 kB, which nobody reads', async () => {
    const live = await connect(hilo.url, hilo.agent({ sub: 'loud' }).token)
    expect(await live.ask('sync', { since: null, more: 'x'.repeat(90_000) })).toMatchObject({ ok: true })
    live.socket.emit('sync', { since: null, more: 'x'.repeat(110_000) })
    await until(() => live.closed() !== null, { what: 'the end' })
  })

  test('takes no other transport and no other namespace', async () => {
    const polling = await fetch(`${hilo.url}/socket.io/?EIO=4&transport=polling`)
    expect(polling.status).toBe(400)
    await polling.text()
    await expect(connect(`${hilo.url}/other`, hilo.agent().token)).rejects.toThrow('Invalid namespace')
  })
})

test('wrong and expired tokens are limited by address, twenty a minute in all; a right one is never stopped', async () => {
  const clock = createManualClock()
  const limited = await startHilo({ clock })
  try {
    const expired = limited.agent({ exp: Math.floor(clock.now() / 1000) - 1 }).token
    for (const [token, code] of [
      ['wrong', 'token_invalid'],
      [expired, 'token_expired'],
    ] as const) {
      const codes: (string | undefined)[] = []
      for (let i = 0; i < 21; i++) codes.push((await refusal(limited.url, token))?.code)
      expect(codes).toEqual([...Array(20).fill(code), 'rate_limited'])
      clock.sleep(60_000)
    }
    const mixed: (string | undefined)[] = []
    // Whoever calls may write this header: without a proxy in front it is nobody's address.
    for (let i = 0; i < 21; i++) {
      const extraHeaders = { 'X-Forwarded-For': `192.0.2.${i}` }
      mixed.push((await refusal(limited.url, i % 2 ? 'wrong' : expired, { extraHeaders }))?.code)
    }
    expect(mixed.indexOf('rate_limited')).toBe(20)
    expect(await refusal(limited.url, limited.agent().token)).toBeUndefined()
  } finally {
    await limited.close()
  }
})

test.each([
  [0, undefined, '10.0.0.1'],
  [0, '192.0.2.1', '10.0.0.1'],
  [1, undefined, '10.0.0.1'],
  [1, '192.0.2.1', '192.0.2.1'],
  [1, 'written by the caller, 192.0.2.1', '192.0.2.1'],
  [2, 'written by the caller, 192.0.2.1 , 192.0.2.2', '192.0.2.1'],
  [3, '192.0.2.1, 192.0.2.2', '192.0.2.1'],
  [1, ' , ', '10.0.0.1'],
])('behind %i proxies, X-Forwarded-For: %s comes from %s', (proxies, forwarded, address) => {
  const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: '10.0.0.1' } }
  expect(clientAddress(request as unknown as IncomingMessage, proxies)).toBe(address)
})
