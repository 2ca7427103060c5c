// The host is told what happens: signed, once per event, again where it does not take it, and its answer changes the record.
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Coordination, Message } from '../../shared/model.ts'
import { ORIGIN, type Served, serve, tokenOf } from '../http/serve.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver, type Told, verify } from './receiver.ts'

interface Shown {
  name: string
  off: { reason: string } | null
  failingSince: string | null
  secret?: string
}
interface Log {
  items: { id: string; type: string; state: string; attempts: number; answer: { status: number | null; detail: string } | null }[]
}

let host: Receiver
let slow: Receiver
let hilo: Served
const token = tokenOf({ role: 'service', sub: 'host' })
const call = <Body = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  hilo.call<Body>(method, path, { token, ...(body === undefined ? {} : { body }) })
const phoneOf = (n: number) => `+549115552${String(n).padStart(4, '0')}`
let last = 0
/** A name of its own, and a client of its own. */
const another = () => ({ name: `w${++last}`, phone: phoneOf(last), record: `ev-${last}` })

async function save(name: string, over: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await call<{ webhook: Shown }>('PUT', `/api/webhooks/${name}`, { url: `${host.origin}/${name}`, ...over })
  expect([200, 201]).toContain(status)
  return body.webhook.secret ?? ''
}
const logOf = async (name: string) => (await call<Log>('GET', `/api/webhooks/${name}/deliveries`)).body.items
const toldOf = (name: string, type?: string) =>
  host.told.filter((one) => one.path === `/${name}` && (type === undefined || one.body.type === type))
const wait = (name: string, type: string, count = 1): Promise<Told[]> =>
  until(() => (toldOf(name, type).length >= count ? toldOf(name, type) : null), { what: `${count} × ${type} for ${name}` })
const saveRecord = (id: string, phone: string) =>
  call('PUT', `/api/coordinations/${id}`, { title: `Boda ${id}`, contact: { name: 'Sofía', phone } })

async function sendTo(phone: string, coordinationId: string, over: Record<string, unknown> = {}): Promise<Message> {
  const body = { channel: 'whatsapp', to: phone, coordinationId, text: '¿Confirmás?', wait: 'sent', ...over }
  const answer = await hilo.call<{ message: Message }>('POST', '/api/messages', { body })
  expect(answer.text, answer.text).toContain('"message"')
  return answer.body.message
}
const press = (phone: string, payload: string, quoted: string | null) =>
  hilo.receive(phone, payload, {
    ...{ ButtonPayload: payload, ButtonText: payload, MessageType: 'button' },
    ...(quoted === null ? {} : { OriginalRepliedMessageSid: quoted }),
  })

beforeAll(async () => {
  host = await startReceiver()
  slow = await startReceiver()
  slow.answer(() => undefined)
  hilo = await serve({ ALLOWED_ORIGINS: [ORIGIN, host.origin, slow.origin].join(',') })
})
afterAll(async () => {
  await hilo.close()
  await host.close()
  await slow.close()
})
beforeEach(() => host.answer((response) => void response.writeHead(204).end()))

