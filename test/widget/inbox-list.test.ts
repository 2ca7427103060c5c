// Each filter, kept here while things change, shows what the server would answer.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import type { ConversationQuery } from '../../shared/requests.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { openTestClient, type TestClient } from './support.ts'

let hilo: TestHilo
const clients: TestClient[] = []
beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(async () => {
  for (const one of clients) one.client.close()
  await hilo.close()
})

const filters: ConversationQuery[] = [
  {},
  { status: 'open' },
  { status: 'closed' },
  { assignee: 'me' },
  { assignee: 'none', status: 'open' },
  { unread: true },
  { awaiting: true, sort: 'waiting' },
  { unfiled: true },
  { failed: true },
  { automated: true },
  { tag: 'vip' },
  { channel: 'sms' },
  { coordinationId: 'in-1' },
  { q: 'presupuesto' },
]
const phone = (n: number) => `+54911700${String(10_000 + n)}`

async function answered(filter: ConversationQuery): Promise<OwnConversation[]> {
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]))
  return (await hilo.agent().call<{ items: OwnConversation[] }>('GET', `/api/conversations?${query}`)).body.items
}
const shape = (items: readonly OwnConversation[]) => JSON.stringify(items.map(({ id, rev, unread }) => [id, rev, unread]))

test('while messages come, are answered, assigned, tagged, closed, filed and fail', async () => {
  const write = (n: number, text: string, channel: 'whatsapp' | 'sms' = 'whatsapp') =>
    hilo.simulator.phone(phone(n)).write(text, { channel })
  await hilo
    .agent({ role: 'service', sub: 'host' })
    .call('PUT', '/api/coordinations/in-1', { title: 'Boda', contact: { name: 'Ana', phone: phone(1) } })
  for (let n = 0; n < 6; n++) await write(n, `hola ${n}`)
  const lists = filters.map((filter) => {
    const one = openTestClient(hilo.url, { getToken: async () => hilo.agent().token })
    clients.push(one)
    one.client.inbox.setFilter(filter)
    return { filter, inbox: one.client.inbox }
  })
  for (const { inbox, filter } of lists) await until(() => inbox.state.value === 'ready', { what: JSON.stringify(filter) })

  const beto = hilo.agent({ sub: 'beto', name: 'Beto' })
  const idOf = async (n: number) => (await hilo.conversation(phone(n))).id
  const patch = async (n: number, body: object) =>
    expect((await beto.call('PATCH', `/api/conversations/${await idOf(n)}`, body)).status).toBe(200)
  await write(0, 'otra vez')
  await write(7, 'nuevo', 'sms')
  await beto.send({ conversationId: await idOf(2), text: 'respuesta' })
  await patch(3, { assigneeId: 'agent-1', tags: ['vip'] })
  await patch(4, { status: 'closed' })
  await patch(5, { coordinationId: 'in-1' })
  hilo.simulator.phone(phone(0)).set({ blocked: true })
  const failing = await beto.send({ conversationId: await idOf(0), text: 'no llega' })
  await hilo.messageWhen(failing.id, (message) => message.status === 'failed')
  await hilo.agent().call('POST', `/api/conversations/${await idOf(1)}/read`, { seq: 1 })
  await write(8, 'quiero un presupuesto')
  await write(3, 'sigo acá')

  for (const { filter, inbox } of lists)
    await until(async () => shape(await answered(filter)) === shape(inbox.items.value), {
      what: `${JSON.stringify(filter)} as the server answers it`,
    })
  const counts = lists.map(({ inbox }) => inbox.items.value.length)
  expect(
    counts.every((count) => count > 0 && count <= 8),
    String(counts),
  ).toBe(true)
})

test('pages join without a gap or a double while the list moves', async () => {
  for (let n = 100; n < 170; n++) await hilo.simulator.phone(phone(n)).write('hola')
  const one = openTestClient(hilo.url, { getToken: async () => hilo.agent({ sub: 'pager' }).token })
  clients.push(one)
  const { inbox } = one.client
  await until(() => inbox.state.value === 'ready')
  expect(inbox.items.value).toHaveLength(50)
  await hilo.simulator.phone(phone(100)).write('arriba')
  await until(() => inbox.items.value[0]?.contact.phone === phone(100), { what: 'the move' })
  while (inbox.hasMore.value) await inbox.loadMore()
  const ids = inbox.items.value.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const first = await hilo.agent().call<{ items: OwnConversation[]; nextCursor: string }>('GET', '/api/conversations?status=open&limit=100')
  expect(ids).toEqual(first.body.items.map(({ id }) => id))
})
