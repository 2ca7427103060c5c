// Messages for which Twilio's answer never comes (invariant 3), with a clock that the test moves.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { randomUUID } from 'node:crypto'
import type { Message } from '../../shared/model.ts'
import type { ListedMessage } from '../../server/outbox/gateway.ts'
import { createPacer } from '../../server/outbox/pacer.ts'
import { sendClaimed } from '../../server/outbox/send-claimed.ts'
import { pursueUnconfirmed } from '../../server/outbox/settle-unconfirmed.ts'
import { createServer } from '../../server/server.ts'
import { openStore } from '../../server/store/open-store.ts'
import { ANA, draft, noChecks, REMINDER } from '../support/builders.ts'
import { accountSid, authToken, ownNumbers, startHilo, type TestHilo } from '../support/hilo.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { pass, passUntil as passTimeUntil } from '../support/pass-time.ts'
import { postWebhook } from '../support/post-webhook.ts'
import { startWithClient } from '../support/start-with-client.ts'
import { until } from '../support/until.ts'

// Minutes and hours pass in steps, and each step waits for real requests.
vi.setConfig({ testTimeout: 120_000 })

const phone = '+5491133330001'
let clock: ManualClock
let hilo: TestHilo
let conversationId: string

beforeEach(async () => {
  ;({ clock, hilo, conversationId } = await startWithClient(phone))
})
afterEach(() => hilo.close())

const accepted = () => hilo.simulator.ledger().accepted
const send = (text = 'hola') => hilo.agent().send({ conversationId, text })
/** Moves time a little at a time until the message is as wanted: requests in between take real time. */
async function passUntil(id: string, wanted: (message: Message) => boolean, limitMs: number, stepMs = 500): Promise<Message> {
  for (let passed = 0; ; passed += stepMs) {
    const message = await hilo.message(id)
    if (wanted(message)) return message
    if (passed > limitMs) throw new Error(`still ${message.status} after ${passed} ms`)
    await clock.advance(stepMs)
    await new Promise((resume) => setTimeout(resume, 5))
  }
}
const unconfirmed = (id: string) => hilo.messageWhen(id, (message) => message.status === 'unconfirmed')

/** At the look that comes first after them, once a minute. */
function expectFifteenMinutes(began: number): void {
  const minutes = (clock.now() - began) / 60_000
  expect(minutes).toBeGreaterThanOrEqual(15)
  expect(minutes).toBeLessThan(16.2)
}

