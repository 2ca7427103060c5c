// Which pages may call, and what browsers are told.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ORIGIN, PUBLIC_URL, type Served, serve } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve({ ALLOWED_ORIGINS: `${ORIGIN},http://localhost:5173` })
})
afterAll(() => hilo.close())

describe('the origin of a page', () => {
  it.each([ORIGIN, PUBLIC_URL, 'http://localhost:5173'])('may call: %s', async (origin) => {
    const answer = await hilo.call('GET', '/api/me', { headers: { origin } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    expect(answer.headers.get('vary')).toMatch(/Origin/)
  })

  it.each([
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.example',
    'https://sub.app.example.com',
    'http://localhost:5174',
    'http://localhost',
    'null',
  ])('may not: %s', async (origin) => {
    for (const [method, path] of [
      ['GET', '/api/me'],
      ['POST', '/api/messages'],
      ['GET', '/api/nothing-here'],
    ] as const) {
      const answer = await hilo.call(method, path, { headers: { origin } })
      expect([answer.status, answer.body.code]).toEqual([403, 'origin_not_allowed'])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
    const preflight = await hilo.call('OPTIONS', '/api/messages', {
      token: null,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
    })
    expect(preflight.status).toBe(403)
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('is not asked of a program, which has none', async () => {
    expect((await hilo.call('GET', '/api/me')).status).toBe(200)
  })

  it('is asked about beforehand without a token', async () => {
    const preflight = await hilo.call('OPTIONS', '/api/messages', {
      token: null,
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/authorization/i)
    expect(preflight.headers.get('access-control-allow-methods')).toMatch(/PATCH/)
  })

  it.each([
    'sentry-trace,baggage',
    'x-datadog-trace-id,x-datadog-origin,x-datadog-sampling-priority',
    'traceparent,tracestate',
    'request-id',
  ])('may be instrumented: its preflight allows the headers that tracing adds: %s', async (added) => {
    const asked = `authorization,content-type,${added}`
    for (const [method, path] of [
      ['GET', '/api/me'],
      ['POST', '/api/messages'],
    ] as const) {
      const preflight = await hilo.call('OPTIONS', path, {
        token: null,
        headers: { origin: ORIGIN, 'access-control-request-method': method, 'access-control-request-headers': asked },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-headers')).toBe(asked)
      expect(preflight.headers.get('vary')).toMatch(/Access-Control-Request-Headers/)
    }
    const traced = Object.fromEntries(added.split(',').map((name) => [name, '00-1']))
    expect((await hilo.call('GET', '/api/me', { headers: { origin: ORIGIN, ...traced } })).status).toBe(200)
  })

  it('is readable on a refusal too, so that the page learns why', async () => {
    const answer = await hilo.call('GET', '/api/me', { token: null, headers: { origin: ORIGIN } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
  })

  it('does not matter to webhooks', async () => {
    const answer = await hilo.call('POST', '/webhooks/twilio/message', {
      token: null,
      headers: { origin: 'https://evil.example' },
      raw: 'a=b',
    })
    expect(answer.body.code).toBe('signature_invalid')
  })
})

describe('headers', () => {
  it('tell browsers to be careful, and nobody what runs here', async () => {
    const { headers } = await hilo.call('GET', '/api/me')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/)
    expect(headers.get('strict-transport-security')).toMatch(/max-age/)
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
