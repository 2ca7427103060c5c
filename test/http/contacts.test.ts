// Contacts over HTTP: many saved at once, one exported whole, one erased for good.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Contact, Conversation, Message, OwnConversation } from '../../shared/model.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

let hilo: TestHilo
let host: TestAgent
let ana: TestAgent
beforeAll(async () => {
  hilo = await startHilo()
  host = hilo.agent({ sub: 'host', role: 'service' })
  ana = hilo.agent({ sub: 'ana' })
})
afterAll(() => hilo.close())

interface Exported {
  contact: Contact
  conversations: Conversation[]
  messages: Message[]
  planned: Message[]
  records: { id: string }[]
}

let phones = 0
const newPhone = () => `+54911555${String(70_000 + ++phones)}`
async function client(): Promise<{ phone: string; thread: OwnConversation }> {
  const phone = newPhone()
  await hilo.simulator.phone(phone).write('secreto', { channel: 'whatsapp' })
  return { phone, thread: await hilo.conversation(phone) }
}

describe('contacts of the host', () => {
  test('are made and completed, and who cannot be is named', async () => {
    const [one, two] = [newPhone(), newPhone()]
    const address = (phone: string) => [{ channel: 'whatsapp', phone }]
    const bodies = [
      { externalId: 'h-1', name: 'Uno', addresses: address(one), tags: ['vip'] },
      { externalId: 'h-2', addresses: address('12') },
      { externalId: 'h-3' },
      { externalId: 'h-4', addresses: address(one) },
      { name: 'Dos', addresses: address(two) },
    ]
    const { status, body } = await host.call<{ created: number; ids: (string | null)[]; rejected: { index: number }[] }>(
      'PUT',
      '/api/contacts',
      bodies,
    )
    expect(status).toBe(200)
    expect(body).toMatchObject({ created: 2, updated: 0, unchanged: 0 })
    expect(body.rejected.map(({ index }) => index)).toEqual([1, 2, 3])
    expect(body.ids.map((id) => id !== null)).toEqual([true, false, false, false, true])
    const again = await host.call('PUT', '/api/contacts', [{ externalId: 'h-1', name: 'Uno', attributes: { a: '1' } }])
    expect(again.body).toMatchObject({ created: 0, updated: 1, ids: [body.ids[0]] })
    expect((await host.call<Contact>('GET', `/api/contacts/${body.ids[0]}`)).body).toMatchObject({
      externalId: 'h-1',
      tags: ['vip'],
      attributes: { a: '1' },
    })
  })
})

describe('one person', () => {
  test('is exported whole: threads, what was said and is planned, records, opt-outs', async () => {
    const { phone, thread } = await client()
    await host.call('PUT', '/api/coordinations/exp-1', { title: 'Boda', contact: { name: 'Eva', phone } })
    for (let n = 0; n < 120; n++) await ana.call('POST', '/api/messages', { conversationId: thread.id, note: `nota ${n}` })
    const sendAt = new Date(Date.now() + 3600_000).toISOString()
    await ana.call('POST', '/api/messages', { conversationId: thread.id, text: 'luego', sendAt })
    const answer = await host.call<Exported>('GET', `/api/contacts/${thread.contact.id}/export`)
    expect(answer.headers.get('content-disposition')).toContain(`contact-${thread.contact.id}.json`)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    const { contact, conversations, messages, planned, records } = answer.body
    expect(contact.addresses).toMatchObject([{ phone }])
    expect(conversations.map(({ id }) => id)).toEqual([thread.id])
    expect(messages).toHaveLength(121)
    expect(new Set(messages.map(({ id }) => id)).size).toBe(121)
    expect(planned).toMatchObject([{ text: 'luego' }])
    expect(records.map(({ id }) => id)).toEqual(['exp-1'])
  })

  test('is made of two contacts, and two again, once', async () => {
    const [one, two] = [await client(), await client()]
    const [into, from] = [one.thread.contact.id, two.thread.contact.id]
    const merge = (body: object) => host.call<{ contact: Contact; undoId: string }>('POST', `/api/contacts/${from}/merge`, body)
    expect(await merge({ into }), 'both have an unfiled thread').toMatchObject({ status: 409, body: { code: 'conflict' } })
    await host.call('PUT', '/api/coordinations/merge-1', { title: 'Boda', contact: { name: 'Eva', phone: two.phone } })
    await ana.call('PATCH', `/api/conversations/${two.thread.id}`, { coordinationId: 'merge-1' })
    expect(await merge({ into: 'never-was' })).toMatchObject({ status: 404 })
    expect(await merge({ into, from })).toMatchObject({ status: 422 })
    const { status, body } = await merge({ into })
    expect([status, body.contact.id]).toEqual([200, into])
    expect((await host.call<OwnConversation>('GET', `/api/conversations/${two.thread.id}`)).body.contact).toMatchObject({
      id: into,
      address: two.phone,
    })
    const undo = () => host.call('POST', '/api/contacts/merge/undo', { undoId: body.undoId })
    expect(await undo()).toMatchObject({ status: 200, body: { contacts: [{ id: into }, { id: from }] } })
    expect(await undo()).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await host.call<OwnConversation>('GET', `/api/conversations/${two.thread.id}`)).body.contact.id).toBe(from)
  })

  test('is erased: browsers hear of it, and nothing is left', async () => {
    const { phone, thread } = await client()
    const live = await ana.connect()
    await ana.send({ conversationId: thread.id, text: 'respuesta', wait: 'sent' })
    const { id } = thread.contact
    await until(async () => (await host.call('DELETE', `/api/contacts/${id}`)).status === 204)
    await until(() => live.changes.some(({ removed }) => removed.includes(thread.id)))
    live.close()
    for (const path of [`contacts/${id}`, `contacts/${id}/messages`, `contacts/${id}/export`, `conversations/${thread.id}`])
      expect((await host.call('GET', `/api/${path}`)).status, path).toBe(404)
    expect((await host.call('DELETE', `/api/contacts/${id}`)).status).toBe(404)
    expect((await host.call('GET', `/api/messages?q=secreto&conversationId=${thread.id}`)).body).toMatchObject({ items: [] })
    expect(hilo.log()).not.toContain(phone)
  })

  test.each([
    ['an agent', { role: 'agent' }],
    ['a supervisor of some records', { role: 'supervisor', coordinations: ['ev-1'] }],
  ])('is not for %s to erase, export or save', async (_, claims) => {
    const by = hilo.agent({ sub: 'someone', ...claims })
    const { thread } = await client()
    const { id } = thread.contact
    expect((await by.call('DELETE', `/api/contacts/${id}`)).status).toBe(403)
    expect((await by.call('GET', `/api/contacts/${id}/export`)).status).toBe(403)
    expect((await by.call('PUT', '/api/contacts', [{ name: 'x' }])).status).toBe(403)
    expect((await host.call('GET', `/api/contacts/${id}`)).status).toBe(200)
  })
})