describe('an answer that never came', () => {
  test('accepted, answer lost, callbacks lost: found in the list at the first look, sent once', async () => {
    hilo.simulator.faults.set({ answerLost: 1, lostCallbacks: 1 })
    const message = await send()
    await unconfirmed(message.id)
    expect(accepted()).toHaveLength(1)
    const found = await passUntil(message.id, (one) => one.twilioSid !== null, 4_000)
    expect(found.twilioSid).toBe(accepted()[0]?.sid)
    expect(accepted()).toHaveLength(1)
  })

  test('accepted, answer lost: the status callback settles it by the id in its path', async () => {
    hilo.simulator.faults.set({ answerLost: 1 })
    const message = await send()
    await unconfirmed(message.id)
    const settled = await passUntil(message.id, (one) => one.status === 'delivered', 2_500, 50)
    expect(settled.twilioSid).toBe(accepted()[0]?.sid)
  })

  test('answered 500 after accepting: the same', async () => {
    hilo.simulator.faults.set({ acceptThen500: 1, lostCallbacks: 1 })
    const message = await send()
    await unconfirmed(message.id)
    await passUntil(message.id, (one) => one.twilioSid !== null, 4_000)
    expect(accepted()).toHaveLength(1)
  })

  test('the list shows it late: found at the look after', async () => {
    hilo.simulator.faults.set({ answerLost: 1, lostCallbacks: 1, listDelayMs: 10_000 })
    const message = await send()
    await unconfirmed(message.id)
    await passUntil(message.id, (one) => one.twilioSid !== null, 16_000)
    expect(accepted()).toHaveLength(1)
  })

  test('never accepted: sent again once after 60 s, and not before', async () => {
    hilo.simulator.faults.set({ reset: 1 })
    const message = await send()
    await unconfirmed(message.id)
    hilo.simulator.faults.set({ reset: 0 })
    for (let i = 0; i < 58; i++) {
      await clock.advance(1_000)
      await new Promise((resume) => setTimeout(resume, 2))
    }
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    expect(accepted()).toHaveLength(0)
    const sent = await passUntil(message.id, (one) => one.twilioSid !== null, 5_000)
    expect(sent.twilioSid).toBe(accepted()[0]?.sid)
    expect(accepted()).toHaveLength(1)
  })

  test('while it is unconfirmed its line waits, another does not, and afterwards the order is kept', async () => {
    hilo.simulator.phone(phone).set({ answerLost: 1, lostCallbacks: 1 })
    const first = await send('uno')
    await unconfirmed(first.id)
    hilo.simulator.phone(phone).set({ answerLost: 0, lostCallbacks: 0 })
    const second = await send('dos')
    await hilo.simulator.phone('+5491133330002').write('hola')
    const other = await hilo.conversation('+5491133330002')
    const elsewhere = await hilo.agent().send({ conversationId: other.id, text: 'otra línea' })
    await hilo.messageWhen(elsewhere.id, (one) => one.twilioSid !== null)
    expect((await hilo.message(second.id)).status).toBe('queued')
    await passUntil(second.id, (one) => one.twilioSid !== null, 6_000)
    expect(
      accepted()
        .filter((one) => one.to === phone)
        .map((one) => one.body),
    ).toEqual(['uno', 'dos'])
  })

  test('unconfirmed a second time: the agent is asked; sending again is a new message, the old one fails unsettled', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const message = await send()
    await unconfirmed(message.id)
    for (let i = 0; i < 150; i++) {
      await clock.advance(1_000)
      await new Promise((resume) => setTimeout(resume, 2))
    }
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    hilo.simulator.phone(phone).set({ reset: 0 })
    const retried = await hilo.agent().call<{ message: Message }>('POST', `/api/messages/${message.id}/retry`)
    expect(retried.status).toBe(202)
    expect(await hilo.message(message.id)).toMatchObject({ status: 'failed', error: { reason: 'unsettled' } })
    await passUntil(retried.body.message.id, (one) => one.twilioSid !== null, 5_000)
    expect(accepted()).toHaveLength(1)
  })

  test('15 minutes after the first claim it fails unsettled, and its line goes on', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const began = clock.now()
    const message = await send('uno')
    await unconfirmed(message.id)
    const next = await send('dos')
    const failed = await passUntil(message.id, (one) => one.status === 'failed', 16.5 * 60_000, 5_000)
    expect(failed.error?.reason).toBe('unsettled')
    expectFifteenMinutes(began)
    hilo.simulator.phone(phone).set({ reset: 0 })
    await passUntil(next.id, (one) => one.twilioSid !== null, 70_000, 1_000)
  })

  test('15 minutes do not begin anew with the second request, though it goes minutes after the first', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const began = clock.now()
    const message = await send('uno')
    await unconfirmed(message.id)
    // A rate limit holds the second request up.
    hilo.simulator.phone(phone).set({ reset: 0, refuseWith: 20429 })
    await passUntil(message.id, (one) => one.status === 'queued' && one.delay !== null, 80_000, 1_000)
    await pass(clock, 6 * 60_000, 5_000)
    hilo.simulator.phone(phone).set({ reset: 1, refuseWith: null })
    await passUntil(message.id, (one) => one.status === 'unconfirmed', 60_000, 1_000)
    expect(clock.now() - began).toBeGreaterThan(7 * 60_000)
    const failed = await passUntil(message.id, (one) => one.status === 'failed', 10 * 60_000, 5_000)
    expect(failed.error?.reason).toBe('unsettled')
    expectFifteenMinutes(began)
    expect(accepted()).toHaveLength(0)
  })

  test('its own time is over before it is sent again: failed, expired', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const message = await hilo.agent().send({ conversationId, text: 'código 1234', expiresIn: 30 })
    await unconfirmed(message.id)
    hilo.simulator.phone(phone).set({ reset: 0 })
    const failed = await passUntil(message.id, (one) => one.status === 'failed', 70_000, 1_000)
    expect(failed.error?.reason).toBe('expired')
    expect(accepted()).toHaveLength(0)
  })

  test('the same text twice: each finds its own', async () => {
    hilo.simulator.phone(phone).set({ answerLost: 1, lostCallbacks: 1 })
    const [first, second] = [await send('igual'), await send('igual')]
    await passUntil(second.id, (one) => one.twilioSid !== null, 15_000)
    const sids = [(await hilo.message(first.id)).twilioSid, (await hilo.message(second.id)).twilioSid]
    expect(sids).toEqual(accepted().map((one) => one.sid))
  })

  test('a restart in the middle: settled from the list, sent once', async () => {
    hilo.simulator.faults.set({ answerLost: 1, lostCallbacks: 1 })
    const message = await send()
    await unconfirmed(message.id)
    hilo.simulator.faults.set({ answerLost: 0, lostCallbacks: 0 })
    await hilo.restart()
    await passUntil(message.id, (one) => one.twilioSid !== null, 10_000)
    expect(accepted()).toHaveLength(1)
  })
})

