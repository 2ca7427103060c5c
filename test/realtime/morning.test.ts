// A morning: forty clients, two agents and one of a narrow scope. At its end nobody waits who is not to be answered by somebody who
// may see it, and who is seen at his records is told to whoever may see those.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const CLIENTS = 40
const UNFILED = 15
const phoneOf = (n: number) => `+54911440${String(n).padStart(5, '0')}`
let hilo: TestHilo
let ana: TestAgent
let beto: TestAgent
let caro: TestAgent

beforeAll(async () => {
  hilo = await startHilo()
  ana = hilo.agent({ sub: 'ana', name: 'Ana Díaz' })
  beto = hilo.agent({ sub: 'beto', name: 'Beto Paz' })
  caro = hilo.agent({ sub: 'caro', name: 'Caro Luna', coordinations: ['ev-1', 'ev-30'] })
})
afterAll(() => hilo.close())

const toAnswer = async (by: TestAgent) =>
  (await by.call<{ items: OwnConversation[] }>('GET', '/api/conversations?status=open&awaiting=true&sort=waiting&limit=100')).body.items

test('nobody waits who is not in “to answer” of somebody who may see it, whatever is filed, undone, answered and put away', async () => {
  for (let n = 0; n < CLIENTS; n++) {
    const contact = { name: `Clienta ${n}`, phone: phoneOf(n) }
    await ana.call('PUT', `/api/coordinations/ev-${n}`, { title: `Fiesta ${n}`, contact })
    // Who has two open records and quotes nothing is unfiled.
    if (n < UNFILED) await ana.call('PUT', `/api/coordinations/ev-${n}-b`, { title: `Otra ${n}`, contact })
    await hilo.simulator.phone(phoneOf(n)).write(`Hola, soy ${n}`)
  }
  const unfiled = await until(async () => {
    const { items } = (await ana.call<{ items: OwnConversation[] }>('GET', '/api/conversations?unfiled=true&limit=100')).body
    return items.length === UNFILED && (await toAnswer(ana)).length === CLIENTS && items
  })
  const counts = await caro.call<Unread>('GET', '/api/unread?coordinations=ev-0,ev-1,ev-30')
  expect(counts.body).toMatchObject({ byCoordination: { 'ev-1': 0, 'ev-30': 1 }, unfiledByCoordination: { 'ev-1': 1 } })
  expect((await toAnswer(caro)).map((one) => one.coordinationId)).toEqual(['ev-30'])
  expect((await caro.call('POST', '/api/coordinations/ev-1/ask-filing', {})).status).toBe(204)

  const waiting = new Set((await toAnswer(ana)).map((one) => one.contact.id))
  const settled = new Set<string>()
  for (const [index, one] of unfiled.entries()) {
    const by = index % 2 === 0 ? ana : beto
    const record = `ev-${Number(one.contact.phone?.slice(-5))}`
    if (index % 5 === 4) {
      await by.call('PATCH', `/api/conversations/${one.id}`, { answered: true })
      settled.add(one.contact.id)
      continue
    }
    const moved = await by.call<{ moved: Message[]; undoId: string }>('POST', '/api/messages/move', {
      conversationId: one.id,
      coordinationId: record,
    })
    if (index % 5 === 3) await by.call('POST', '/api/messages/move/undo', { undoId: moved.body.undoId })
    if (index % 5 === 1) {
      await by.send({ conversationId: moved.body.moved[0]?.conversationId, text: 'Sí, claro' })
      settled.add(one.contact.id)
    }
  }
  const [left, seen] = [[...waiting].filter((id) => !settled.has(id)).sort(), await toAnswer(ana)]
  expect([...new Set(seen.map((one) => one.contact.id))].sort()).toEqual(left)
  expect((await toAnswer(beto)).map((one) => one.id)).toEqual(seen.map((one) => one.id))
  const since = seen.map((one) => one.awaitingReplySince ?? '')
  expect(since, 'the longest wait on top').toEqual(since.toSorted())
  const narrow = await toAnswer(caro)
  expect(narrow.every((one) => ['ev-1', 'ev-30'].includes(one.coordinationId ?? ''))).toBe(true)
})
