// Every call of the route table and every event of the sockets, under everything that is no right request. The table is
// the server's own, so that a new call cannot escape.
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { connect as dial } from 'node:net'
import jwt from 'jsonwebtoken'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { CampaignShown } from '../../shared/campaigns.ts'
import type { Contact, Message, OwnConversation } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Route } from '../../server/http/route.ts'
import { allRoutes } from '../../server/http/routes/all-routes.ts'
import { handlers } from '../../server/realtime/handlers.ts'
import { connect, refusal } from '../realtime/live.ts'
import { jwtSecret, startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const PHONE = '+5491155600001'
const SECRET_TEXT = 'lo que nadie más debe leer'
let hilo: TestHilo
let boss: TestAgent
let scoped: TestAgent
let address = 0
/** Failures are counted by address: each request has its own. */
const elsewhere = () => ({ 'x-forwarded-for': `10.1.${Math.floor(++address / 250)}.${address % 250}` })
const filled = (route: Route, id = 'never-was') => route.path.replace(/:\w+/g, id)
const isProblem = (body: unknown, what: string) =>
  expect(body, what).toMatchObject({
    type: expect.stringMatching(/^urn:hilo:problem:/),
    status: expect.any(Number),
    code: expect.any(String),
    detail: expect.any(String),
  })
let theirs: { conversation: OwnConversation; message: Message; contact: Contact; outbound: Message; campaign: CampaignShown }

beforeAll(async () => {
  hilo = await startHilo({ env: { TRUST_PROXY: '1' } })
  boss = hilo.agent({ sub: 'boss', role: 'supervisor' })
  scoped = hilo.agent({ sub: 'scoped', coordinations: ['ev-own'] })
  const save = (id: string, phone: string) =>
    boss.call('PUT', `/api/coordinations/${id}`, { title: `Boda ${id}`, contact: { name: 'Ana', phone } })
  await save('ev-theirs', PHONE)
  await save('ev-own', '+5491155600002')
  await hilo.simulator.phone(PHONE).write(SECRET_TEXT, { channel: 'whatsapp' })
  const conversation = await hilo.conversation(PHONE)
  const outbound = await boss.send({ conversationId: conversation.id, text: 'contestado', wait: 'sent' })
  const message = (await hilo.messages(conversation.id))[0] as Message
  const contact = (await boss.call<Contact>('GET', `/api/contacts/${conversation.contact.id}`)).body
  const body = { name: 'Aviso', channel: 'sms', text: SECRET_TEXT, audience: { type: 'coordinations', ids: ['ev-theirs'] } }
  const { campaign } = (await boss.call<{ campaign: CampaignShown }>('POST', '/api/campaigns', body)).body
  theirs = { conversation, message, contact, outbound, campaign }
})
afterAll(async () => {
  await hilo.close()
})

/** The server is as it was, and still does its work. */
async function survives(): Promise<void> {
  expect((await fetch(`${hilo.url}/readyz`)).status).toBe(200)
  await boss.send({ conversationId: theirs.conversation.id, note: 'sigue' })
}

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const rsaPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const encoded = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
/** Signed with HMAC by hand, since the library refuses to make some of these. */
function handMade(header: unknown, payload: unknown, key: string = jwtSecret): string {
  const text = `${encoded(header)}.${encoded(payload)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}
function wrongTokens(): [string, string, string][] {
  const now = Math.floor(Date.now() / 1000)
  const right = { sub: 'agent-1', name: 'Ana', org: 'default', role: 'agent', iat: now, exp: now + 3600 }
  const hs = { alg: 'HS256', typ: 'JWT' }
  const without = (claim: string) => handMade(hs, Object.fromEntries(Object.entries(right).filter(([name]) => name !== claim)))
  const changed = (change: object) => handMade(hs, { ...right, ...change })
  const whole = changed({})
  return [
    ['alg none', `${encoded({ alg: 'none' })}.${encoded(right)}.`, 'token_invalid'],
    ['alg None with a signature', handMade({ alg: 'None' }, right), 'token_invalid'],
    ['HS256 with a public key', handMade(hs, right, rsaPem), 'token_invalid'],
    ['HS512 named', handMade({ alg: 'HS512' }, right), 'token_invalid'],
    ['RS256 named', handMade({ alg: 'RS256' }, right), 'token_invalid'],
    ['another secret', handMade(hs, right, 'another-secret-that-is-long-enough-too'), 'token_invalid'],
    ['an empty secret', handMade(hs, right, ''), 'token_invalid'],
    ['expired', changed({ iat: now - 100, exp: now - 1 }), 'token_expired'],
    ['not yet valid', changed({ nbf: now + 3600 }), 'token_invalid'],
    ['issued in the future', changed({ iat: now + 3600, exp: now + 7200 }), 'token_invalid'],
    ['with a far end', changed({ exp: now + 10 * 365 * 86_400 }), 'token_invalid'],
    ...['sub', 'name', 'org', 'role', 'iat', 'exp'].map((claim): [string, string, string] => [
      `without ${claim}`,
      without(claim),
      'token_invalid',
    ]),
    ['sub as a list', changed({ sub: ['agent-1'] }), 'token_invalid'],
    ['sub as an operator', changed({ sub: { $gt: '' } }), 'token_invalid'],
    ['org as a list', changed({ org: ['default'] }), 'token_invalid'],
    ['role as a list', changed({ role: ['admin'] }), 'token_invalid'],
    ['an unknown role', changed({ role: 'root' }), 'token_invalid'],
    ['exp as a text', changed({ exp: String(now + 3600) }), 'token_invalid'],
    ['exp beyond numbers', handMade(hs, `{"sub":"a","name":"a","org":"default","role":"agent","iat":${now},"exp":1e999}`), 'token_invalid'],
    ['scope as a text', changed({ coordinations: 'ev-own' }), 'token_invalid'],
    ['scope as an object', changed({ coordinations: { length: 1, 0: 'ev-own' } }), 'token_invalid'],
    ['scope of numbers', changed({ coordinations: [1] }), 'token_invalid'],
    ['scope null', changed({ coordinations: null }), 'token_invalid'],
    ['a payload that is a list', handMade(hs, [right]), 'token_invalid'],
    ['a payload that is null', handMade(hs, 'null'), 'token_invalid'],
    ['another organization', changed({ org: 'another' }), 'forbidden'],
    ['cut off', whole.slice(0, -5), 'token_invalid'],
    ['two parts', whole.split('.').slice(0, 2).join('.'), 'token_invalid'],
    ['four parts', `${whole}.x`, 'token_invalid'],
    ['no token at all', 'nothing-signed', 'token_invalid'],
    ['ten kilobytes', `${whole}${'A'.repeat(10_000)}`, 'token_invalid'],
  ]
}

describe('a token of a wrong kind', () => {
  test.each(wrongTokens())('%s is refused by every call and by the sockets', async (what, token, code) => {
    await Promise.all(
      allRoutes.map(async (route) => {
        const answer = await fetch(hilo.url + filled(route), {
          method: route.method.toUpperCase(),
          headers: { authorization: `Bearer ${token}`, ...elsewhere() },
        })
        const body = (await answer.json()) as Problem
        expect([answer.status, body.code], `${what}: ${route.operation}`).toEqual([code === 'forbidden' ? 403 : 401, code])
      }),
    )
    expect((await refusal(hilo.url, token, { extraHeaders: elsewhere() }))?.code, what).toBe(code)
    expect(hilo.log()).not.toContain(token.slice(0, 60))
  })

  test('of a hundred kilobytes is refused before it is read', async () => {
    const { port } = new URL(hilo.url)
    const answer = await new Promise<string>((resolve) => {
      let heard = ''
      const socket = dial(Number(port), '127.0.0.1', () =>
        socket.write(`GET /api/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'A'.repeat(100_000)}\r\n\r\n`),
      )
      socket.on('data', (part) => (heard += String(part)))
      socket.on('error', () => {})
      socket.on('close', () => resolve(heard))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    await survives()
  })
})

/** Values that no field takes. */
const strange: unknown[] = [
  null,
  true,
  -1,
  1e300,
  0.5,
  [],
  ['a', 'b'],
  {},
  { $gt: '' },
  { $where: '1' },
  '',
  '\u0000',
  '\uD800',
  'x'.repeat(50_000),
  [[[[[]]]]],
]
const fieldsOf = (schema: z.ZodType | null): string[] => {
  if (schema === null) return []
  const { properties, items } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as {
    properties?: Record<string, unknown>
    items?: { properties?: Record<string, unknown> }
  }
  return Object.keys(properties ?? items?.properties ?? {})
}
const brokenBodies = ['{', '[1,', 'null', '"text"', '7', 'NaN', '\u0000', `${'['.repeat(30_000)}${']'.repeat(30_000)}`]
/** JSON, with things in it that are dangerous to those who are not careful. */
const tricky = [
  '{"a":1e999}',
  '{"text":"\\ud800"}',
  '{"__proto__":{"role":"admin"},"constructor":{"prototype":{}}}',
  '{"text":"a","text":"b","text":{"$gt":""}}',
]

describe('every call', () => {
  test.each(allRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s answers malformed and type-confused input with a problem or as documented',
    async (_, route) => {
      const method = route.method.toUpperCase()
      const ask = async (path: string, body?: string | Buffer, headers: Record<string, string> = {}) => {
        const answer = await fetch(hilo.url + path, {
          method,
          headers: {
            authorization: `Bearer ${scoped.token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
        })
        const text = await answer.text()
        const what = `${method} ${path.slice(0, 90)} ${String(body).slice(0, 90)} → ${answer.status} ${text.slice(0, 120)}`
        expect(answer.status, what).toBeLessThan(500)
        if (answer.status >= 400) isProblem(JSON.parse(text), what)
        else expect(Object.keys(route.answers), what).toContain(String(answer.status))
        expect(text, what).not.toContain(SECRET_TEXT)
        return answer.status
      }
      for (const id of ['%00', '%ff', '%ED%A0%80', '..%2f..', '__proto__', '%7B%22%24gt%22%3A%22%22%7D', 'a'.repeat(4000)])
        if (route.path.includes(':')) await ask(filled(route, id), route.body ? '{}' : undefined)
      for (const field of [...fieldsOf(route.query), '__proto__'])
        for (const value of ['', '%00', '%F0%9F', '-1', '1e999', 'NaN', '[$gt]', `${'9'.repeat(400)}`]) {
          await ask(`${filled(route)}?${field}=${value}`, route.body ? '{}' : undefined)
          await ask(`${filled(route)}?${field}[$gt]=${value}&${field}=a&${field}=b`, route.body ? '{}' : undefined)
        }
      if (route.body === null) return
      for (const body of [...brokenBodies, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])]) {
        const status = await ask(filled(route), body)
        expect(status, String(body).slice(0, 60)).toBeGreaterThanOrEqual(400)
      }
      for (const body of tricky) await ask(filled(route), body)
      expect(({} as Record<string, unknown>).role).toBeUndefined()
      expect(await ask(filled(route), `{"x":"${'x'.repeat(route.bodyBytes)}"}`)).toBe(413)
      expect(await ask(filled(route), '{}', { 'content-type': 'text/plain' })).toBe(415)
      expect(await ask(filled(route), '{}', { 'content-encoding': 'gzip' })).toBeGreaterThanOrEqual(400)
      for (const field of fieldsOf(route.body)) for (const value of strange) await ask(filled(route), JSON.stringify({ [field]: value }))
    },
  )

  test('leaves the server as it was', survives)
})

