// How often one may ask, how much one may send.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve, tokenOf } from './serve.ts'

describe('RATE_LIMIT', () => {
  let hilo: Served
  beforeAll(async () => {
    hilo = await serve({ RATE_LIMIT: '4' })
  })
  afterAll(() => hilo.close())

  it('lets a token burst to three times the rate, then asks it to wait; other tokens go on', async () => {
    const token = tokenOf({ sub: 'busy' })
    const statuses: number[] = []
    for (let n = 0; n < 13; n++) statuses.push((await hilo.call('GET', '/api/me', { token })).status)
    expect(statuses).toEqual([...Array(12).fill(200), 429])
    const refused = await hilo.call('GET', '/api/me', { token })
    expect(refused.body.code).toBe('rate_limited')
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await hilo.call('GET', '/api/me', { token: tokenOf({ sub: 'calm' }) })).status).toBe(200)
  })

  it('does not count webhooks', async () => {
    for (let n = 0; n < 30; n++) await hilo.receive('+5491144500001', `mensaje ${n}`)
    const wrong = await Promise.all(Array.from({ length: 30 }, () => hilo.webhook('/webhooks/twilio/message', { Body: 'x' }, 'wrong')))
    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([403]))
  })
})

describe('wrong tokens', () => {
  let hilo: Served
  beforeAll(async () => {
    hilo = await serve({ RATE_LIMIT: '0' })
  })
  afterAll(() => hilo.close())

  it('are answered 20 times a minute from one address, and stop no right one', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 22; n++) statuses.push((await hilo.call('GET', '/api/me', { token: `wrong-${n}` })).status)
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429])
    const refused = await hilo.call('GET', '/api/me', { token: 'wrong' })
    expect(refused.body.code).toBe('rate_limited')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    for (let n = 0; n < 30; n++) expect((await hilo.call('GET', '/api/me')).status).toBe(200)
    expect((await hilo.call('GET', '/api/me', { token: null })).status).toBe(401)
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
