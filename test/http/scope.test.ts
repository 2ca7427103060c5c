// One client with two open records, two agents who may see one each: nothing of the one's reaches the other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Contact, Message, OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { type Served, serve, tokenOf } from './serve.ts'

const PHONE = '+5491144500900'
let hilo: Served
const boss = tokenOf({ sub: 'boss', name: 'Carla', role: 'supervisor' })
const ana = tokenOf({ sub: 'ana', name: 'Ana', coordinations: ['ev-a'] })
const beto = tokenOf({ sub: 'beto', name: 'Beto', coordinations: ['ev-b'] })
const nobody = tokenOf({ sub: 'nobody', name: 'Nadie', coordinations: [] })

let a: OwnConversation
let b: OwnConversation
let unfiled: OwnConversation
let secretMessage: Message

async function conversationOf(coordinationId: string): Promise<OwnConversation> {
  const { body } = await hilo.call<{ items: OwnConversation[] }>('GET', `/api/conversations?coordinationId=${coordinationId}&automated=1`, {
    token: boss,
  })
  if (!body.items[0]) throw new Error(`no conversation of ${coordinationId}`)
  return body.items[0]
}

beforeAll(async () => {
  hilo = await serve()
  const save = (id: string, title: string, data: object) =>
    hilo.call('PUT', `/api/coordinations/${id}`, { token: boss, body: { title, contact: { name: 'Sofía', phone: PHONE }, data } })
  await save('ev-a', 'Boda ALFA', { clave: 'dato-alfa' })
  await hilo.receive(PHONE, 'texto-alfa uno')
  await save('ev-b', 'Prueba BETA', { clave: 'dato-beta' })
  await hilo.call('POST', '/api/messages', {
    token: boss,
    body: { channel: 'whatsapp', to: PHONE, coordinationId: 'ev-b', text: 'texto-beta de nosotros' },
  })
  await hilo.receive(PHONE, 'texto-beta dos')
  await hilo.receive(PHONE, 'texto-beta tres')
  await hilo.receive('+5491144500901', 'texto-suelto')
  a = await conversationOf('ev-a')
  b = await conversationOf('ev-b')
  const loose = await hilo.call<{ items: OwnConversation[] }>('GET', '/api/conversations?unfiled=1', { token: boss })
  unfiled = loose.body.items[0] ?? a
  const thread = await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${b.id}/messages`, { token: boss })
  secretMessage = thread.body.items.find(({ text }) => text === 'texto-beta dos') as Message
})
afterAll(() => hilo.close())

/** All that would give the other record away: ids, titles, texts, data. */
const foreign = () => ['ev-b', 'BETA', 'beta', b.id, secretMessage.id, 'texto-suelto', unfiled.id]
const clean = (text: string, what: string) => {
  for (const word of foreign()) expect(text, what).not.toContain(word)
}

it('has two threads to keep apart', () => {
  expect(new Set([a.id, b.id, unfiled.id]).size).toBe(3)
  expect([a.contact.id, a.lastSeq]).toEqual([b.contact.id, 1])
})

describe('lists, counts and searches', () => {
  it.each([
    '/api/conversations',
    '/api/conversations?automated=1',
    '/api/conversations?unfiled=1',
    '/api/conversations?q=beta',
    '/api/conversations?q=sof',
    `/api/conversations?phone=${encodeURIComponent(PHONE)}`,
    '/api/conversations?awaiting=1&sort=waiting',
    '/api/conversations?failed=1&automated=1',
    '/api/conversations/counts',
    `/api/conversations?q=${encodeURIComponent(PHONE)}&automated=1`,
    '/api/messages',
    '/api/messages?q=texto',
    '/api/messages?direction=inbound',
    '/api/contacts',
    '/api/contacts?q=sof',
    '/api/contacts?q=4450',
    '/api/coordinations',
    '/api/coordinations?q=prueba',
    `/api/coordinations?phone=${encodeURIComponent(PHONE)}`,
    '/api/sync',
    '/api/unread',
    '/api/unread?coordinations=ev-a,ev-c',
    `/api/unread?coordinations=${encodeURIComponent(`phone:${PHONE}`)}`,
    '/api/me',
    '/api/status',
    '/api/whatsapp/conversations',
    `/api/whatsapp/conversations/${encodeURIComponent(PHONE)}/messages`,
    '/api/whatsapp/unread-count',
  ])('show nothing of the other record: %s', async (path) => {
    const answer = await hilo.call('GET', path, { token: ana })
    expect(answer.status).toBe(200)
    clean(answer.text, path)
  })

  it('export nothing of it', async () => {
    const csv = await hilo.call('GET', '/api/messages', { token: ana, headers: { accept: 'text/csv' } })
    expect(csv.text).toContain('texto-alfa uno')
    clean(csv.text, 'csv')
  })

  it('count what is one’s own', async () => {
    const [own, others, none] = await Promise.all(
      [ana, beto, nobody].map((token) => hilo.call<{ total: number }>('GET', '/api/unread', { token })),
    )
    expect([own?.body.total, others?.body.total, none?.body.total]).toEqual([1, 2, 0])
    const badges = await hilo.call('GET', '/api/unread?coordinations=ev-a,ev-b', { token: ana })
    expect(badges.body.byCoordination).toEqual({ 'ev-a': 1 })
  })

  it('say of what waits without a record how much and since when, at one’s own record, and nothing else of it', async () => {
    const caro = tokenOf({ sub: 'caro', coordinations: ['ev-c'] })
    const contact = { name: 'Sofía', phone: '+5491144500901' }
    await hilo.call('PUT', '/api/coordinations/ev-c', { token: boss, body: { title: 'Tercera', contact } })
    const { body } = await hilo.call<OwnConversation>('GET', `/api/conversations/${unfiled.id}`, { token: boss })
    const asked = await hilo.call<object>('GET', '/api/unread?coordinations=ev-a,ev-b,ev-c', { token: caro })
    expect(asked.body).toMatchObject({
      total: 0,
      byCoordination: { 'ev-c': 0 },
      unfiledByCoordination: { 'ev-c': 1 },
      unfiledSinceByCoordination: { 'ev-c': body.awaitingReplySince },
    })
    clean(asked.text, 'unread')
    const others = await hilo.call('GET', '/api/unread?coordinations=ev-a,ev-b,ev-c', { token: ana })
    expect(others.body).toMatchObject({ unfiledByCoordination: {}, unfiledSinceByCoordination: {} })
  })

  it('ask for the filing of what they do not see: a note stands in that thread, once, and its asker learns nothing', async () => {
    const caro = tokenOf({ sub: 'caro', name: 'Caro', coordinations: ['ev-c'] })
    for (let twice = 0; twice < 2; twice++) {
      const asked = await hilo.call('POST', '/api/coordinations/ev-c/ask-filing', { token: caro, body: {} })
      expect([asked.status, asked.text]).toEqual([204, ''])
    }
    const thread = await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${unfiled.id}/messages`, { token: boss })
    expect(thread.body.items.filter((one) => one.type === 'note')).toMatchObject([
      { text: 'Pido asociar estos mensajes a «Tercera».', author: { id: 'caro', name: 'Caro' } },
    ])
    expect((await hilo.call('POST', '/api/coordinations/ev-a/ask-filing', { token: caro, body: {} })).status).toBe(404)
  })

  it('say, once what was asked for is filed, nothing of where it stood; two records with long ids alike are asked for each', async () => {
    const phone = '+5491144500904'
    const long = ['uno', 'dos'].map((end) => `${'ev-largo-'.repeat(6)}${end}`)
    const [first = '', second = ''] = long
    const caro = tokenOf({ sub: 'caro', name: 'Caro', coordinations: long })
    await hilo.receive(phone, 'texto-pendiente')
    for (const id of long)
      await hilo.call('PUT', `/api/coordinations/${id}`, { token: boss, body: { title: id.slice(-3), contact: { name: 'Rosa', phone } } })
    for (const id of long)
      expect((await hilo.call('POST', `/api/coordinations/${id}/ask-filing`, { token: caro, body: {} })).status).toBe(204)
    const found = await hilo.call<{ items: OwnConversation[] }>('GET', `/api/conversations?unfiled=1&phone=${encodeURIComponent(phone)}`, {
      token: boss,
    })
    const from = found.body.items[0]?.id ?? ''
    const asked = await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${from}/messages`, { token: boss })
    expect(asked.body.items.filter((one) => one.type === 'note')).toHaveLength(2)
    await hilo.call('POST', '/api/messages/move', { token: boss, body: { conversationId: from, coordinationId: first } })
    const read = await hilo.call('GET', `/api/coordinations/${first}/messages`, { token: caro })
    expect(read.text).toContain('Pido asociar estos mensajes a «uno».')
    expect(read.text).not.toContain(from.slice(-12))
    expect((await hilo.call('GET', `/api/coordinations/${second}/messages`, { token: caro })).body).toMatchObject({ items: [] })
  })

  it('are empty for a token that names no record', async () => {
    for (const path of ['/api/conversations', '/api/messages', '/api/contacts', '/api/coordinations'])
      expect((await hilo.call('GET', path, { token: nobody })).body).toEqual({ items: [], nextCursor: null })
  })
})

describe('what is outside', () => {
  it('does not exist: it is answered like an id that never was', async () => {
    const pairs: [string, (id: string) => string, string, unknown?][] = [
      ['GET', (id) => `/api/conversations/${id}`, b.id],
      ['GET', (id) => `/api/conversations/${id}`, unfiled.id],
      ['GET', (id) => `/api/conversations/${id}/messages`, b.id],
      ['PATCH', (id) => `/api/conversations/${id}`, b.id, { tags: ['x'] }],
      ['POST', (id) => `/api/conversations/${id}/read`, b.id, { seq: 1 }],
      ['GET', (id) => `/api/messages/${id}`, secretMessage.id],
      ['PATCH', (id) => `/api/messages/${id}`, secretMessage.id, { text: 'x' }],
      ['POST', (id) => `/api/messages/${id}/retry`, secretMessage.id],
      ['POST', (id) => `/api/messages/${id}/cancel`, secretMessage.id],
      ['GET', (id) => `/api/coordinations/${id}`, 'ev-b'],
      ['GET', (id) => `/api/coordinations/${id}/messages`, 'ev-b'],
      ['GET', (id) => `/api/conversations?coordinationId=${id}`, 'ev-b'],
      ['GET', (id) => `/api/messages?coordinationId=${id}`, 'ev-b'],
      ['GET', (id) => `/api/contacts/${id}`, unfiled.contact.id],
      ['GET', (id) => `/api/contacts/${id}/messages`, unfiled.contact.id],
      ['PATCH', (id) => `/api/contacts/${id}`, unfiled.contact.id, { name: 'Robado' }],
      ['GET', (id) => `/api/whatsapp/conversations/${id}/messages`, '+5491144500901'],
    ]
    for (const [method, path, id, body] of pairs) {
      const options = { token: ana, ...(body === undefined ? {} : { body }) }
      const real = await hilo.call(method, path(id), options)
      const never = await hilo.call(method, path(id.startsWith('+') ? '+5491144509999' : 'never-was'), options)
      expect(real.status, `${method} ${path(id)}`).toBe(404)
      expect(real.body, `${method} ${path(id)}`).toEqual(never.body)
      clean(real.text, path(id))
    }
  })

  it('cannot be written to', async () => {
    const send = (body: object) => hilo.call('POST', '/api/messages', { token: ana, body })
    expect(await send({ conversationId: b.id, text: 'x' })).toMatchObject({ status: 404 })
    expect(await send({ channel: 'whatsapp', to: PHONE, coordinationId: 'ev-b', text: 'x' })).toMatchObject({ status: 404 })
    expect(await send({ channel: 'whatsapp', to: PHONE, text: 'x' })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await send({ conversationId: a.id, text: 'x', replyToId: secretMessage.id })).toMatchObject({ status: 422 })
    const open = (body: object) => hilo.call('POST', '/api/conversations', { token: ana, body })
    expect(await open({ channel: 'sms', to: PHONE })).toMatchObject({ status: 403 })
    expect(await open({ channel: 'sms', to: PHONE, coordinationId: 'ev-b' })).toMatchObject({ status: 404 })
    const record = { title: 'Robada', contact: { name: 'X', phone: PHONE } }
    expect(await hilo.call('PUT', '/api/coordinations/ev-b', { token: ana, body: record })).toMatchObject({ status: 403 })
    expect(
      await hilo.call('PUT', '/api/coordinations', {
        token: ana,
        body: [
          { id: 'ev-a', ...record },
          { id: 'ev-b', ...record },
        ],
      }),
    ).toMatchObject({ status: 403 })
    const plain = { to: PHONE, message: 'x', coordinationId: 'ev-b' }
    expect(await hilo.call('POST', '/api/whatsapp/send', { token: ana, body: plain })).toMatchObject({ status: 404 })
    expect((await hilo.call('GET', '/api/coordinations/ev-a', { token: boss })).body).toMatchObject({ title: 'Boda ALFA' })
  })

  it('cannot be reached by filing or moving', async () => {
    const file = (coordinationId: string | null) =>
      hilo.call('PATCH', `/api/conversations/${a.id}`, { token: ana, body: { coordinationId } })
    expect((await file('ev-b')).status).toBe(404)
    expect((await file(null)).status).toBe(403)
    const own = await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${a.id}/messages`, { token: ana })
    const move = (ids: (string | undefined)[], coordinationId: string | null) =>
      hilo.call('POST', '/api/messages/move', { token: ana, body: { ids, coordinationId } })
    expect((await move([own.body.items[0]?.id], 'ev-b')).status).toBe(404)
    expect((await move([own.body.items[0]?.id], null)).status).toBe(403)
    expect((await move([secretMessage.id], 'ev-a')).status).toBe(404)
    expect((await conversationOf('ev-b')).lastSeq).toBe(b.lastSeq)
  })
})