describe('guessing ids', () => {
  /** For each call that takes an id anywhere, the same call with any id of that kind. A call that is missing here fails below. */
  const guesses: Record<string, (id: (kind: keyof typeof real) => string) => { path: string; body?: unknown }> = {
    sendMessage: (id) => ({ path: '/api/messages', body: { conversationId: id('conversation'), text: 'x' } }),
    listMessages: (id) => ({ path: `/api/messages?coordinationId=${id('record')}` }),
    moveMessages: (id) => ({ path: '/api/messages/move', body: { ids: [id('message')], coordinationId: 'ev-own' } }),
    undoMove: () => ({ path: '/api/messages/move/undo', body: { undoId: 'never-was' } }),
    readMessage: (id) => ({ path: `/api/messages/${id('message')}` }),
    changePlan: (id) => ({ path: `/api/messages/${id('message')}`, body: { text: 'x' } }),
    retryMessage: (id) => ({ path: `/api/messages/${id('outbound')}/retry` }),
    retryMedia: (id) => ({ path: `/api/media/${id('message')}-0/retry` }),
    cancelMessage: (id) => ({ path: `/api/messages/${id('outbound')}/cancel` }),
    putAwayMessage: (id) => ({ path: `/api/messages/${id('outbound')}/put-away` }),
    sendBulk: () => ({ path: '/api/messages/bulk', body: { channel: 'sms', to: [PHONE], text: 'x', clientBatchId: 'never-was' } }),
    createCampaign: (id) => ({
      path: '/api/campaigns',
      body: {
        name: 'x',
        channel: 'sms',
        text: 'x',
        audience: { type: 'coordinations', ids: [id('record')] },
        clientMessageId: 'never-was',
      },
    }),
    readCampaign: (id) => ({ path: `/api/campaigns/${id('campaign')}` }),
    bringRecipients: (id) => ({ path: `/api/campaigns/${id('campaign')}/recipients`, body: { recipients: [] } }),
    listRecipients: (id) => ({ path: `/api/campaigns/${id('campaign')}/recipients` }),
    lookAhead: (id) => ({ path: `/api/campaigns/${id('campaign')}/preflight` }),
    readRates: () => ({ path: '/api/rates' }),
    keepRates: () => ({ path: '/api/rates', body: { currency: 'USD', asOf: '2026-11-01', source: 'x', items: [] } }),
    startCampaign: (id) => ({ path: `/api/campaigns/${id('campaign')}/start` }),
    pauseCampaign: (id) => ({ path: `/api/campaigns/${id('campaign')}/pause` }),
    resumeCampaign: (id) => ({ path: `/api/campaigns/${id('campaign')}/resume` }),
    cancelCampaign: (id) => ({ path: `/api/campaigns/${id('campaign')}/cancel` }),
    listConversations: (id) => ({ path: `/api/conversations?coordinationId=${id('record')}` }),
    openConversation: (id) => ({ path: '/api/conversations', body: { channel: 'sms', to: PHONE, coordinationId: id('record') } }),
    readConversation: (id) => ({ path: `/api/conversations/${id('conversation')}` }),
    updateConversation: (id) => ({ path: `/api/conversations/${id('conversation')}`, body: { tags: ['x'] } }),
    listThread: (id) => ({ path: `/api/conversations/${id('conversation')}/messages` }),
    markRead: (id) => ({ path: `/api/conversations/${id('conversation')}/read`, body: { seq: 1 } }),
    readContact: (id) => ({ path: `/api/contacts/${id('contact')}` }),
    updateContact: (id) => ({ path: `/api/contacts/${id('contact')}`, body: { name: 'Otra' } }),
    saveContacts: () => ({ path: '/api/contacts', body: [{ addresses: [{ channel: 'sms', phone: PHONE }] }] }),
    mergeContacts: (id) => ({ path: `/api/contacts/${id('contact')}/merge`, body: { into: 'never-was' } }),
    undoMergeContacts: () => ({ path: '/api/contacts/merge/undo', body: { undoId: 'never-was' } }),
    exportContact: (id) => ({ path: `/api/contacts/${id('contact')}/export` }),
    eraseContact: (id) => ({ path: `/api/contacts/${id('contact')}` }),
    listContactMessages: (id) => ({ path: `/api/contacts/${id('contact')}/messages` }),
    saveCoordination: (id) => ({ path: `/api/coordinations/${id('record')}`, body: { title: 'x', contact: { name: 'x', phone: PHONE } } }),
    saveCoordinations: (id) => ({
      path: '/api/coordinations',
      body: [{ id: id('record'), title: 'x', contact: { name: 'x', phone: PHONE } }],
    }),
    readCoordination: (id) => ({ path: `/api/coordinations/${id('record')}` }),
    askFiling: (id) => ({ path: `/api/coordinations/${id('record')}/ask-filing`, body: {} }),
    readPlan: (id) => ({ path: `/api/coordinations/${id('record')}/plan` }),
    changeAutomationPlan: (id) => ({ path: `/api/coordinations/${id('record')}/plan`, body: { key: 'x', action: 'skip' } }),
    runAutomation: (id) => ({ path: '/api/automations/x/run', body: { coordinationIds: [id('record')] } }),
    recordEvent: (id) => ({ path: `/api/coordinations/${id('record')}/events`, body: { type: 'paid' } }),
    listCoordinationMessages: (id) => ({ path: `/api/coordinations/${id('record')}/messages` }),
    saveAgent: (id) => ({ path: `/api/agents/${id('record')}`, body: { name: 'Otra' } }),
    saveAgents: (id) => ({ path: '/api/agents', body: [{ id: id('record'), name: 'Otra' }] }),
    replayDelivery: (id) => ({ path: `/api/webhooks/crm/deliveries/${id('message')}/replay` }),
    readUnread: (id) => ({ path: `/api/unread?coordinations=${id('record')}` }),
    whatsappSend: (id) => ({ path: '/api/whatsapp/send', body: { to: PHONE, message: 'x', coordinationId: id('record') } }),
    whatsappConversations: (id) => ({ path: `/api/whatsapp/conversations?coordinationId=${id('record')}` }),
    whatsappMessages: (id) => ({ path: `/api/whatsapp/conversations/${id('phone')}/messages` }),
  }
  const real = {
    conversation: () => theirs.conversation.id,
    message: () => theirs.message.id,
    outbound: () => theirs.outbound.id,
    contact: () => theirs.contact.id,
    record: () => 'ev-theirs',
    campaign: () => theirs.campaign.id,
    phone: () => encodeURIComponent(PHONE),
  }

  test('is tried on every call that takes one', () => {
    const takesId = allRoutes.filter(
      (route) =>
        /:(id|phone)\b/.test(route.path) ||
        [...fieldsOf(route.query), ...fieldsOf(route.body)].some((name) => /(^|[a-z])(id|Id|ids)$|^coordinations$/.test(name)),
    )
    expect(takesId.map((route) => route.operation).filter((name) => !(name in guesses))).toEqual([])
  })

  test('finds nothing of another record: the answer is that of an id that never was', async () => {
    const before = await boss.call('GET', '/api/messages')
    for (const [operation, guess] of Object.entries(guesses)) {
      const route = allRoutes.find((one) => one.operation === operation)
      const method = route?.method.toUpperCase() ?? ''
      const there = guess((kind) => real[kind]())
      const never = guess((kind) => (kind === 'phone' ? encodeURIComponent('+5491155609999') : 'never-was'))
      const [found, missing] = [await scoped.call(method, there.path, there.body), await scoped.call(method, never.path, never.body)]
      expect([found.status, found.body], operation).toEqual([missing.status, missing.body])
      expect(found.text, operation).not.toContain(SECRET_TEXT)
      const stranger = hilo.agent({ sub: 'stranger', org: 'another' })
      expect((await stranger.call(method, there.path, there.body)).status, operation).toBe(403)
    }
    expect((await boss.call('GET', '/api/messages')).body).toEqual(before.body)
  })

  test('finds nothing through any event of the sockets', async () => {
    const payloads: Record<string, ((conversationId: string, record: string) => unknown) | null> = {
      sync: null,
      'conversations:list': (_, record) => ({ coordinationId: record }),
      'conversations:count': () => ({}),
      'messages:list': (conversationId) => ({ conversationId }),
      'message:send': (conversationId) => ({ conversationId, text: 'x', clientMessageId: 'guess' }),
      'conversation:read': (conversationId) => ({ conversationId, seq: 1 }),
      'conversation:update': (conversationId) => ({ conversationId, tags: ['x'] }),
      viewing: (conversationId) => ({ conversationId, replying: true }),
      typing: (conversationId) => ({ conversationId }),
      'auth:refresh': null,
      'subscribe:coordinations': (_, record) => ({ ids: [record] }),
    }
    expect(Object.keys(handlers).filter((event) => !(event in payloads))).toEqual([])
    const live = await connect(hilo.url, scoped.token)
    const bossLive = await connect(hilo.url, boss.token)
    for (const [event, payload] of Object.entries(payloads)) {
      if (payload === null) continue
      const found = await live.ask(event, payload(theirs.conversation.id, 'ev-theirs'))
      expect(found, event).toEqual(await live.ask(event, payload('never-was', 'never-was')))
    }
    await boss.send({ conversationId: theirs.conversation.id, note: SECRET_TEXT })
    await until(() => bossLive.changes().length > 0)
    await live.caughtUp()
    expect(JSON.stringify(live.heard)).not.toContain(SECRET_TEXT)
    expect(bossLive.all('presence')).toEqual([])
    live.socket.close()
    bossLive.socket.close()
  })
})

test('hundreds of connections that never finish their request hold up nobody', async () => {
  const { port } = new URL(hilo.url)
  let ended = 0
  const slow = Array.from({ length: 300 }, (_, n) => {
    const socket = dial(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.on('close', () => ended++)
    socket.write(
      n % 2 === 0
        ? 'GET /api/me HTTP/1.1\r\nX-A: '
        : 'POST /webhooks/twilio/message HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nBody=',
    )
    return socket
  })
  await Promise.all(slow.map((socket) => (socket.connecting ? once(socket, 'connect') : null)))
  await survives()
  // Answered beside them, not after the first of them was given up.
  expect(ended).toBe(0)
  for (const socket of slow) socket.destroy()
  await survives()
})

test('the log holds no token, text or number, at any level', () => {
  const log = hilo.log()
  expect(log).toContain('request')
  for (const secret of [
    SECRET_TEXT,
    'contestado',
    PHONE.slice(1),
    '5560-0001',
    boss.token,
    scoped.token,
    jwtSecret,
    jwt.decode(boss.token, { complete: true })?.signature ?? '?',
  ])
    expect(log.includes(secret), secret).toBe(false)
})
