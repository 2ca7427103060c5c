// The simulator's faults, as the SDK and the application meet them; the ledger says what really happened.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFaults } from '../../server/simulator/faults.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'
import { client, refusalOf, startWorld, type World } from './simulated-world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const sms = `sms:${client}`
const accepted = () => world.simulator.ledger().accepted
const codeOf = (error: unknown) => (error as { code?: string }).code

describe('sending', () => {
  test('429 to every other send, with a time to wait; nothing of those is accepted', async () => {
    world.simulator.faults.set({ rateLimit: 'alternate' })
    const answers: (number | undefined)[] = []
    for (let i = 0; i < 4; i++)
      answers.push(
        await world.send(`n ${i}`, sms).then(
          () => 201,
          (error) => error.code,
        ),
      )
    expect(answers).toEqual([20429, 201, 20429, 201])
    expect(accepted().map(({ body }) => body)).toEqual(['n 1', 'n 3'])
  })

  test('429 above so many a second of one sender, never more in any second', async () => {
    await world.close()
    const clock = createManualClock()
    world = await startWorld({ clock })
    world.simulator.faults.set({ rateLimit: 3 })
    const burst = async () => {
      const answers = await Promise.all(
        Array.from({ length: 5 }, () =>
          world.send('x', sms).then(
            () => true,
            () => false,
          ),
        ),
      )
      return answers.filter(Boolean).length
    }
    expect(await burst()).toBe(3)
    await world.simulator.phone(client).write('hola')
    // Another sender has its own measure.
    expect((await world.send('by WhatsApp')).status).toBe('queued')
    await clock.advance(999)
    expect(await burst()).toBe(0)
    await clock.advance(1)
    expect(await burst()).toBe(3)
    expect(world.simulator.ledger().refused[0]).toMatchObject({ refused: { status: 429, code: 20429 } })
  })

  test('Retry-After comes with 429', async () => {
    world.simulator.faults.set({ rateLimit: true })
    const response = await fetch(`${world.url}/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('AC00000000000000000000000000000001:0123456789abcdef0123456789abcdef').toString('base64')}`,
      },
      body: new URLSearchParams({ From: '+15558675310', To: client, Body: 'hola' }),
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1'])
  })

  test('429 without a time to wait, where that is asked for', async () => {
    world.simulator.faults.set({ rateLimit: true, noRetryAfter: true })
    const response = await fetch(`${world.url}/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('AC00000000000000000000000000000001:0123456789abcdef0123456789abcdef').toString('base64')}`,
      },
      body: new URLSearchParams({ From: '+15558675310', To: client, Body: 'hola' }),
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, null])
  })

  test('an answer that takes its time, though the message is accepted at once', async () => {
    await world.close()
    const clock = createManualClock()
    world = await startWorld({ clock, timing: { sentAfterMs: 60_000, deliveredAfterMs: 1, answeredAfterMs: 500 } })
    let answered = false
    const sent = world.send('hola', sms).then(() => {
      answered = true
    })
    await until(() => accepted().length === 1)
    await clock.advance(499)
    expect(answered).toBe(false)
    await clock.advance(1)
    await sent
  })

  test('lists without the sender, of what the business sent alone', async () => {
    world.simulator.faults.set({ listWithoutFrom: true })
    await world.simulator.phone(client).write('hola', { channel: 'sms' })
    await world.send('buenas', sms)
    const listed = await world.sdk.messages.list()
    expect(listed.map(({ body, from }) => [body, from])).toEqual([
      ['buenas', null],
      ['hola', client],
    ])
  })

  test('500 and nothing accepted', async () => {
    world.simulator.faults.next('error500')
    expect(await refusalOf(world.send('hola', sms))).toMatchObject({ status: 500 })
    expect(accepted()).toEqual([])
    await world.send('hola', sms)
    expect(accepted()).toHaveLength(1)
  })

  test('500 though accepted', async () => {
    world.simulator.faults.next('acceptThen500')
    expect(await refusalOf(world.send('hola', sms))).toMatchObject({ status: 500 })
    expect(accepted()).toMatchObject([{ body: 'hola', lost: 'error_500' }])
    expect(await world.sdk.messages.list({ to: client })).toHaveLength(1)
  })

  test('the connection ends: before acceptance, or after it', async () => {
    world.simulator.faults.next('reset')
    expect(codeOf(await world.send('hola', sms).catch((error) => error))).toBe('ECONNRESET')
    expect(accepted()).toEqual([])
    world.simulator.faults.next('answerLost')
    expect(codeOf(await world.send('hola', sms).catch((error) => error))).toBe('ECONNRESET')
    expect(accepted()).toMatchObject([{ body: 'hola', lost: 'answer_lost' }])
    await until(() => world.statuses(accepted()[0]?.sid ?? '').length === 2)
  })

  test('no answer ever: without acceptance, or with it', async () => {
    world.simulator.faults.next('hang')
    expect(codeOf(await world.send('hola', sms).catch((error) => error))).toBe('ECONNABORTED')
    expect(accepted()).toEqual([])
    world.simulator.faults.next('timeoutAfterAccepting')
    expect(codeOf(await world.send('hola', sms).catch((error) => error))).toBe('ECONNABORTED')
    expect(accepted()).toMatchObject([{ body: 'hola', lost: 'timeout' }])
  })

  test('for one number alone', async () => {
    world.simulator.faults.set({ acceptThen500: true }, client)
    expect((await refusalOf(world.send('hola', sms))).status).toBe(500)
    expect((await world.send('hola', 'sms:+5491199990000')).status).toBe('queued')
  })

  test('lists fail while sends go on', async () => {
    world.simulator.faults.set({ readError500: true })
    const { sid } = await world.send('hola', sms)
    expect((await refusalOf(world.sdk.messages.list())).status).toBe(500)
    expect((await refusalOf(world.sdk.messages(sid).fetch())).status).toBe(500)
  })

  test('whoever listens hears of acceptance before the answer', async () => {
    const order: string[] = []
    const off = world.simulator.on('accepted', ({ body }) => order.push(`accepted ${body}`))
    await world.send('one', sms).then(() => order.push('answered'))
    off()
    await world.send('two', sms)
    expect(order).toEqual(['accepted one', 'answered'])
  })
})

