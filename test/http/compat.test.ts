// The calls of systems B, C and D as they make them, by their own names of things; each behind its letter.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../server/config.ts'
import { routesOf } from '../../server/http/routes/compat/compat-routes.ts'
import { allRoutes } from '../../server/http/routes/all-routes.ts'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
const token = tokenOf({ role: 'service', sub: 'host' })
const phoneOf = (n: number) => `+5491155580${String(n).padStart(3, '0')}`
const call = <Body = Record<string, unknown>>(method: string, path: string, body?: unknown, by = token) =>
  hilo.call<Body>(method, path, { token: by, ...(body === undefined ? {} : { body }) })
const own = routesOf({ compat: ['b', 'c', 'd'] }).slice(allRoutes.length)

beforeAll(async () => {
  hilo = await serve({ COMPAT: 'D, b,c' })
})
afterAll(() => hilo.close())

describe('COMPAT', () => {
  test('is off unless it is set: none of these calls is there, nor described', async () => {
    const plain = await serve()
    for (const { method, path } of own) {
      const answer = await plain.call(method.toUpperCase(), path.replace(':id', 'x'), { token, ...(method === 'post' ? { body: {} } : {}) })
      expect([path, answer.status]).toEqual([path, 404])
    }
    const described = (await plain.call<{ paths: object }>('GET', '/api/openapi.json')).body.paths
    expect(Object.keys(described).filter((path) => /twilio|messaging|notificaciones|estado/.test(path))).toEqual([])
    await plain.close()
  })

  test('answers those of its letters alone; unknown ones stop the start', () => {
    expect(routesOf({ compat: ['c'] }).length - allRoutes.length).toBe(own.filter(({ path }) => path.startsWith('/api/messaging')).length)
    expect(readConfig({ COMPAT: ' B, d ,' }).compat).toEqual(['b', 'd'])
    expect(readConfig({}).compat).toEqual([])
    for (const wrong of ['a', 'b,x', 'bcd', 'all']) expect(() => readConfig({ COMPAT: wrong })).toThrow(ConfigError)
  })

  test('takes no call without a token, a wrong body, or what is not of an object; each is described', async () => {
    const described = (await hilo.call<{ paths: Record<string, object> }>('GET', '/api/openapi.json')).body.paths
    for (const { method, path, body } of own) {
      const to = path.replace(':id', 'x')
      expect((await hilo.call(method.toUpperCase(), to, { token: null })).status, path).toBe(401)
      expect(Object.keys(described[path.replace(':id', '{id}')] ?? {}), path).toContain(method)
      if (body === null) continue
      for (const wrong of [[], 'x', 7, { to: [] }, { to: {} }])
        expect((await call(method.toUpperCase(), to, wrong)).status, `${path} ${JSON.stringify(wrong)}`).toBe(422)
    }
  })
})

test('every call of docs/host-api.md is answered as it stands', async () => {
  const text = readFileSync('docs/host-api.md', 'utf8').split('## By changing an address')[1]?.split('\n## ')[0] ?? ''
  const calls = [...text.matchAll(/^hilo (GET|POST) '?(\/[^\s']+)'?(?: '(.*)')?$/gm)]
  expect(calls.length).toBeGreaterThan(13)
  for (const name of ['payment_due', 'payment_overdue', 'payment_received', 'loan_approved']) {
    const { name: _, builtIn: __, updatedAt: ___, rev: ____, ...rule } = (await call('GET', `/api/automations/${name}`)).body
    await call('PUT', `/api/automations/${name}`, { ...rule, channels: ['sms'], enabled: true })
  }
  for (const [line, method = '', path = '', body] of calls) {
    const answer = await call(method, path, body === undefined ? undefined : JSON.parse(body))
    expect([200, 202], `${line}: ${answer.text}`).toContain(answer.status)
  }
  for (const name of ['payment_due', 'payment_overdue', 'payment_received', 'loan_approved'])
    await call('DELETE', `/api/automations/${name}`)
})

