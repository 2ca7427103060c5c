// The queue that keeps and sends an agent's messages, on a page that a test moves.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Answer } from '../../shared/events.ts'
import type { Message } from '../../shared/model.ts'
import { problem, type ProblemCode } from '../../shared/problems.ts'
import type { Sent } from '../../widget/client/unsent-queue.ts'
import { createUnsentQueue } from '../../widget/client/unsent-queue.ts'
import { openStored } from '../../widget/client/stored.ts'
import { until } from '../support/until.ts'
import { createStorage, createTestPage } from './support.ts'

const content = (text: string) => ({ conversationId: 'c1', text, note: false, template: null })

const taken = { ok: true, message: {}, conversation: {} } as { ok: true } & Sent
const refusal = (code: ProblemCode, more = {}) => ({ ok: false as const, error: { ...problem(code, 'Not now.'), ...more } })
const arrived = (clientMessageId: string | null) => ({ clientMessageId }) as Message

/** A queue over this storage, whose server takes what is sent while it is up. */
function start(storage: ReturnType<typeof createStorage>) {
  const page = createTestPage(storage)
  const stored = openStored(page, 'https://chat.example')
  stored.bind('default:ana')
  const server = { up: true, took: [] as string[], answer: async (): Promise<Answer<Sent>> => taken }
  const shown: Sent[] = []
  const bodies: object[] = []
  const queue = createUnsentQueue({
    stored,
    page,
    usable: () => server.up,
    async send(body) {
      const { text = '', clientMessageId } = body
      bodies.push(body)
      server.took.push(`${clientMessageId} ${text}`)
      return await server.answer()
    },
    onSent: (sent) => shown.push(sent),
  })
  return { queue, page, stored, server, shown, bodies, texts: () => server.took.map((one) => one.replace(/^\S+ /, '')) }
}

test('what a reload left from more than ten minutes ago asks first, also when something new goes out before', async () => {
  const storage = createStorage()
  const before = start(storage)
  before.server.up = false
  void before.queue.add(content('viejo'), {})
  before.queue.close()

  const after = start(storage)
  after.page.skip(11 * 60_000)
  after.queue.restore()
  await after.queue.add(content('nuevo'), {})
  expect(after.texts()).toEqual(['nuevo'])
  expect(after.queue.items.value).toMatchObject([{ text: 'viejo', state: 'late' }])
  after.queue.flush()
  await until(() => after.queue.items.value.length === 1)
  expect(after.texts()).toEqual(['nuevo'])

  const [old] = after.queue.items.value
  after.queue.resend(old?.clientMessageId ?? '')
  await until(() => after.queue.items.value.length === 0, { what: 'the old one is sent' })
  expect(after.texts()).toEqual(['nuevo', 'viejo'])
  expect(storage.length).toBe(0)
})

test('what a reload left goes out once, under the id it was given first', async () => {
  const storage = createStorage()
  const before = start(storage)
  before.server.up = false
  void before.queue.add(content('uno'), {})
  void before.queue.add(content('dos'), { replyToId: 'm1' })
  const ids = before.queue.items.value.map((item) => item.clientMessageId)
  before.queue.close()

  const after = start(storage)
  after.queue.restore()
  after.queue.restore()
  expect(after.queue.items.value).toHaveLength(2)
  after.queue.flush()
  after.queue.flush()
  await until(() => after.queue.items.value.length === 0, { what: 'both are sent' })
  expect(after.server.took).toEqual([`${ids[0]} uno`, `${ids[1]} dos`])
})