/** Twilio's status callback for this message, whenever it pleases to come. */
async function callBack(id: string, twilioSid: string, status: string): Promise<number> {
  const fields = {
    MessageSid: twilioSid,
    MessageStatus: status,
    SmsStatus: status,
    From: `whatsapp:${ownNumbers.whatsapp}`,
    To: `whatsapp:${phone}`,
  }
  return postWebhook(hilo, fields, `/webhooks/twilio/status/${id}`)
}
const withSid = (id: string, limitMs = 90_000) => passUntil(id, (one) => one.twilioSid !== null, limitMs, 1_000)
const sidsOf = () => accepted().map((one) => one.sid)
const bodies = () => accepted().map((one) => one.body)
/** Another program of the same account sends to the same client. */
async function sendElsewhere(body: string): Promise<string> {
  const { twilio } = hilo.server.parts.config
  const answer = await fetch(`${twilio?.apiUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ To: `whatsapp:${phone}`, From: `whatsapp:${ownNumbers.whatsapp}`, Body: body }).toString(),
  })
  return ((await answer.json()) as { sid: string }).sid
}
/** The list's answer from now on. */
function rewriteList(change: (listed: ListedMessage[]) => ListedMessage[] | Promise<ListedMessage[]>): void {
  const { gateway } = hilo.server.parts.organizationOf('default')
  const read = gateway.listSent.bind(gateway)
  gateway.listSent = async (query) => change(await read(query))
}
const lose = { answerLost: 1, lostCallbacks: 1 }
/** From here on answers come; callbacks of before stay lost. */
const answerAgain = { answerLost: 0, reset: 0 }

describe('a callback settles it', () => {
  test('while the list is being read: the next message goes at once, not after the next look', async () => {
    hilo.simulator.phone(phone).set(lose)
    const first = await send('uno')
    await unconfirmed(first.id)
    hilo.simulator.phone(phone).set(answerAgain)
    const second = await send('dos')
    let looked = false
    rewriteList(async () => {
      looked = true
      expect(await callBack(first.id, sidsOf()[0] ?? '', 'sent')).toBe(204)
      return []
    })
    await passTimeUntil(clock, async () => looked, 5_000, 200)
    // No time passes any more: it must not wait for the look after.
    await hilo.messageWhen(second.id, (one) => one.twilioSid !== null, 3_000)
    expect(bodies()).toEqual(['uno', 'dos'])
  })

  test('after the list did: nothing is attached twice, and its status rises', async () => {
    hilo.simulator.faults.set(lose)
    const message = await send()
    await unconfirmed(message.id)
    const found = await withSid(message.id)
    await callBack(message.id, found.twilioSid ?? '', 'read')
    expect(await hilo.message(message.id)).toMatchObject({ status: 'read', twilioSid: sidsOf()[0] })
    expect(accepted()).toHaveLength(1)
  })

  test('between the looks and the second request: not sent again', async () => {
    hilo.simulator.phone(phone).set(lose)
    const message = await send()
    await unconfirmed(message.id)
    const [sid = ''] = sidsOf()
    rewriteList(() => [])
    hilo.simulator.phone(phone).set({ ...answerAgain, refuseWith: 20429 })
    // The second request is refused with 429: it waits, and the first one's callback comes.
    await passUntil(message.id, (one) => one.status === 'queued' && one.delay !== null, 80_000, 1_000)
    await callBack(message.id, sid, 'delivered')
    hilo.simulator.phone(phone).set({ refuseWith: null })
    await pass(clock, 120_000, 5_000)
    expect(await hilo.message(message.id)).toMatchObject({ status: 'delivered', twilioSid: sid })
    expect(accepted()).toHaveLength(1)
  })
})

describe('the list settles it', () => {
  test('shown without its sender, as while a service chooses one', async () => {
    hilo.simulator.faults.set({ ...lose, listWithoutFrom: true })
    const message = await send()
    await unconfirmed(message.id)
    await withSid(message.id, 4_000)
    expect(accepted()).toHaveLength(1)
  })

  test('a rendered template, also where Twilio words it a little differently', async () => {
    hilo.simulator.faults.set(lose)
    rewriteList((listed) =>
      listed.map((one) => ({ ...one, text: one.text.replace('Your appointment is coming up', 'Your  appointment comes up') })),
    )
    const message = await hilo.agent().send({
      conversationId,
      template: { name: 'appointment_reminder', variables: { date: 'el 5 de mayo', time: '10:30' } },
    })
    await unconfirmed(message.id)
    await withSid(message.id, 4_000)
    expect(accepted()).toHaveLength(1)
  })

  test('with typographic signs that Twilio replaced, and white space', async () => {
    hilo.simulator.faults.set(lose)
    rewriteList((listed) => listed.map((one) => ({ ...one, text: one.text.replace(/[“”]/g, '"').replace('…', '...').trim() })))
    const message = await send('“Listo”, te espero…\u00a0a las 10 ')
    await unconfirmed(message.id)
    await withSid(message.id, 4_000)
    expect(accepted()).toHaveLength(1)
  })

  test('dates without fractions: claimed at .999, listed as .000 of the same second', async () => {
    const rest = 999 - (clock.now() % 1000)
    await clock.advance(rest < 0 ? rest + 1000 : rest)
    hilo.simulator.faults.set(lose)
    rewriteList((listed) => listed.map((one) => ({ ...one, createdAt: Math.floor(one.createdAt / 1000) * 1000 })))
    const message = await send()
    await unconfirmed(message.id)
    await withSid(message.id, 4_000)
    expect(accepted()).toHaveLength(1)
  })

  test('later than 60 s, but before the second request: not sent again', async () => {
    hilo.simulator.faults.set(lose)
    const message = await send()
    await unconfirmed(message.id)
    let looks = 0
    rewriteList((listed) => (++looks <= 3 ? [] : listed))
    await withSid(message.id)
    expect(looks).toBe(4)
    expect(accepted()).toHaveLength(1)
  })

  test.each([
    ['within the two minutes before: taken for ours', 115_000, true],
    ['earlier: not ours, sent after all', 125_000, false],
  ])('ours was never taken, and another system sent the same text %s', async (_, earlierMs, taken) => {
    const theirs = await sendElsewhere('hola')
    await pass(clock, earlierMs, 5_000)
    hilo.simulator.faults.next('reset')
    const message = await send('hola')
    await unconfirmed(message.id)
    const found = await withSid(message.id)
    expect([found.twilioSid === theirs, accepted().length]).toEqual([taken, taken ? 1 : 2])
  })

  test('the same text as the message before, whose SID is known: it is not taken for ours', async () => {
    const first = await send('igual')
    await withSid(first.id, 5_000)
    hilo.simulator.faults.next('reset')
    const second = await send('igual')
    await unconfirmed(second.id)
    const found = await withSid(second.id)
    expect(sidsOf()).toHaveLength(2)
    expect([(await hilo.message(first.id)).twilioSid, found.twilioSid]).toEqual(sidsOf())
  })

  test('another system sent the same text a minute before: each has its own', async () => {
    const theirs = await sendElsewhere('hola')
    await pass(clock, 60_000, 10_000)
    hilo.simulator.faults.set(lose)
    const message = await send('hola')
    await unconfirmed(message.id)
    const found = await withSid(message.id, 4_000)
    expect(found.twilioSid).toBe(sidsOf()[1])
    expect(found.twilioSid).not.toBe(theirs)
  })

  test('another system sent the same text long before, ours was not taken: it is sent again', async () => {
    await sendElsewhere('hola')
    await pass(clock, 150_000, 10_000)
    hilo.simulator.faults.next('reset')
    const message = await send('hola')
    await unconfirmed(message.id)
    const found = await withSid(message.id)
    expect(accepted()).toHaveLength(2)
    expect(found.twilioSid).toBe(sidsOf()[1])
  })

  test('another system’s other texts are not ours', async () => {
    hilo.simulator.faults.next('reset')
    const message = await send('hola')
    await unconfirmed(message.id)
    const theirs = await sendElsewhere('otra cosa')
    const found = await withSid(message.id)
    expect(found.twilioSid).not.toBe(theirs)
    expect(bodies()).toEqual(['otra cosa', 'hola'])
  })

  test('the list cannot be read: nothing is decided, and nothing sent, until it can', async () => {
    hilo.simulator.faults.set({ ...lose, readError500: 1 })
    const message = await send()
    await unconfirmed(message.id)
    await pass(clock, 5 * 60_000, 5_000)
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    expect(accepted()).toHaveLength(1)
    hilo.simulator.faults.set({ readError500: 0 })
    await withSid(message.id, 15_000)
    expect(accepted()).toHaveLength(1)
  })
})

test('a trial account’s sentence in front of the text is not ours', async () => {
  await hilo.close()
  hilo = await startHilo({ clock, simulator: { trial: true } })
  await hilo.simulator.phone(phone).write('hola')
  conversationId = (await hilo.conversation(phone)).id
  hilo.simulator.faults.set(lose)
  const message = await send('Te espero')
  await unconfirmed(message.id)
  await withSid(message.id, 4_000)
  expect(bodies()).toEqual(['Sent from your Twilio trial account - Te espero'])
})

describe('clocks that differ', () => {
  /** Our clock is so much ahead of Twilio's. */
  async function beginAhead(): Promise<{ set(ms: number): void }> {
    await hilo.close()
    let aheadMs = 0
    hilo = await startHilo({ clock: { ...clock, now: () => clock.now() + aheadMs }, simulator: { clock } })
    await hilo.simulator.phone(phone).write('hola')
    conversationId = (await hilo.conversation(phone)).id
    return {
      set(ms) {
        aheadMs = ms
      },
    }
  }

  test.each([
    ['ahead by four minutes', 4 * 60_000, 4 * 60_000],
    ['ahead when it was claimed, and set right before the look', 4 * 60_000, 0],
    ['right when it was claimed, and set ahead before the look', 0, 4 * 60_000],
    ['behind by four minutes', -4 * 60_000, -4 * 60_000],
    ['behind when it was claimed, and set right before the look', -4 * 60_000, 0],
    ['right when it was claimed, and set behind before the look', 0, -4 * 60_000],
  ])('%s: found in the list, sent once', async (_, atClaim, atLook) => {
    const ours = await beginAhead()
    ours.set(atClaim)
    hilo.simulator.faults.set(lose)
    const message = await send()
    await unconfirmed(message.id)
    ours.set(atLook)
    const found = await withSid(message.id, 70_000)
    expect(found.twilioSid).toBe(sidsOf()[0])
    expect(accepted()).toHaveLength(1)
  })
})

describe('the agent is asked', () => {
  /** Sent twice, known to be neither here nor there. */
  async function asked(): Promise<{ id: string; sid: string }> {
    hilo.simulator.phone(phone).set({ ...lose, reset: 0 })
    const message = await send('¿llegó?')
    await unconfirmed(message.id)
    const [sid = ''] = sidsOf()
    hilo.simulator.phone(phone).set({ answerLost: 0, reset: 1 })
    rewriteList(() => [])
    await pass(clock, 160_000, 2_000)
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    hilo.simulator.phone(phone).set(answerAgain)
    return { id: message.id, sid }
  }
  const answer = (id: string, how: 'retry' | 'cancel', who = 'agent-1') =>
    hilo.agent({ sub: who }).call<{ message: Message; code?: string }>('POST', `/api/messages/${id}/${how}`)

  test('discarding it fails it and lets the line go on; asked twice it is the same', async () => {
    const { id } = await asked()
    const next = await send('siguiente')
    const [first, second] = [await answer(id, 'cancel'), await answer(id, 'cancel', 'agent-2')]
    expect([first.status, second.status]).toEqual([200, 200])
    for (const reply of [first, second]) expect(reply.body.message).toMatchObject({ id, status: 'failed', error: { reason: 'unsettled' } })
    await hilo.messageWhen(next.id, (one) => one.twilioSid !== null, 3_000)
    expect(bodies()).toEqual(['¿llegó?', 'siguiente'])
  })

  test('two agents send again at the same moment: one new message', async () => {
    const { id } = await asked()
    const replies = await Promise.all([answer(id, 'retry'), answer(id, 'retry', 'agent-2'), answer(id, 'retry')])
    expect(replies.map((reply) => reply.status)).toEqual([202, 202, 202])
    const ids = new Set(replies.map((reply) => reply.body.message.id))
    expect(ids.size).toBe(1)
    await withSid([...ids][0] ?? '', 5_000)
    expect(bodies()).toEqual(['¿llegó?', '¿llegó?'])
  })

  test.each(['retry', 'cancel'] as const)('%s: another agent’s answer comes in between: no error, one answer', async (how) => {
    const { id } = await asked()
    const { store } = hilo.server.parts
    const changeMessage = store.changeMessage.bind(store)
    store.changeMessage = async (...args) => {
      await changeMessage(...args)
      return changeMessage(...args)
    }
    expect((await answer(id, how)).status).toBe(how === 'retry' ? 202 : 200)
    expect((await hilo.message(id)).status).toBe('failed')
  })

  test('one discards while another sends again: it ends as one of the two, and is never stuck', async () => {
    const { id } = await asked()
    const [discarded, resent] = await Promise.all([answer(id, 'cancel'), answer(id, 'retry', 'agent-2')])
    expect(discarded.status).toBe(200)
    expect(resent.status).toBe(202)
    await withSid(resent.body.message.id, 5_000)
    expect((await hilo.message(id)).status).toBe('failed')
  })

  test('discarded, and its callback comes after all: it shows that it went out', async () => {
    const { id, sid } = await asked()
    await answer(id, 'cancel')
    const live = await hilo.agent().connect()
    await live.ask('viewing', { conversationId, replying: false })
    await callBack(id, sid, 'sent')
    expect(await hilo.message(id)).toMatchObject({ status: 'sent', error: null, failedAt: null, twilioSid: sid })
    await until(() => live.changes.some((event) => event.messages.some((one) => one.id === id && one.status === 'sent')))
    await callBack(id, sid, 'delivered')
    expect((await hilo.message(id)).status).toBe('delivered')
    live.close()
  })

  test('sent again, and the first one’s callback comes after all: both show that they went out', async () => {
    const { id, sid } = await asked()
    const resent = await answer(id, 'retry')
    const second = await withSid(resent.body.message.id, 5_000)
    await callBack(id, sid, 'delivered')
    expect(await hilo.message(id)).toMatchObject({ status: 'delivered', twilioSid: sid })
    expect(second).toMatchObject({ retryOf: id })
    expect(second.twilioSid).not.toBe(sid)
  })

  test('before anybody answers its callback comes: nobody can send it again', async () => {
    const { id, sid } = await asked()
    await callBack(id, sid, 'delivered')
    expect((await answer(id, 'retry')).body.code).toBe('not_retryable')
    expect((await answer(id, 'cancel')).status).toBe(409)
    expect((await hilo.message(id)).status).toBe('delivered')
  })

  test('before anybody answers it turns up in the list: settled by itself', async () => {
    const { id, sid } = await asked()
    const firstClaim = await firstClaimOf(id)
    rewriteList(() => [{ ...listedAs(sid), createdAt: firstClaim }])
    await withSid(id, 130_000)
    expect((await hilo.message(id)).twilioSid).toBe(sid)
  })

  const listedAs = (twilioSid: string): ListedMessage => ({
    twilioSid,
    direction: 'outbound',
    from: ownNumbers.whatsapp,
    to: `whatsapp:${phone}`,
    text: '¿llegó?',
    createdAt: 0,
    sentAt: null,
    updatedAt: 0,
    status: 'sent',
    failure: null,
    price: null,
  })
  async function firstClaimOf(id: string): Promise<number> {
    const conversation = await hilo.conversation(phone)
    const { store } = hilo.server.parts
    const kept = await store.conversation({ orgId: 'default', agentId: 'a', scope: null }, conversation.id)
    const head = await store.claim('default', kept?.lineId ?? '', { now: clock.now(), leaseMs: 1, fence: 0 })
    if (head.state !== 'unconfirmed' || head.claim.message.id !== id) throw new Error('not the head')
    return head.claim.firstClaimedAt
  }
})

test('15 minutes: failed as unsettled, and a callback that comes after all puts it right', async () => {
  hilo.simulator.phone(phone).set(lose)
  const began = clock.now()
  const message = await send('uno')
  await unconfirmed(message.id)
  const [sid = ''] = sidsOf()
  hilo.simulator.phone(phone).set({ answerLost: 0, reset: 1 })
  rewriteList(() => [])
  const failed = await passUntil(message.id, (one) => one.status === 'failed', 16.5 * 60_000, 5_000)
  expectFifteenMinutes(began)
  expect(failed.error?.reason).toBe('unsettled')
  await callBack(message.id, sid, 'sent')
  expect(await hilo.message(message.id)).toMatchObject({ status: 'sent', error: null })
})

test('looks that were made for another attempt do not count: the next look is three seconds away', async () => {
  hilo.simulator.faults.next('reset')
  const message = await send()
  await unconfirmed(message.id)
  const { parts } = hilo.server
  const kept = await parts.store.conversation({ orgId: 'default', agentId: 'a', scope: null }, conversationId)
  const head = await parts.store.claim('default', kept?.lineId ?? '', { now: clock.now(), leaseMs: 1, fence: 0 })
  if (head.state !== 'unconfirmed') throw new Error(head.state)
  let looks = 0
  rewriteList((listed) => {
    looks++
    return listed
  })
  // As a process remembers it that had this line before, lost its lease, and has it again.
  const line = { look: { of: 'an earlier message|1', made: 3, leftMs: 0 } }
  expect(await pursueUnconfirmed(parts, head.claim, line)).toBe(3_000)
  expect([looks, (await hilo.message(message.id)).status]).toEqual([0, 'unconfirmed'])
  // Meanwhile another process may have taken a callback: the line is claimed anew every five seconds, looked up or not.
  const steps = []
  for (let n = 0; n < 4; n++) steps.push(await pursueUnconfirmed(parts, head.claim, line))
  expect([steps, looks]).toEqual([[5_000, 5_000, 2_000, 5_000], 2])
})

test('a claim that is twenty seconds old when its request would be written is put back: another process may have it', async () => {
  const { store } = hilo.server.parts
  const parts = hilo.server.parts
  const entered = await store.enter(draft('default', randomUUID(), conversationId, { author: ANA, createdAt: clock.now() }), noChecks)
  if (entered.outcome !== 'created') throw new Error(entered.outcome)
  const head = await store.claim('default', entered.conversation.lineId, { now: clock.now(), leaseMs: 40_000, fence: 0 })
  if (head.state !== 'claimed') throw new Error(head.state)
  clock.sleep(21_000)
  const leave = createPacer(1).take(0, 1, clock.now())
  if (typeof leave === 'number') throw new Error('no leave')
  expect(await sendClaimed(parts, head.claim, 0, leave, (write) => write())).toMatchObject({ next: 'wait' })
  expect(await hilo.message(entered.message.id)).toMatchObject({ status: 'queued', twilioSid: null })
  expect(accepted()).toEqual([])
  await withSid(entered.message.id)
  expect(accepted()).toHaveLength(1)
})

describe('an automated message', () => {
  async function enterAutomated(): Promise<string> {
    const { store, dispatch } = hilo.server.parts
    const id = randomUUID()
    const entered = await store.enter(
      draft('default', id, conversationId, { author: REMINDER, text: 'Tu turno es mañana', createdAt: clock.now() }),
      noChecks,
    )
    if (entered.outcome !== 'created') throw new Error(entered.outcome)
    const { lineId, channel, sender } = entered.conversation
    dispatch.wake({ orgId: 'default', lineId, channel, sender, lane: 1, cost: 1, messageId: null })
    return id
  }

  test('goes again once', async () => {
    hilo.simulator.faults.next('reset')
    const id = await enterAutomated()
    await unconfirmed(id)
    await withSid(id)
    expect(accepted()).toHaveLength(1)
  })

  test('and the second time it fails, and its line goes on', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const id = await enterAutomated()
    await unconfirmed(id)
    const failed = await passUntil(id, (one) => one.status === 'failed', 170_000, 1_000)
    expect(failed.error?.reason).toBe('unsettled')
    hilo.simulator.phone(phone).set({ reset: 0 })
    const next = await send('y ahora una persona')
    await withSid(next.id, 5_000)
    expect(bodies()).toEqual(['y ahora una persona'])
  })
})

describe('a restart', () => {
  test('while the request is under way and the process dies: settled from the list, sent once', async () => {
    const kept = hilo.server.parts
    await hilo.server.close()
    // As a killed process leaves it: a claim whose request Twilio took.
    const store = await openStore(kept.config.databaseUrl, { clock, newId: kept.newId })
    const conversation = await store.conversation({ orgId: 'default', agentId: 'a', scope: null }, conversationId)
    const id = randomUUID()
    await store.enter(draft('default', id, conversationId, { text: 'hola', createdAt: clock.now() }), noChecks)
    const head = await store.claim('default', conversation?.lineId ?? '', { now: clock.now(), leaseMs: 40_000, fence: 1 })
    expect(head.state).toBe('claimed')
    await store.close()
    const sid = await sendElsewhere('hola')
    await hilo.restart()
    const found = await withSid(id, 60_000)
    expect(found.twilioSid).toBe(sid)
    expect(accepted()).toHaveLength(1)
  })

  test('between looks, again and again: not sent before a whole minute of one process', async () => {
    hilo.simulator.faults.next('reset')
    const message = await send()
    await unconfirmed(message.id)
    for (let start = 0; start < 3; start++) {
      await pass(clock, 40_000, 2_000)
      await hilo.restart()
    }
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    expect(accepted()).toHaveLength(0)
    await withSid(message.id)
    expect(accepted()).toHaveLength(1)
  })

  test('while it waits to be sent again, and while its author is asked', async () => {
    hilo.simulator.faults.next('reset')
    const message = await send()
    await unconfirmed(message.id)
    hilo.simulator.phone(phone).set({ refuseWith: 20429 })
    await passUntil(message.id, (one) => one.status === 'queued', 80_000, 1_000)
    await hilo.restart()
    expect((await hilo.message(message.id)).status).toBe('queued')
    hilo.simulator.faults.next('reset')
    hilo.simulator.phone(phone).set({ refuseWith: null })
    await passUntil(message.id, (one) => one.status === 'unconfirmed', 80_000, 1_000)
    await pass(clock, 80_000, 2_000)
    await hilo.restart()
    await pass(clock, 90_000, 2_000)
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    expect(accepted()).toHaveLength(0)
    const resent = await hilo.agent().call<{ message: Message }>('POST', `/api/messages/${message.id}/retry`)
    await withSid(resent.body.message.id, 5_000)
    expect(accepted()).toHaveLength(1)
  })
})

describe.runIf(process.env.MONGODB_URL)('two processes on one MongoDB', () => {
  test('the other takes the callback and the agent’s answer: the line goes on within seconds; each message once', async () => {
    await hilo.close()
    hilo = await startHilo({ clock, mongoUrl: process.env.MONGODB_URL ?? '' })
    await hilo.simulator.phone(phone).write('hola')
    conversationId = (await hilo.conversation(phone)).id
    const other = await createServer({ ...hilo.server.parts.config, port: 0 }, { clock })
    try {
      hilo.simulator.phone(phone).set({ reset: 1 })
      const first = await send('uno')
      await unconfirmed(first.id)
      hilo.simulator.phone(phone).set({ reset: 0 })
      const second = await send('dos')
      // The other process is told to discard it.
      const discarded = await fetch(`${other.url}/api/messages/${first.id}/cancel`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hilo.agent().token}` },
      })
      expect(discarded.status).toBe(200)
      await passUntil(second.id, (one) => one.twilioSid !== null, 7_000, 500)
      await pass(clock, 90_000, 3_000)
      expect(bodies()).toEqual(['dos'])
    } finally {
      await other.close()
    }
  })

  test('the one that looks dies, the other settles it: sent once', async () => {
    await hilo.close()
    hilo = await startHilo({ clock, mongoUrl: process.env.MONGODB_URL ?? '' })
    await hilo.simulator.phone(phone).write('hola')
    conversationId = (await hilo.conversation(phone)).id
    hilo.simulator.phone(phone).set(lose)
    const message = await send('uno')
    await unconfirmed(message.id)
    const other = await createServer({ ...hilo.server.parts.config, port: 0 }, { clock })
    try {
      await hilo.server.close()
      const viewer = { orgId: 'default', agentId: 'a', scope: null }
      await passTimeUntil(clock, async () => (await other.parts.store.message(viewer, message.id))?.twilioSid === sidsOf()[0], 90_000)
      expect(accepted()).toHaveLength(1)
    } finally {
      await other.close()
    }
  })
})