describe('system B, a property CRM', () => {
  interface Entry {
    id: string
    sid: string | null
    status: string
    phone: string
    body: string
    direction: string
    errorCode: number | null
  }

  test('sends one, reads the log and one message of it, with SID, state and times', async () => {
    await hilo.simulator.phone(phoneOf(1)).write('hola')
    const sent = await call<{ success: boolean; message: Entry }>('POST', '/api/twilio/send', {
      phone: phoneOf(1),
      message: 'Visita a las 10',
    })
    expect([sent.status, sent.body]).toMatchObject([202, { success: true, message: { direction: 'OUTBOUND', phone: phoneOf(1) } }])
    const read = await until(async () => {
      const { body } = await call<Entry & { deliveredAt: string | null }>('GET', `/api/twilio/messages/${sent.body.message.id}`)
      return body.status === 'DELIVERED' ? body : null
    })
    expect(read).toMatchObject({ body: 'Visita a las 10', sid: expect.stringMatching(/^(SM|MM)/), errorCode: null })
    expect(read.deliveredAt).not.toBeNull()
    const log = await call<{ items: Entry[] }>('GET', '/api/twilio/messages?canal=whatsapp&limit=2')
    expect(log.body.items.map(({ direction, body }) => [direction, body])).toEqual([
      ['OUTBOUND', 'Visita a las 10'],
      ['INBOUND', 'hola'],
    ])
    expect((await call('GET', '/api/twilio/messages/none')).status).toBe(404)
  })

  test('sends by SMS, once per clientMessageId', async () => {
    const body = { telefono: phoneOf(2), mensaje: 'Le escribo por SMS', canal: 'SMS', clientMessageId: 'b-1' }
    const both = [
      await call<{ message: Entry }>('POST', '/api/twilio/send', body),
      await call<{ message: Entry }>('POST', '/api/twilio/send', body),
    ]
    expect(both.map(({ status }) => status)).toEqual([202, 200])
    expect(both[0]?.body.message.id).toBe(both[1]?.body.message.id)
  })

  test('sends to many, and says of each what became of it; the same batch again sends nothing twice', async () => {
    const body = {
      channel: 'sms',
      message: 'Nueva propiedad en su zona',
      recipients: [phoneOf(3), { phone: phoneOf(4), message: 'Para usted, otra' }, 'no es un número', ''],
      batchId: 'lote-1',
    }
    const bulk = () =>
      call<{ sent: number; failed: number; results: { ok: boolean; messageId: string; errorCode: string }[] }>(
        'POST',
        '/api/twilio/send-bulk',
        body,
      )
    expect((await bulk()).status, 'an empty number').toBe(422)
    body.recipients.pop()
    const first = await bulk()
    expect(first.body).toMatchObject({ sent: 2, failed: 1 })
    expect(first.body.results.map(({ ok, errorCode }) => [ok, errorCode])).toEqual([
      [true, null],
      [true, null],
      [false, 'invalid_phone'],
    ])
    const again = await bulk()
    expect(again.body.results.map(({ messageId }) => messageId)).toEqual(first.body.results.map(({ messageId }) => messageId))
    const texts = hilo.simulator.phone(phoneOf(4)).messages('sms')
    expect(texts.length).toBeLessThanOrEqual(1)
  })

  test('is told why one cannot be sent, and whether the service works', async () => {
    const closed = await call('POST', '/api/twilio/send', { to: phoneOf(5), body: 'sin ventana' })
    expect([closed.status, closed.body.code]).toEqual([409, 'window_closed'])
    expect((await call('GET', '/api/twilio/status')).body).toEqual({
      ready: true,
      channels: [
        { channel: 'whatsapp', ready: true, reason: null },
        { channel: 'sms', ready: true, reason: null },
      ],
    })
  })
})

describe('system C, a travel communication centre', () => {
  test('finds or makes the thread with a number, sends in it, lists by channel and status, counts what is unread', async () => {
    const open = () =>
      call<{ thread: OwnConversation }>('POST', '/api/messaging/threads', { canal: 'sms', numero: phoneOf(10), nombre: 'Lía' })
    const { thread } = (await open()).body
    expect((await open()).body.thread.id).toBe(thread.id)
    const sent = await call<{ message: Message; thread: OwnConversation }>('POST', '/api/messaging/send', {
      threadId: thread.id,
      content: 'Su vuelo sale a las 9',
    })
    expect([sent.status, sent.body.thread.id, sent.body.message.channel]).toEqual([202, thread.id, 'sms'])
    expect((await call('POST', '/api/messaging/send', { to: phoneOf(11), channel: 'sms', message: 'Hola' })).status).toBe(202)
    const list = await call<{ items: OwnConversation[] }>(
      'GET',
      `/api/messaging/threads?canal=sms&estado=open&phone=${encodeURIComponent(phoneOf(10))}`,
    )
    expect(list.body.items.map(({ id }) => id)).toEqual([thread.id])
    const agent = tokenOf({ sub: 'agent-c' })
    const unread = async () => (await call<{ unread: number }>('GET', '/api/messaging/unread-count', undefined, agent)).body.unread
    const before = await unread()
    await hilo.simulator.phone(phoneOf(10)).write('¿De qué puerta?', { channel: 'sms' })
    expect(await unread()).toBe(before + 1)
    const log = await call<{ items: Message[] }>('GET', `/api/messaging/threads/${thread.id}/messages`)
    expect(log.body.items.map(({ text }) => text)).toEqual(['Su vuelo sale a las 9', '¿De qué puerta?'])
  })

  test('sees nothing beyond the scope of its token', async () => {
    const scoped = tokenOf({ sub: 'agent-s', coordinations: ['viaje-1'] })
    const { body } = await call<{ items: unknown[] }>('GET', '/api/messaging/threads', undefined, scoped)
    expect(body.items).toEqual([])
    expect((await call('POST', '/api/messaging/send', { to: phoneOf(10), channel: 'sms', message: 'x' }, scoped)).status).toBe(403)
  })
})