describe('a webhook of the host', () => {
  test('is told what came in and what became of what went out, signed as the library of Standard Webhooks checks it', async () => {
    const { name, phone, record } = another()
    await saveRecord(record, phone)
    const secret = await save(name, { events: ['message.*'] })
    await hilo.simulator.phone(phone).write('hola')
    await sendTo(phone, record)
    const [received] = await wait(name, 'message.received')
    await wait(name, 'message.delivered')
    expect(verify(secret, received as Told)).toMatchObject({
      type: 'message.received',
      data: {
        message: { text: 'hola', direction: 'inbound', coordinationId: record },
        conversation: { contact: { phone } },
        coordination: { id: record },
      },
    })
    expect(() => verify('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', received as Told)).toThrow()
    const ids = toldOf(name).map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size, 'one id per event').toBe(ids.length)
    expect(toldOf(name).map(({ body }) => body.type)).not.toContain('coordination.created')
    const log = await until(async () => {
      const items = await logOf(name)
      return items.every(({ state }) => state === 'delivered') ? items : null
    })
    expect(log.map(({ type }) => type)).toContain('message.sent')
  })

  test('tells its secret once, and agents nothing at all', async () => {
    const { name } = another()
    const made = await call<{ webhook: Shown }>('PUT', `/api/webhooks/${name}`, { url: `${host.origin}/x` })
    expect(made.status).toBe(201)
    expect(made.body.webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
    const again = await call<{ webhook: Shown }>('PUT', `/api/webhooks/${name}`, { url: `${host.origin}/y` })
    expect([again.status, again.body.webhook.secret]).toEqual([200, undefined])
    for (const path of ['/api/webhooks', `/api/webhooks/${name}`]) {
      expect((await call('GET', path)).text).not.toContain('whsec_')
      for (const claims of [{}, { role: 'supervisor', coordinations: ['ev-1'] }])
        expect((await hilo.call('GET', path, { token: tokenOf(claims) })).status, path).toBe(403)
    }
    expect((await call('DELETE', `/api/webhooks/${name}`)).status).toBe(204)
    expect((await call('GET', `/api/webhooks/${name}`)).status).toBe(404)
  })

  test.each([
    ['http://93.184.216.34/hook', 'http to the public'],
    ['https://127.0.0.1/hook', 'this machine'],
    ['https://10.0.0.7/hook', 'this network'],
    ['https://[::1]/hook', 'this machine by IPv6'],
    ['https://169.254.169.254/latest', 'a cloud’s own service'],
    ['https://intranet.local/hook', 'a private name'],
    ['ftp://example.com', 'no web address'],
    ['https://host:secreto@example.com/hook', 'an address with a password'],
    ['not an address', 'no address'],
  ])('may not lead to %s (%s)', async (url) => {
    const { status, body } = await call('PUT', '/api/webhooks/bad', { url })
    expect([status, body]).toMatchObject([422, { code: 'validation_failed', issues: [{ path: 'url' }] }])
  })

  test('a name that leads to a private address is refused with the delivery, and told in the log', async () => {
    const { name, phone } = another()
    await save(name, { url: 'https://nobody.example.com/x', events: ['message.received'] })
    await hilo.receive(phone, 'hola')
    const failed = await until(async () => (await logOf(name)).find(({ attempts }) => attempts > 0))
    expect(failed).toMatchObject({ state: 'waiting', attempts: 1, answer: { status: null } })
    expect((await call<Shown>('GET', `/api/webhooks/${name}`)).body.failingSince).not.toBeNull()
    await call('DELETE', `/api/webhooks/${name}`)
  })

  test('sensitive texts never leave', async () => {
    const { name, phone, record } = another()
    await saveRecord(record, phone)
    await hilo.simulator.phone(phone).write('hola')
    await save(name, { events: ['message.sent'] })
    await sendTo(phone, record, { text: 'la clave es 778899', sensitive: true })
    const [told] = await wait(name, 'message.sent')
    expect(told?.text).not.toContain('778899')
    expect(told?.body.data).toMatchObject({ message: { text: '', sensitive: true } })
  })

  test('an author and a kind that it does not ask for are not told', async () => {
    const { name, phone, record } = another()
    await saveRecord(record, phone)
    await hilo.receive(phone, 'hola')
    await save(name, { events: ['message.sent', 'message.received'], authors: ['contact'] })
    await sendTo(phone, record)
    await hilo.receive(phone, 'otra')
    await wait(name, 'message.received')
    await turn()
    expect(new Set(toldOf(name).map(({ body }) => body.type))).toEqual(new Set(['message.received']))
  })

  test('redirects are not followed, and one that hangs delays no other', async () => {
    const { name, phone } = another()
    const hanging = another().name
    await save(hanging, { url: `${slow.origin}/${hanging}`, events: ['message.received'] })
    await save(name, { events: ['message.received'] })
    host.answer((response) => response.writeHead(302, { location: `${slow.origin}/led` }).end())
    for (let one = 0; one < 8; one++) await hilo.receive(phone, `hola ${one}`)
    await wait(name, 'message.received', 8)
    const first = await until(async () => (await logOf(name)).find(({ attempts }) => attempts > 0))
    expect(first).toMatchObject({ state: 'waiting', answer: { status: 302, detail: expect.stringContaining('not followed') } })
    expect(slow.told.map(({ path }) => path)).not.toContain('/led')
    expect((await logOf(hanging)).every(({ state }) => state === 'waiting')).toBe(true)
    for (const one of [name, hanging]) await call('DELETE', `/api/webhooks/${one}`)
  })

  test('410 switches it off at once, which its state and the status of the house say; saving it switches it on', async () => {
    const { name, phone } = another()
    await save(name, { events: ['message.received'] })
    host.answer((response) => response.writeHead(410).end())
    await hilo.receive(phone, 'hola')
    const off = await until(async () => (await call<Shown>('GET', `/api/webhooks/${name}`)).body.off)
    expect(off.reason).toBe('gone')
    const { body } = await call<{ webhooks: unknown[] }>('GET', '/api/status')
    expect(body.webhooks).toContainEqual({ name, ready: false, reason: expect.stringContaining('410') })
    await until(() => hilo.logged().includes('was switched off'))
    const before = toldOf(name).length
    await hilo.receive(phone, 'nadie lo oye')
    host.answer((response) => response.writeHead(200).end())
    await save(name, { events: ['message.received'] })
    await hilo.receive(phone, 'otra vez')
    await until(() =>
      toldOf(name)
        .slice(before)
        .some(({ text }) => text.includes('otra vez')),
    )
    expect(toldOf(name).some(({ text }) => text.includes('nadie lo oye'))).toBe(false)
  })

  test('what was delivered is told once more under the same id, where that is asked for', async () => {
    const { name, phone } = another()
    const other = another().name
    await save(name, { events: ['message.received'] })
    await save(other, { events: ['message.read'] })
    await hilo.receive(phone, 'hola')
    await wait(name, 'message.received')
    const one = await until(async () => (await logOf(name)).find(({ state }) => state === 'delivered'))
    expect((await call('POST', `/api/webhooks/${other}/deliveries/${one.id}/replay`)).status).toBe(404)
    expect((await call('POST', `/api/webhooks/${name}/deliveries/${one.id}/replay`)).status).toBe(202)
    const both = await wait(name, 'message.received', 2)
    expect(both.map(({ headers }) => headers['webhook-id'])).toEqual([one.id, one.id])
  })
})