it('shows a shared contact without what was said about the other record', async () => {
  const contact = await hilo.call('GET', `/api/contacts/${a.contact.id}`, { token: ana })
  expect(contact.status).toBe(200)
  clean(contact.text, 'contact')
  const said = await hilo.call<{ items: Message[] }>('GET', `/api/contacts/${a.contact.id}/messages`, { token: ana })
  expect(said.body.items.map(({ text }) => text)).toEqual(['texto-alfa uno'])
})

it('names who is in conflict with a contact to nobody who is limited to some records: one, listed, or changed', async () => {
  // Two people claim one id of WhatsApp's: each is the other's conflict.
  const other = '+5491144500902'
  await hilo.receive(other, 'soy yo', { ExternalUserId: 'AR.424242', ParentExternalUserId: 'AR.ENT.424242' })
  await hilo.receive(PHONE, 'no, yo', { ParentExternalUserId: 'AR.ENT.424242' })
  const path = `/api/contacts/${a.contact.id}`
  const seen = async (token: string) => {
    const one = await hilo.call<Contact>('GET', path, { token })
    const list = await hilo.call<{ items: Contact[] }>('GET', '/api/contacts', { token })
    const changed = await hilo.call<{ contact: Contact }>('PATCH', path, { token, body: { tags: ['boda'] } })
    const listed = list.body.items.find(({ id }) => id === a.contact.id)
    return [one.body.conflict, listed?.conflict, changed.body.contact.conflict]
  }
  const claimed = (await seen(boss))[0]
  expect(claimed).toEqual(expect.any(String))
  expect(await seen(boss)).toEqual([claimed, claimed, claimed])
  expect(await seen(ana)).toEqual([null, null, null])
})

