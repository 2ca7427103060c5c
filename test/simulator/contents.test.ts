// Templates at Twilio's side: made, submitted, decided in WhatsApp's time, changed by it, and told of by signed events.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import twilio from 'twilio'
import type { ContentCreateRequest } from 'twilio/lib/rest/content/v1/content.js'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'
import { authToken, client, ours, publicOrigin, refusalOf, startWorld, type World } from './simulated-world.ts'

let clock: ManualClock
let world: World
beforeEach(async () => {
  clock = createManualClock()
  world = await startWorld({ clock, timing: { sentAfterMs: 1, deliveredAfterMs: 1, approvedAfterMs: 8_000 } })
})
afterEach(() => world.close())

const make = (over: object = {}) =>
  world.sdk.content.v1.contents.create({
    ...{ friendly_name: 'aviso', language: 'es', variables: { 1: 'Ana' }, types: { 'twilio/text': { body: 'Hola {{1}}, te esperamos.' } } },
    ...over,
  } as unknown as ContentCreateRequest)
const submit = (sid: string, name = 'aviso', category = 'UTILITY') =>
  world.sdk.content.v1.contents(sid).approvalCreate.create({ name, category })
const approval = async (sid: string) =>
  (await world.sdk.content.v1.contents(sid).approvalFetch().fetch()).whatsapp as unknown as Record<string, string>
const statusOf = async (sid: string) => (await approval(sid)).status
/** What was told of, once it was. */
const events = async (count: number) => {
  const told = () => world.webhooks.filter(({ path }) => path.startsWith('/webhooks/twilio/events'))
  await until(() => told().length >= count, { what: `${count} events` })
  return told()
}

describe('a content', () => {
  test('is made, fetched, listed and deleted, and a wrong one is refused', async () => {
    const { sid } = await make()
    expect(await world.sdk.content.v1.contents(sid).fetch()).toMatchObject({
      ...{
        friendlyName: 'aviso',
        language: 'es',
        variables: { 1: 'Ana' },
        types: { 'twilio/text': { body: 'Hola {{1}}, te esperamos.' } },
      },
    })
    expect(await statusOf(sid)).toBe('unsubmitted')
    const listed = async () => (await world.sdk.content.v2.contentAndApprovals.list({ contentName: 'aviso' })).map((one) => one.sid)
    expect(await listed()).toEqual([sid])
    await world.sdk.content.v1.contents(sid).remove()
    expect(await listed()).toEqual([])
    expect((await refusalOf(world.sdk.content.v1.contents(sid).remove())).status).toBe(404)
    for (const wrong of [{ language: '' }, { types: {} }, { types: { 'twilio/magic': {} } }, { variables: { 1: 1 } }])
      expect((await refusalOf(make(wrong))).status).toBe(400)
  })

  test('beyond a hundred in an hour is to come again later', async () => {
    for (let n = 0; n < 100; n++) world.simulator.contents.create({ friendlyName: `n${n}`, language: 'es', variables: {}, types: {} })
    expect(await refusalOf(make())).toMatchObject({ status: 429, code: 20429 })
    await clock.advance(3_600_001)
    expect((await make()).sid).toMatch(/^HX/)
  })
})

describe('an approval', () => {
  test('takes its time: received, pending, approved, each told of by an event that Twilio’s own validator takes', async () => {
    const { sid } = await make()
    expect((await submit(sid)).status).toBe('received')
    await clock.advance(2_000)
    expect(await statusOf(sid)).toBe('pending')
    await clock.advance(6_000)
    expect(await statusOf(sid)).toBe('approved')
    const [first, second] = await events(2)
    expect([first, second].map((one) => one?.event[0]?.data)).toMatchObject([
      { type: 'status_update', template: { sid, previousValue: 'received', currentValue: 'pending' } },
      { type: 'status_update', template: { sid, previousValue: 'pending', currentValue: 'approved' } },
    ])
    const { path = '', body = '', headers } = second ?? {}
    const signature = String(headers?.['x-twilio-signature'])
    expect(twilio.validateRequestWithBody(authToken, signature, publicOrigin + path, body)).toBe(true)
  })

  test('is refused for what is malformed, for a name that is there, and for one that was given up less than 30 days ago', async () => {
    const { sid } = await make()
    expect((await refusalOf(submit(sid, 'Aviso!'))).status).toBe(400)
    expect((await refusalOf(submit(sid, 'aviso', 'SPAM'))).status).toBe(400)
    await submit(sid)
    expect((await refusalOf(submit(sid))).status).toBe(400)
    const again = await make()
    expect((await refusalOf(submit(again.sid))).message).toContain('there already')
    await world.sdk.content.v1.contents(sid).remove()
    expect((await refusalOf(submit(again.sid))).status).toBe(400)
    clock.sleep(31 * 24 * 3_600_000)
    expect((await submit(again.sid)).status).toBe('received')
  })

  test('is rejected with a reason where the switch says so, or a variable stands at its edge', async () => {
    const edge = await make({ types: { 'twilio/text': { body: '{{1}}, te esperamos.' } } })
    await submit(edge.sid)
    await clock.advance(8_000)
    expect(await approval(edge.sid)).toMatchObject({ status: 'rejected', rejection_reason: 'INVALID_FORMAT' })
    world.simulator.faults.set({ templatesRejected: true })
    const other = await make()
    await submit(other.sid, 'otro')
    await clock.advance(8_000)
    expect((await approval(other.sid)).rejection_reason).toContain('category')
  })

  test('waits, is paused, becomes marketing and is disliked by the switches, and nothing tells of it where events are lost', async () => {
    const { sid } = await make()
    world.simulator.faults.set({ templatesWait: true })
    await submit(sid)
    await clock.advance(60_000)
    expect(await statusOf(sid)).toBe('pending')
    world.simulator.faults.set({ templatesWait: false })
    expect(await statusOf(sid)).toBe('approved')
    const before = (await events(2)).length
    world.simulator.faults.set({ lostTemplateEvents: 1 })
    world.simulator.faults.set({ templatesPaused: true })
    expect(await statusOf(sid)).toBe('paused')
    world.simulator.faults.set({ lostTemplateEvents: 0, templatesPaused: false, templatesMarketing: true, templatesDisliked: true })
    expect(await approval(sid)).toMatchObject({ status: 'approved', category: 'MARKETING' })
    const kinds = (await events(before + 1))[before]?.event.filter(({ data }) => data.template.sid === sid).map(({ data }) => data.type)
    expect(kinds).toEqual(['status_update', 'category_update', 'quality_update'])
  })
})

test('a message with a template fails as WhatsApp fails it: rejected, paused, disabled, or not approved outside the window', async () => {
  const { sid } = await make()
  const send = async () => {
    const sent = await world.sdk.messages.create({
      ...{ from: `whatsapp:${ours.whatsapp}`, to: `whatsapp:${client}`, contentSid: sid, contentVariables: '{"1":"Ana"}' },
    })
    await clock.advance(100)
    const { status, errorCode } = await world.sdk.messages(sent.sid).fetch()
    return errorCode ?? status
  }
  await world.simulator.phone(client).write('hola')
  expect(await send()).toBe('delivered')
  clock.sleep(25 * 3_600_000)
  expect(await send()).toBe(63016)
  await submit(sid)
  await clock.advance(8_000)
  expect(await send()).toBe('delivered')
  for (const [status, code] of [
    ['rejected', 63040],
    ['paused', 63041],
    ['disabled', 63042],
  ] as const) {
    world.simulator.contents.change(sid, 'status_update', status)
    expect(await send()).toBe(code)
  }
})
