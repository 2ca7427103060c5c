// How often one may ask, how much one may send.
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createManualClock } from '../support/manual-clock.ts'
import { type Served, serve, tokenOf } from './serve.ts'

describe('RATE_LIMIT', () => {
  const clock = createManualClock()
  let hilo: Served
  beforeAll(async () => {
    hilo = await serve({ RATE_LIMIT: '4' }, { clock })
  })
  afterAll(() => hilo.close())

  const ask = (token: string) => hilo.call('GET', '/api/me', { token })
  const statuses = async (token: string, count: number) => {
    const answered: number[] = []
    for (let n = 0; n < count; n++) answered.push((await ask(token)).status)
    return answered
  }

  it('lets a token burst to three times the rate, then asks it to wait; other tokens go on', async () => {
    const token = tokenOf({ sub: 'busy' })
    expect(await statuses(token, 13)).toEqual([...Array(12).fill(200), 429])
    const refused = await ask(token)
    expect(refused.body).toMatchObject({ code: 'rate_limited', retryAfter: 1 })
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await ask(tokenOf({ sub: 'calm' }))).status).toBe(200)
  })

  it('says truly when to come again, and gives the rate from then on, not a new burst', async () => {
    const token = tokenOf({ sub: 'steady' })
    await statuses(token, 13)
    clock.sleep(Number((await ask(token)).headers.get('retry-after')) * 1000)
    expect(await statuses(token, 5)).toEqual([200, 200, 200, 200, 429])
    clock.sleep(250)
    expect(await statuses(token, 2)).toEqual([200, 429])
  })

  it('is one for HTTP and sockets together', async () => {
    const token = tokenOf({ sub: 'both' })
    expect(await statuses(token, 11)).toEqual(Array(11).fill(200))
    const socket = io(hilo.url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false })
    try {
      await new Promise((ready) => socket.once('ready', ready))
      expect(await socket.emitWithAck('conversations:count', {})).toMatchObject({ ok: true })
      expect(await socket.emitWithAck('conversations:count', {})).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
      expect((await ask(token)).status).toBe(429)
    } finally {
      socket.close()
    }
  })

  it('does not count webhooks', async () => {
    for (let n = 0; n < 30; n++) await hilo.receive('+5491144500001', `mensaje ${n}`)
    const wrong = await Promise.all(Array.from({ length: 30 }, () => hilo.webhook('/webhooks/twilio/message', { Body: 'x' }, 'wrong')))
    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([403]))
  })
})

describe('wrong tokens', () => {
  const clock = createManualClock()
  let hilo: Served
  beforeAll(async () => {
    hilo = await serve({ RATE_LIMIT: '0' }, { clock })
  })
  afterAll(() => hilo.close())

  it('are answered 20 times a minute from one address, and stop no right one', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 22; n++) statuses.push((await hilo.call('GET', '/api/me', { token: `wrong-${n}` })).status)
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429])
    const refused = await hilo.call('GET', '/api/me', { token: 'wrong' })
    expect(refused.body.code).toBe('rate_limited')
    expect(refused.headers.get('retry-after')).toBe('60')
    for (let n = 0; n < 30; n++) expect((await hilo.call('GET', '/api/me')).status).toBe(200)
    expect((await hilo.call('GET', '/api/me', { token: null })).status).toBe(401)
  })

  it('are counted when they have expired, too', async () => {
    clock.sleep(60_000)
    const token = tokenOf({ iat: 1_700_000_000, exp: 1_700_003_600 })
    const statuses: number[] = []
    for (let n = 0; n < 21; n++) statuses.push((await hilo.call('GET', '/api/me', { token })).status)
    expect(statuses).toEqual([...Array(20).fill(401), 429])
  })

  it('cannot be told apart by a header that anybody may write, unless a proxy is there', async () => {
    const spoofed = (n: number) => ({ token: `wrong-${n}`, headers: { 'x-forwarded-for': `10.0.0.${n}` } })
    expect((await hilo.call('GET', '/api/me', spoofed(1))).status).toBe(429)
    const behindProxy = await serve({ TRUST_PROXY: '1' })
    try {
      for (let n = 0; n < 25; n++) expect((await behindProxy.call('GET', '/api/me', spoofed(n))).status).toBe(401)
    } finally {
      await behindProxy.close()
    }
  })
})