describe('a client’s button', () => {
  test('is told as an action with its payload; pressed twice it is told once; another after it, and it again, are told', async () => {
    const { name, phone, record } = another()
    await saveRecord(record, phone)
    await hilo.receive(phone, 'hola')
    await save(name, { events: ['action'] })
    const { twilioSid } = await sendTo(phone, record)
    await press(phone, 'confirm', twilioSid)
    await press(phone, 'confirm', twilioSid)
    await press(phone, 'cancel', twilioSid)
    await press(phone, 'confirm', twilioSid)
    const told = await wait(name, 'action', 3)
    const payloads = told.toSorted((a, b) => (String(a.headers['webhook-id']) < String(b.headers['webhook-id']) ? -1 : 1))
    expect(payloads.map(({ body }) => (body.data.action as { payload: string }).payload)).toEqual(['confirm', 'cancel', 'confirm'])
    expect(told[0]?.body.data).toMatchObject({ coordination: { id: record }, message: { replyToId: expect.any(String) } })
    expect(await logOf(name)).toHaveLength(3)
  })

  test('the host’s answer changes the record in the same breath, checked like a PUT', async () => {
    const { name, phone, record } = another()
    await saveRecord(record, phone)
    await hilo.receive(phone, 'hola')
    await save(name, { events: ['action'] })
    const { twilioSid } = await sendTo(phone, record)
    const answerWith = (coordination: object) =>
      host.answer((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ coordination })))
    const contact = { name: 'Sofía', phone }
    answerWith({ title: 'Boda confirmada', contact, data: { confirmado: true } })
    await press(phone, 'confirm', twilioSid)
    const saved = await until(async () => {
      const { body } = await call<Coordination>('GET', `/api/coordinations/${record}`)
      return body.data.confirmado === true ? body : null
    })
    expect(saved.title).toBe('Boda confirmada')
    for (const [wrong, said] of [
      [{ title: 'x', contact, startsAt: 'mañana' }, 'coordination.startsAt'],
      [{ id: 'ev-other', title: 'x', contact }, 'coordination.id'],
      [{ title: 'x', contact: { name: 'x', phone: '12' } }, 'phone'],
    ] as const) {
      answerWith(wrong)
      await press(phone, `own-${said}`, twilioSid)
      const found = await until(async () => (await logOf(name)).find(({ answer }) => answer?.detail.includes(said)))
      expect(found).toMatchObject({ state: 'delivered', answer: { status: 200, detail: expect.stringContaining('was not taken') } })
    }
    expect((await call<Coordination>('GET', `/api/coordinations/${record}`)).body).toMatchObject({ title: 'Boda confirmada' })
    expect((await call('GET', '/api/coordinations/ev-other')).status).toBe(404)
  })

  test('no other answer changes a record: to another event, refused, or longer than is read', async () => {
    const { name, phone, record } = another()
    await saveRecord(record, phone)
    await hilo.receive(phone, 'hola')
    await save(name, { events: ['action', 'message.received'] })
    const { twilioSid } = await sendTo(phone, record)
    let status = 200
    let title = 'por un mensaje'
    let more = ''
    host.answer((response) => {
      const coordination = { title, contact: { name: 'Sofía', phone } }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ more, coordination }))
    })
    await hilo.receive(phone, 'otra', twilioSid === null ? {} : { OriginalRepliedMessageSid: twilioSid })
    await wait(name, 'message.received')
    await until(async () => (await logOf(name)).some(({ type, state }) => type === 'message.received' && state === 'delivered'))
    status = 500
    title = 'rechazada'
    await press(phone, 'confirm', twilioSid)
    await until(async () => (await logOf(name)).find(({ type, attempts }) => type === 'action' && attempts === 1))
    status = 200
    title = 'demasiado larga'
    more = 'x'.repeat(150_000)
    await press(phone, 'cancel', twilioSid)
    await until(async () => (await logOf(name)).find(({ type, state }) => type === 'action' && state === 'delivered'))
    expect((await call<Coordination>('GET', `/api/coordinations/${record}`)).body.title).toBe(`Boda ${record}`)
    await call('DELETE', `/api/webhooks/${name}`)
  })
})
