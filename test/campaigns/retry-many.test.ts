// Another attempt of all that failed of a part of the log: first what would become of it, then once each, whoever asks how often.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { RetryMany } from '../../shared/retry-many.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { serverUrl } from '../support/places/mongo.ts'
import { until } from '../support/until.ts'

let used = 0
const number = () => `+549115${String(6_700_000 + ++used)}`
const stores: [string, string | undefined][] = [
  ['SQLite', undefined],
  ...(serverUrl === undefined ? [] : [['MongoDB', serverUrl] as [string, string]]),
]

describe.each(stores)('on %s', (_, mongoUrl) => {
  let hilo: TestHilo
  let boss: TestAgent
  let ana: TestAgent
  beforeAll(async () => {
    hilo = await startHilo(mongoUrl === undefined ? {} : { mongoUrl })
    boss = hilo.agent({ sub: 'boss', name: 'Sol Paz', role: 'supervisor' })
    ana = hilo.agent({ sub: 'ana', name: 'Ana Díaz' })
  }, 60_000)
  afterAll(() => hilo.close())

  const again = (body: object, by = boss) => by.call<RetryMany>('POST', '/api/messages/retry', body)
  const read = async (query: string) => (await boss.call<{ items: Message[] }>('GET', `/api/messages?${query}&limit=100`)).body.items
  /** As many as numbers, by this agent, with this fault; each has failed. */
  async function failed(numbers: readonly string[], code: number, text: string): Promise<Message[]> {
    const made = await Promise.all(
      numbers.map(async (to) => {
        hilo.simulator.phone(to).set({ refuseWith: code })
        const sent = await ana.call<{ message: Message }>('POST', '/api/messages', { channel: 'sms', to, text })
        expect(sent.status, sent.text).toBe(202)
        return sent.body.message
      }),
    )
    return until(
      async () => {
        const items = (await read('status=failed')).filter(({ id }) => made.some((one) => one.id === id))
        return items.length === made.length && items
      },
      { timeoutMs: 30_000, what: 'the failures' },
    )
  }
  const heal = (numbers: readonly string[]) => {
    for (const to of numbers) hilo.simulator.phone(to).set({ refuseWith: null })
  }
  const sentTo = (to: string) => hilo.simulator.ledger().accepted.filter((one) => one.to.endsWith(to)).length

  test('a look ahead sends nothing; then each goes once more, also when five ask at once and another asks later', async () => {
    const off = [number(), number(), number()]
    const gone = [number()]
    const made = await failed(off, 30003, 'Apagado')
    await failed(gone, 30005, 'No existe')
    heal([...off, ...gone])
    const from = made.map((one) => one.createdAt).toSorted()[0]
    const filter = { from, author: 'ana' }
    const ahead = await again({ filter, dryRun: true })
    expect(ahead.status, ahead.text).toBe(200)
    expect(ahead.body).toMatchObject({ retried: 3, skipped: { permanent: 1 }, nextCursor: null })
    expect(ahead.body.examples).toMatchObject([{ reason: 'permanent' }])
    expect(off.map(sentTo)).toEqual([0, 0, 0])
    const all = await Promise.all(Array.from({ length: 5 }, () => again({ filter })))
    expect(all.reduce((sum, { body }) => sum + body.retried, 0)).toBe(3)
    await until(() => off.every((to) => sentTo(to) === 1), { timeoutMs: 30_000, what: 'the sends' })
    const later = await again({ filter })
    expect(later.body).toMatchObject({ retried: 0, skipped: { done: 3, permanent: 1 } })
    expect(off.map(sentTo)).toEqual([1, 1, 1])
    const news = await until(
      async () => {
        const items = (await read(`author=ana&from=${from}&status=sent,delivered`)).filter(({ retryOf }) => retryOf !== null)
        return items.length === 3 && items
      },
      { timeoutMs: 30_000, what: 'what was sent again' },
    )
    expect(news.map(({ retryOf }) => retryOf).toSorted()).toEqual(made.map(({ id }) => id).toSorted())
    expect(news.map(({ author }) => author.name)).toEqual(['Ana Díaz', 'Ana Díaz', 'Ana Díaz'])
  })

  test('a client who opted out in between gets nothing, and so does one whose window is closed', async () => {
    const to = number()
    const [message] = await failed([to], 30008, 'Aviso')
    heal([to])
    await hilo.simulator.phone(to).write('STOP', { channel: 'sms' })
    const filter = { contactId: '', error: 30008 }
    await until(
      async () => {
        const conversation = await boss.call<{ optedOut: boolean; contact: { id: string } }>(
          'GET',
          `/api/conversations/${message?.conversationId}`,
        )
        filter.contactId = conversation.body.contact.id
        return conversation.body.optedOut
      },
      { what: 'the STOP' },
    )
    for (const dryRun of [true, false])
      expect((await again({ filter, dryRun })).body).toMatchObject({ retried: 0, skipped: { opted_out: 1 } })
    expect(sentTo(to)).toBe(0)
  })

  test('only who answers for all may ask, for filters that there are', async () => {
    expect((await again({ filter: {} }, ana)).body).toMatchObject({ code: 'forbidden' })
    expect((await again({ filter: {} }, hilo.agent({ sub: 'b', role: 'supervisor', coordinations: ['ev-1'] }))).body).toMatchObject({
      code: 'forbidden',
    })
    for (const body of [
      {},
      { filter: { nothing: 1 } },
      { filter: { error: 'x' } },
      { filter: {}, dryRun: 'yes' },
      { filter: { status: ['none'] } },
    ])
      expect((await again(body)).body, JSON.stringify(body)).toMatchObject({ code: 'validation_failed' })
    expect((await again({ filter: { status: ['delivered'] } })).body).toEqual({ retried: 0, skipped: {}, examples: [], nextCursor: null })
    expect((await again({ filter: {}, cursor: 'x' })).body).toMatchObject({ code: 'validation_failed' })
  })
})