describe('system D, a loan system', () => {
  interface Told {
    messages: Message[]
    skipped: string | null
  }
  const at = (path: string) => `/api/v1/notificaciones/${path}`
  const switchOn = async (name: string, over: object = {}) => {
    const { name: _, builtIn, updatedAt, rev, ...rule } = (await call('GET', `/api/automations/${name}`)).body
    const answer = await call('PUT', `/api/automations/${name}`, { ...rule, ...over, channels: ['sms'], enabled: true, purpose: 'service' })
    expect([builtIn, updatedAt, rev, answer.status]).toEqual([true, null, 0, 201])
  }
  const loan = (n: number, over: object = {}) => ({
    prestamoId: `p-${n}`,
    monto: 1500,
    nombre: 'Eva Ruiz',
    telefono: phoneOf(20 + n),
    ...over,
  })

  test('asks for the state of the service, at both addresses', async () => {
    for (const path of ['/estado', at('estado')])
      expect((await call('GET', path)).body).toEqual({
        estado: 'activo',
        canales: [
          { canal: 'whatsapp', listo: true, motivo: null },
          { canal: 'sms', listo: true, motivo: null },
        ],
      })
  })

  test('sends a test by each channel', async () => {
    await hilo.simulator.phone(phoneOf(40)).write('hola')
    for (const canal of ['whatsapp', 'sms']) {
      const { status, body } = await call<Told>('POST', at('prueba'), { canal, telefono: phoneOf(40) })
      expect([status, body.messages[0]?.channel, body.messages[0]?.text]).toEqual([202, canal, 'Mensaje de prueba'])
    }
  })

  test('is told which automation to switch on', async () => {
    for (const path of ['recordatorio', 'pago-recibido', 'prestamo-aprobado', 'vencidos'])
      expect((await call('POST', at(path), loan(1))).body, path).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('/api/automations/'),
      })
    expect((await call('GET', '/api/coordinations/p-1')).status, 'nothing was saved').toBe(404)
  })

  test.each([
    ['pago-recibido', 'payment_received', /recibimos tu pago de 1500/],
    ['prestamo-aprobado', 'loan_approved', /aprobamos Préstamo p-\d por 1500/],
  ])('%s: the loan is saved by it where it is new, its client told once per key', async (path, rule, text) => {
    await switchOn(rule)
    const body = loan(path.length % 7, { clientMessageId: `${path}-1` })
    const both = [await call<Told>('POST', at(path), body), await call<Told>('POST', at(path), body)]
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect(both[0]?.body.messages[0]?.text).toMatch(text)
    expect(both[0]?.body.messages.map(({ id }) => id)).toEqual(both[1]?.body.messages.map(({ id }) => id))
  })

  test('reminds of one loan, once a day, of a loan that it knows', async () => {
    await switchOn('payment_due')
    const remind = (body: object) => call<Told>('POST', at('recordatorio'), body)
    expect((await remind({ prestamoId: 'nobody' })).status).toBe(404)
    const first = await remind(loan(8))
    expect(first.body).toMatchObject({ skipped: null, messages: [{ channel: 'sms', author: { type: 'automation', id: 'payment_due' } }] })
    expect(first.body.messages[0]?.text).toContain('1500')
    expect((await remind({ loanId: 'p-8', amount: '1500' })).body.messages[0]?.id).toBe(first.body.messages[0]?.id)
    const saved = { title: 'Préstamo 8', contact: { name: 'Eva', phone: phoneOf(28) }, data: { paid: true } }
    await call('PUT', '/api/coordinations/p-8', saved)
    expect((await remind({ loanId: 'p-8', clientMessageId: 'other' })).body).toEqual({ messages: [], skipped: 'condition', dueAt: null })
    await call('PUT', '/api/coordinations/p-8', { ...saved, status: 'canceled' })
    expect((await remind({ loanId: 'p-8', clientMessageId: 'third' })).body).toEqual({ messages: [], skipped: 'canceled', dueAt: null })
  })

  test('tells all that are overdue, each once a day, and leaves out who paid or has time', async () => {
    await switchOn('payment_overdue')
    const save = (id: string, n: number, data: object, status = 'active') =>
      call('PUT', `/api/coordinations/${id}`, {
        title: `Préstamo ${id}`,
        contact: { name: 'Eva', phone: phoneOf(50 + n) },
        status,
        data: { amount: 900, ...data },
      })
    await save('v-late', 1, { dueDate: '2020-02-28' })
    await save('v-paid', 2, { dueDate: '2020-02-28', paid: true })
    await save('v-early', 3, { dueDate: '2999-01-01' })
    await save('v-over', 4, { dueDate: '2020-02-28' }, 'done')
    await save('v-none', 5, {})
    interface Overdue {
      sent: number
      skipped: number
      next: string | null
      results: { id: string; messageId: string | null; skipped: string | null }[]
    }
    const all = () => call<Overdue>('POST', at('vencidos'))
    const first = (await all()).body
    expect(first).toMatchObject({ sent: 1, skipped: 1, next: null })
    expect(first.results.map(({ id, skipped }) => [id, skipped])).toEqual([
      ['v-late', null],
      ['v-paid', 'condition'],
    ])
    expect((await all()).body.results[0]?.messageId).toBe(first.results[0]?.messageId)
    expect((await call('POST', at('vencidos'), undefined, tokenOf({ sub: 'agent-d' }))).status).toBe(403)
  })
})