describe('callbacks', () => {
  const statuses = (sid: string) => world.statuses(sid).map(({ fields }) => fields.MessageStatus)

  test('twice', async () => {
    world.simulator.faults.set({ duplicateCallbacks: true })
    const { sid } = await world.send('hola', sms)
    await until(() => world.statuses(sid).length === 4)
    expect(statuses(sid)).toEqual(['sent', 'sent', 'delivered', 'delivered'])
  })

  test('lost, which the ledger counts', async () => {
    world.simulator.faults.set({ lostCallbacks: true })
    const { sid } = await world.send('hola', sms)
    await until(() => accepted()[0]?.status === 'delivered' && world.simulator.pending() === 0)
    expect(statuses(sid)).toEqual([])
    expect(accepted()[0]?.lostCallbacks).toBe(2)
    expect((await world.sdk.messages(sid).fetch()).status).toBe('delivered')
  })

  test('refused by the application, which the ledger counts too', async () => {
    world.answer.with = ({ fields }) => (fields.MessageStatus === 'sent' ? 503 : 200)
    await world.send('hola', sms)
    await until(() => accepted()[0]?.status === 'delivered' && world.simulator.pending() === 0)
    expect(accepted()[0]?.lostCallbacks).toBe(1)
    expect(world.simulator.unanswered()).toBe(0)
  })

  test('up to 10 s late, so that a delivered can come before its sent', async () => {
    await world.close()
    const clock = createManualClock()
    let turn = 0
    world = await startWorld({ clock, random: () => [0.8, 0.2][turn++ % 2] ?? 0 })
    world.simulator.faults.set({ delayedCallbacks: true })
    const { sid } = await world.send('hola', sms)
    await clock.advance(1_000)
    expect(statuses(sid)).toEqual([])
    await clock.advance(4_000)
    await until(() => world.statuses(sid).length === 1)
    await clock.advance(5_000)
    await until(() => world.statuses(sid).length === 2)
    expect(statuses(sid)).toEqual(['delivered', 'sent'])
  })
})

describe('the switches', () => {
  test('take chances as numbers and as yes or no', () => {
    let dice = 0.49
    const faults = createFaults(
      () => dice,
      () => {},
    )
    faults.set({ lostCallbacks: 0.5, duplicateWebhooks: true, listDelayMs: 10_000, rateLimit: true, failWith: null })
    expect(faults.get()).toMatchObject({ lostCallbacks: 0.5, duplicateWebhooks: 1, listDelayMs: 10_000, rateLimit: 'alternate' })
    expect(faults.happens('lostCallbacks')).toBe(true)
    dice = 0.5
    expect(faults.happens('lostCallbacks')).toBe(false)
  })

  test.each([
    ['a chance above one', { duplicateWebhooks: 2 }],
    ['a chance below zero', { lostWebhooks: -0.1 }],
    ['a chance that is no number', { hang: Number.NaN }],
    ['a chance as text', { reset: '1' }],
    ['nothing', { answerLost: null }],
    ['no value', { lostCallbacks: undefined }],
    ['yes as text', { phoneOff: 'yes' }],
    ['a negative rate', { rateLimit: -1 }],
    ['a list later than it can be', { listDelayMs: 99_000 }],
    ['a list before its time', { listDelayMs: -1 }],
    ['half a code', { failWith: 1.5 }],
    ['a name of no switch', { duplicateWebhook: 1 }],
    ['a name that every object has', { toString: 1 }],
  ])('throw on %s, and change nothing', (_, change) => {
    const faults = createFaults(Math.random, () => {})
    const before = faults.get()
    expect(() => faults.set({ error500: 1, ...change } as never)).toThrow(/switch/)
    expect(() => faults.set(change as never, '+5491122334455')).toThrow(/switch/)
    expect([faults.get(), faults.own('+5491122334455')]).toEqual([before, {}])
  })

  test('of one number hold for every form of it, over those for all, until cleared', () => {
    const faults = createFaults(Math.random, () => {})
    faults.set({ blocked: true }, '+5541988887777')
    faults.set({ blocked: false, error500: true })
    expect(faults.get('+554188887777')).toMatchObject({ blocked: true, error500: 1 })
    expect(faults.get('+5491100000000')).toMatchObject({ blocked: false, error500: 1 })
    faults.next('reset', 2)
    expect([faults.happens('reset'), faults.happens('reset'), faults.happens('reset')]).toEqual([true, true, false])
    faults.next('reset')
    faults.clear()
    expect([faults.happens('reset'), faults.get('+554188887777').blocked, faults.get().error500]).toEqual([false, false, 0])
  })
})
