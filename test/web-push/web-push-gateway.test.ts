// A push service gets two things from us: a request that it accepts, and content that only the browser can read.
import { createECDH, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { Agent } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import ece from 'http_ece'
import jwt from 'jsonwebtoken'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PushSubscription } from '../../server/store/records.ts'
import { createWebPushGateway } from '../../server/web-push/web-push-gateway.ts'

interface Taken {
  headers: IncomingMessage['headers']
  url: string
  body: Buffer
}

let service: Server
let taken: Taken[]
let status: number
let lines: string[]
let kept: Map<string, string>
beforeEach(async () => {
  taken = []
  status = 201
  lines = []
  kept = new Map()
  service = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      taken.push({ headers: request.headers, url: request.url ?? '', body: Buffer.concat(parts) })
      response.writeHead(status).end('no thanks')
    })
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => service.close(resolve)))

/** Every connection goes to the service of this test, without TLS. */
class Shortcut extends Agent {
  override createConnection() {
    return connect((service.address() as AddressInfo).port, '127.0.0.1')
  }
}

function gatewayOf() {
  const store = {
    async keepFirst(name: string, value: string) {
      if (!kept.has(name)) kept.set(name, value)
      return kept.get(name) ?? ''
    },
  }
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  return createWebPushGateway({ store, log, publicUrl: 'https://inbox.example.com', agent: new Shortcut() })
}

function browser() {
  const ecdh = createECDH('prime256v1')
  const authSecret = randomBytes(16)
  const subscription: PushSubscription = {
    orgId: 'default',
    agentId: 'agent-1',
    endpoint: 'https://push.example.com/send/abc?x=1',
    p256dh: ecdh.generateKeys('base64url'),
    auth: authSecret.toString('base64url'),
    scope: null,
    locale: 'es',
    page: 'https://host.example.com/',
    expiresAt: Number.MAX_SAFE_INTEGER,
  }
  const read = (body: Buffer) =>
    ece.decrypt(body, { version: 'aes128gcm', privateKey: ecdh, authSecret: subscription.auth }).toString('utf8')
  return { subscription, read }
}

const note = {
  title: 'Ana',
  body: '¿Mañana a las 10? 🙂',
  conversationId: '019d0000-1111-7222-8333-444455556666',
  page: 'https://host.example.com/',
}

test('the browser reads what was said, and nobody on the way does', async () => {
  const { subscription, read } = browser()
  expect(await gatewayOf().send(subscription, note)).toBe('sent')
  expect(taken).toHaveLength(1)
  const [{ body, url, headers }] = taken as [Taken]
  expect(url).toBe('/send/abc?x=1')
  expect(JSON.parse(read(body))).toEqual(note)
  expect(body.includes('Ana')).toBe(false)
  expect(headers).toMatchObject({
    'content-encoding': 'aes128gcm',
    ttl: '3600',
    urgency: 'high',
    topic: '019d0000111172228333444455556666',
  })
})

test('it is signed for that service, with the key that browsers were given, which stays the same', async () => {
  const gateway = gatewayOf()
  const key = await gateway.publicKey()
  await gateway.send(browser().subscription, note)
  expect(await gatewayOf().publicKey(), 'after a restart').toBe(key)
  const [, token, named] = /^vapid t=(.+), k=(.+)$/.exec(taken[0]?.headers.authorization ?? '') ?? []
  expect(named).toBe(key)
  expect(jwt.decode(token ?? '')).toMatchObject({ aud: 'https://push.example.com', sub: 'https://inbox.example.com' })
})

test.each([404, 410])('a browser that took it back is gone (%i)', async (answer) => {
  status = answer
  expect(await gatewayOf().send(browser().subscription, note)).toBe('gone')
})

test('a service that refuses is logged, without the address that would let others push', async () => {
  status = 500
  const { subscription } = browser()
  expect(await gatewayOf().send(subscription, note)).toBe('failed')
  const logged = lines.join('')
  expect(logged).toContain('"status":500')
  expect(logged).not.toContain('/send/abc')
  expect(logged).not.toContain(note.title)
})

test('a service that is not there, or keys that are none, throw nothing', async () => {
  const { subscription } = browser()
  const away = createWebPushGateway({
    store: { keepFirst: async (_name, value) => value },
    log: pino({ level: 'silent' }),
    publicUrl: 'http://localhost:8080',
  })
  expect(await away.send({ ...subscription, endpoint: 'https://push.invalid/x' }, note)).toBe('failed')
  expect(await gatewayOf().send({ ...subscription, p256dh: 'AAAA' }, note)).toBe('failed')
  expect(taken).toEqual([])
})