test('a send with files names them by their ids, and has no text where it has none; a reload keeps it', async () => {
  const storage = createStorage()
  const before = start(storage)
  before.server.up = false
  const file = (id: string) => ({ id, contentType: 'application/pdf', size: 1, filename: `${id}.pdf`, local: new Blob(['x']) })
  const parts = [
    { text: 'hola', files: [] },
    { text: '', files: [file('u1')] },
    { text: '', files: [file('u2')] },
  ]
  void before.queue.add({ ...content('hola'), parts }, {})
  void before.queue.add({ ...content(''), parts: [{ text: '', files: [file('u3')] }] }, {})
  before.queue.close()

  const after = start(storage)
  after.queue.restore()
  after.queue.flush()
  await until(() => after.queue.items.value.length === 0, { what: 'both are sent' })
  expect(after.bodies).toMatchObject([{ text: 'hola', media: [{ id: 'u1' }, { id: 'u2' }] }, { media: [{ id: 'u3' }] }])
  expect(after.bodies[1]).not.toHaveProperty('text')
})

describe('by the minute', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const wait = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
  const states = ({ queue }: ReturnType<typeof start>) => queue.items.value.map(({ text, state }) => `${text} ${state}`)
  /** The server answers when the test says so. */
  function hold(server: ReturnType<typeof start>['server']): (answer: Answer<Sent>) => Promise<void> {
    const answers: ((answer: Answer<Sent>) => void)[] = []
    server.answer = () => new Promise((resolve) => answers.push(resolve))
    return async (answer) => {
      answers.shift()?.(answer)
      await wait()
    }
  }

  test.each(['unavailable', 'rate_limited', 'internal'] as const)(
    'after %s it goes again in three seconds, before what came later',
    async (code) => {
      const one = start(createStorage())
      one.server.answer = async () => refusal(code)
      void one.queue.add(content('uno'), {})
      await wait()
      void one.queue.add(content('dos'), {})
      await wait()
      expect([one.texts(), states(one)]).toEqual([
        ['uno', 'uno'],
        ['uno waiting', 'dos waiting'],
      ])
      one.server.answer = async () => taken
      await wait(2990)
      expect(one.texts()).toEqual(['uno', 'uno'])
      await wait(10)
      expect([one.texts(), states(one)]).toEqual([['uno', 'uno', 'uno', 'dos'], []])
    },
  )

  test('after a limit it goes when the server said, once, also where the line came back meanwhile', async () => {
    const one = start(createStorage())
    one.server.answer = async () => refusal('rate_limited', { retryAfter: 7 })
    void one.queue.add(content('uno'), {})
    await wait(4000)
    one.queue.flush()
    await wait(6990)
    expect(one.texts()).toEqual(['uno', 'uno'])
    await wait(10)
    expect(one.texts()).toHaveLength(3)
    one.queue.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a refusal is answered, kept with its reason over a reload, and gone with the next try, whose answer is another', async () => {
    const storage = createStorage()
    const one = start(storage)
    const issues = [{ path: 'text', message: 'Too long.' }]
    one.server.answer = async () => refusal('validation_failed', { issues })
    expect(await one.queue.add(content('uno'), { ifNoAnswerSince: 3 })).toMatchObject({ ok: false, error: { code: 'validation_failed' } })
    one.queue.close()
    const after = start(storage)
    after.queue.restore()
    after.page.skip(11 * 60_000)
    after.queue.flush()
    await wait()
    const [item] = after.queue.items.value
    expect(item).toMatchObject({ state: 'refused', problem: { code: 'validation_failed', detail: 'Not now.', issues } })
    const answer = hold(after.server)
    after.queue.resend(item?.clientMessageId ?? '')
    after.queue.resend(item?.clientMessageId ?? '')
    await wait()
    expect(after.queue.items.value).toMatchObject([{ state: 'sending', problem: null }])
    await answer(taken)
    expect([after.texts(), states(after), storage.length]).toEqual([['uno'], [], 0])
  })

  test('what is sent again after ten minutes has as long again', async () => {
    const one = start(createStorage())
    one.server.up = false
    void one.queue.add(content('uno'), {})
    one.page.skip(11 * 60_000)
    one.server.up = true
    one.queue.flush()
    expect(states(one)).toEqual(['uno late'])
    one.server.answer = async () => refusal('unavailable')
    one.queue.resend(one.queue.items.value[0]?.clientMessageId ?? '')
    await wait(3000)
    expect([states(one), one.texts().length]).toEqual([['uno waiting'], 2])
  })

  test('what waits nine minutes goes without a question', async () => {
    const one = start(createStorage())
    one.server.up = false
    void one.queue.add(content('uno'), {})
    one.page.skip(9 * 60_000)
    one.server.up = true
    one.queue.flush()
    await wait()
    expect(one.texts()).toEqual(['uno'])
  })

  test('an answer shows what was sent; one that came among the messages before settles it, and its own answer adds nothing', async () => {
    const one = start(createStorage())
    const answer = hold(one.server)
    const sent = one.queue.add(content('uno'), {})
    await wait()
    const message = arrived(one.queue.items.value[0]?.clientMessageId ?? null)
    one.queue.arrived(arrived(null))
    one.queue.arrived(arrived('of another'))
    expect(states(one)).toEqual(['uno sending'])
    one.queue.arrived(message)
    expect([await sent, states(one)]).toEqual([{ ok: true, message }, []])
    await answer(refusal('unavailable'))
    expect(states(one)).toEqual([])
    one.queue.close()
    const two = start(createStorage())
    expect(await two.queue.add(content('dos'), {})).toEqual(taken)
    expect(two.shown).toEqual([taken])
  })

  test('what is discarded is answered and gone, though it was under way', async () => {
    const storage = createStorage()
    const one = start(storage)
    const answer = hold(one.server)
    const sent = one.queue.add(content('uno'), {})
    await wait()
    one.queue.discard(one.queue.items.value[0]?.clientMessageId ?? '')
    expect(await sent).toMatchObject({ ok: false, error: { code: 'conflict' } })
    await answer(refusal('window_closed'))
    expect([states(one), storage.length]).toEqual([[], 0])
  })

  test('what another tab discards ends here a second later, unless it is under way here or came among the messages', async () => {
    const storage = createStorage()
    const one = start(storage)
    one.server.up = false
    const sent = ['uno', 'dos', 'tres'].map((text) => one.queue.add(content(text), {}))
    const [first = '', second = '', third = ''] = one.queue.items.value.map((item) => item.clientMessageId)
    const two = start(storage)
    const three = start(storage)
    two.server.up = three.server.up = false
    two.queue.restore()
    three.queue.restore()
    const answer = hold(one.server)
    one.server.up = true
    one.queue.flush()
    await wait()
    for (const id of [first, second, third]) two.queue.discard(id)
    await wait()
    expect(states(three), 'who did not write them forgets them at once').toEqual([])
    await wait(990)
    expect(states(one)).toEqual(['uno sending', 'dos waiting', 'tres waiting'])
    one.queue.arrived(arrived(third))
    await wait(10)
    expect(states(one)).toEqual(['uno sending'])
    expect(await sent[1]).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await sent[2]).toMatchObject({ ok: true })
    await answer(taken)
    expect(await sent[0]).toEqual(taken)
  })

  test('what several pages left is taken up in the order of its writing', () => {
    const storage = createStorage()
    for (const [text, ms] of [
      ['segundo', 2000],
      ['primero', 1000],
    ] as const) {
      const page = start(storage)
      page.server.up = false
      page.page.skip(ms)
      void page.queue.add(content(text), {})
      page.queue.close()
    }
    const after = start(storage)
    after.queue.restore()
    expect(states(after)).toEqual(['primero waiting', 'segundo waiting'])
  })

  test('closed, it sends nothing, hears of nothing, and an answer that still comes shows nothing', async () => {
    const storage = createStorage()
    const one = start(storage)
    const answer = hold(one.server)
    void one.queue.add(content('uno'), {})
    void one.queue.add(content('dos'), {})
    await wait()
    one.queue.close()
    await answer(taken)
    one.queue.flush()
    await wait()
    expect([one.texts(), one.shown]).toEqual([['uno'], []])
    const two = start(storage)
    two.queue.restore()
    for (const { clientMessageId } of two.queue.items.value) two.queue.discard(clientMessageId)
    await wait(2000)
    expect([states(one).length, storage.watchers.size]).toEqual([2, 1])
  })
})