it('shows that a message was moved away, and to a limited token not where to, wherever the line is read', async () => {
  const phone = '+5491144500903'
  const sent = await hilo.call<{ message: Message }>('POST', '/api/messages', {
    token: boss,
    body: { channel: 'sms', to: phone, coordinationId: 'ev-a', text: 'texto-alfa que se muda' },
  })
  await hilo.call('POST', '/api/messages', { token: boss, body: { channel: 'sms', to: phone, coordinationId: 'ev-b', text: 'texto-beta' } })
  await until(async () => (await hilo.call<Message>('GET', `/api/messages/${sent.body.message.id}`, { token: boss })).body.twilioSid)
  const moved = await hilo.call('POST', '/api/messages/move', {
    token: boss,
    body: { ids: [sent.body.message.id], coordinationId: 'ev-b' },
  })
  expect(moved.status).toBe(200)
  const { conversationId } = sent.body.message
  const thread = await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${conversationId}/messages`, { token: boss })
  const line = thread.body.items.find(({ type }) => type === 'moved')
  expect(line?.moved).toMatchObject({ to: 'ev-b', undoId: expect.any(String) })
  const contactId = (await hilo.call<OwnConversation>('GET', `/api/conversations/${conversationId}`, { token: boss })).body.contact.id
  const hidden = { ...line, moved: { ...line?.moved, to: null, from: null, undoId: null } }
  const read = async (path: string) => {
    const { body } = await hilo.call<Message & { items?: Message[] }>('GET', path, { token: ana })
    return body.items ? body.items.find(({ id }) => id === line?.id) : body
  }
  expect(await read(`/api/messages/${line?.id}`)).toEqual(hidden)
  expect(await read(`/api/conversations/${conversationId}/messages`)).toEqual(hidden)
  expect(await read('/api/messages')).toEqual(hidden)
  for (const path of [
    `/api/messages/${line?.id}`,
    `/api/conversations/${conversationId}/messages`,
    '/api/messages',
    `/api/contacts/${contactId}/messages`,
    '/api/coordinations/ev-a/messages',
    '/api/sync',
  ]) {
    const answer = await hilo.call('GET', path, { token: ana })
    expect(answer.status, path).toBe(200)
    for (const word of ['ev-b', 'texto-beta', line?.moved?.undoId ?? '?']) expect(answer.text, path).not.toContain(word)
  }
})
