// The webhooks that the application gets: inbound messages and statuses, signed, in order, and as stubbornly as Twilio does it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'
import { accountSid, client, ours, refusalOf, startWorld, type World } from './simulated-world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

describe('inbound', () => {
  test('a WhatsApp text, signed, with the fields of WhatsApp', async () => {
    const written = await world.simulator.phone(client).write('Hola ¿qué tal? 😀\n& más', { profileName: 'María Ñandú' })
    expect(written).toEqual({ sid: expect.stringMatching(/^SM[0-9a-f]{32}$/), webhook: 'accepted', httpStatus: 200 })
    expect(world.webhooks).toHaveLength(1)
    expect(world.webhooks[0]).toMatchObject({ path: '/webhooks/twilio/message', valid: true })
    expect(world.webhooks[0]?.headers).toMatchObject({
      'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': expect.stringMatching(/^[0-9a-f-]{36}$/),
      host: 'inbox.example.com',
    })
    const { sid } = written
    expect(world.webhooks[0]?.fields).toEqual({
      MessageSid: sid,
      SmsSid: sid,
      SmsMessageSid: sid,
      AccountSid: accountSid,
      From: `whatsapp:${client}`,
      To: `whatsapp:${ours.whatsapp}`,
      Body: 'Hola ¿qué tal? 😀\n& más',
      NumMedia: '0',
      NumSegments: '1',
      ReferralNumMedia: '0',
      SmsStatus: 'received',
      ApiVersion: '2010-04-01',
      ProfileName: 'María Ñandú',
      WaId: client.slice(1),
      ExternalUserId: expect.stringMatching(/^whatsapp:AR\.[0-9A-Za-z]{8,128}$/),
      MessageType: 'text',
      Forwarded: 'false',
      FrequentlyForwarded: 'false',
      ChannelMetadata: JSON.stringify({ type: 'whatsapp', data: { context: { ProfileName: 'María Ñandú', WaId: client.slice(1) } } }),
    })
  })

  test('an SMS, with places and without anything of WhatsApp', async () => {
    await world.simulator.phone('+14155550100').write('hi', { channel: 'sms' })
    const { fields, valid } = world.webhooks[0] ?? { fields: {}, valid: false }
    expect(valid).toBe(true)
    expect(fields).toMatchObject({
      From: '+14155550100',
      To: ours.sms,
      FromCountry: 'US',
      FromState: 'CA',
      FromCity: 'SAN FRANCISCO',
      FromZip: '94103',
    })
    expect(Object.keys(fields).filter((name) => /^(WaId|ProfileName|MessageType|ChannelMetadata|ExternalUserId)$/.test(name))).toEqual([])
  })

  test('a person without a number, a quote, and fields that a test adds or leaves out', async () => {
    await world.simulator.phone('IN.2081978709342942').write('hi')
    expect(world.webhooks[0]?.fields).toMatchObject({
      From: 'whatsapp:IN.2081978709342942',
      ExternalUserId: 'whatsapp:IN.2081978709342942',
      ParentExternalUserId: 'whatsapp:IN.ENT.9081726354',
      ProfileUsername: 'muhsin',
      ProfileName: 'Muhsin',
    })
    expect(world.webhooks[0]?.fields.WaId).toBeUndefined()
    await world.simulator.phone(client).write('sí', { quote: 'SM000', fields: { ProfileName: null, 'From[$gt]': '' } })
    expect(world.webhooks[1]).toMatchObject({
      valid: true,
      fields: { OriginalRepliedMessageSid: 'SM000', OriginalRepliedMessageSender: `whatsapp:${ours.whatsapp}`, 'From[$gt]': '' },
    })
    expect(world.webhooks[1]?.fields.ProfileName).toBeUndefined()
  })

  test('a phone is one phone in both forms of its number, and writes from the form it has, with one id of WhatsApp', async () => {
    await world.simulator.phone('+554188887777').write('oi')
    await world.simulator.phone('+5541988887777').write('tudo bem?')
    await world.simulator.phone(client).write('hola')
    expect(world.webhooks.map(({ fields }) => fields.From)).toEqual([
      'whatsapp:+554188887777',
      'whatsapp:+5541988887777',
      `whatsapp:${client}`,
    ])
    const ids = world.webhooks.map(({ fields }) => fields.ExternalUserId)
    expect([ids[0], new Set(ids).size]).toEqual([ids[1], 2])
    const { sid } = await world.send('olá', '+5541988887777')
    await until(() => world.statuses(sid).some(({ fields }) => fields.MessageStatus === 'delivered'))
    expect(
      world.simulator
        .phone('+554188887777')
        .messages()
        .map(({ body }) => body),
    ).toEqual(['oi', 'tudo bem?', 'olá'])
  })

  test('says how it ended: refused, unreachable, withheld', async () => {
    const phone = world.simulator.phone(client)
    world.answer.with = () => 403
    expect(await phone.write('one')).toMatchObject({ webhook: 'refused', httpStatus: 403 })
    world.answer.with = () => null
    expect(await phone.write('two')).toMatchObject({ webhook: 'unreachable', httpStatus: null })
    world.answer.with = () => 200
    world.simulator.faults.next('lostWebhooks')
    expect(await phone.write('three')).toMatchObject({ webhook: 'lost', httpStatus: null })
    expect(await phone.write('four')).toMatchObject({ webhook: 'accepted' })
    // Twilio has them all the same.
    expect(await world.sdk.messages.list({ from: `whatsapp:${client}` })).toHaveLength(4)
    expect(world.simulator.ledger().inbound.map(({ webhook }) => webhook)).toEqual(['refused', 'unreachable', 'lost', 'accepted'])
  })
})

describe('repeating', () => {
  test('by default: once more when nobody listens, never for a slow or failing answer', async () => {
    world.answer.with = () => 500
    expect(await world.simulator.phone(client).write('one')).toMatchObject({ webhook: 'refused', httpStatus: 500 })
    expect(world.webhooks).toHaveLength(1)
    world.simulator.connect('https://inbox.example.com', 'http://127.0.0.1:1')
    expect(await world.simulator.phone(client).write('two')).toMatchObject({ webhook: 'unreachable' })
  })

  test('with overrides in the address, which are not signed: 5xx is repeated under one idempotency token', async () => {
    let calls = 0
    world.answer.with = () => (++calls < 3 ? 503 : 200)
    const actual = `http://127.0.0.1:${(world.application.address() as { port: number }).port}`
    world.simulator.connect('https://inbox.example.com/webhooks/twilio/message#rc=3&rp=5xx', actual)
    expect(await world.simulator.phone(client).write('hola')).toMatchObject({ webhook: 'accepted', httpStatus: 200 })
    expect(world.webhooks.map(({ valid }) => valid)).toEqual([true, true, true])
    expect(new Set(world.webhooks.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1)
  })

  test('with overrides for all addresses', async () => {
    await world.close()
    world = await startWorld({ retryWebhooks: { rc: 2, rp: ['all'] } })
    world.answer.with = () => 404
    expect(await world.simulator.phone(client).write('hola')).toMatchObject({ webhook: 'refused', httpStatus: 404 })
    expect(world.webhooks).toHaveLength(3)
  })

  test('an answer that does not come in time is given up', async () => {
    await world.close()
    world = await startWorld({ retryWebhooks: { rt: 100 } })
    world.application.removeAllListeners('request')
    world.application.on('request', () => {})
    expect(await world.simulator.phone(client).write('hola')).toMatchObject({ webhook: 'unreachable' })
  })

  test('twice on request, and late and out of order', async () => {
    await world.close()
    const clock = createManualClock()
    let turn = 0
    const delays = [0.9, 0.1, 0.5]
    world = await startWorld({ clock, random: () => delays[turn++ % delays.length] ?? 0 })
    const phone = world.simulator.phone(client)
    world.simulator.faults.set({ duplicateWebhooks: true })
    await phone.write('double')
    expect(world.webhooks.map(({ fields }) => fields.Body)).toEqual(['double', 'double'])
    expect(world.webhooks[0]?.fields.MessageSid).toBe(world.webhooks[1]?.fields.MessageSid)
    world.simulator.faults.set({ duplicateWebhooks: false, delayedWebhooks: true })
    const written = ['a', 'b', 'c'].map((text) => phone.write(text))
    for (const [afterMs, seen] of [
      [1_000, ['b']],
      [4_000, ['b', 'c']],
      [4_000, ['b', 'c', 'a']],
    ] as const) {
      await clock.advance(afterMs)
      await until(() => world.webhooks.length === 2 + seen.length)
      expect(world.webhooks.slice(2).map(({ fields }) => fields.Body)).toEqual(seen)
    }
    await Promise.all(written)
  })
})

describe('statuses', () => {
  test('WhatsApp: sent, delivered, and read when the client looks; none for the first status', async () => {
    const phone = world.simulator.phone(client)
    await phone.write('hola')
    const { sid } = await world.send('buenas')
    await until(() => world.statuses(sid).length === 2)
    phone.read()
    await until(() => world.statuses(sid).length === 3)
    expect(world.statuses(sid).map(({ fields, valid }) => [fields.MessageStatus, valid])).toEqual([
      ['sent', true],
      ['delivered', true],
      ['read', true],
    ])
    expect(world.statuses(sid)[2]?.fields).toMatchObject({
      SmsStatus: 'read',
      EventType: 'READ',
      ChannelPrefix: 'whatsapp',
      ChannelToAddress: '+549112233XXXX',
      To: `whatsapp:${client}`,
      From: `whatsapp:${ours.whatsapp}`,
      AccountSid: accountSid,
    })
    expect(world.simulator.ledger().accepted[0]?.statuses.map(({ status }) => status)).toEqual(['queued', 'sent', 'delivered', 'read'])
    // Nothing more to say.
    phone.read()
    await until(() => world.simulator.pending() === 0)
    expect(world.statuses(sid)).toHaveLength(3)
  })

  test('SMS: sent and delivered with the carrier’s time, never read', async () => {
    const { sid } = await world.send('hola', `sms:${client}`)
    await until(() => world.statuses(sid).length === 2)
    world.simulator.phone(client).read('sms')
    expect(world.statuses(sid)[1]?.fields.RawDlrDoneDate).toMatch(/^\d{10}$/)
    expect(world.statuses(sid)[1]?.fields.ChannelPrefix).toBeUndefined()
    expect((await world.sdk.messages(sid).fetch()).status).toBe('delivered')
  })

  test('a phone that reads by itself does so after its time', async () => {
    await world.close()
    const clock = createManualClock()
    world = await startWorld({ clock })
    const phone = world.simulator.phone(client)
    phone.set({ readAfterMs: 2000 })
    await phone.write('hola')
    const { sid } = await world.send('buenas')
    await clock.advance(1_500)
    await until(() => world.statuses(sid).length === 2)
    await clock.advance(1_000)
    await until(() => world.statuses(sid).at(-1)?.fields.MessageStatus === 'read')
  })

  test('callbacks of one message wait for one another', async () => {
    const phone = world.simulator.phone(client)
    await phone.write('hola')
    let inside = 0
    let most = 0
    world.application.prependListener('request', (_, response) => {
      most = Math.max(most, ++inside)
      response.on('close', () => inside--)
    })
    const { sid } = await world.send('buenas')
    await until(() => world.statuses(sid).length === 2)
    expect(most).toBe(1)
  })
})

describe('failing by callback', () => {
  const end = async (sid: string) => {
    const last = await until(() => world.statuses(sid).find(({ fields }) => /^(failed|undelivered)$/.test(fields.MessageStatus ?? '')))
    return [last.fields.MessageStatus, last.fields.ErrorCode]
  }
  test('63016: WhatsApp text to who never wrote, or not in the last 24 hours, or to another number of ours', async () => {
    await world.close()
    const clock = createManualClock()
    world = await startWorld({ clock })
    const { sid } = await world.send('hola')
    await clock.advance(10)
    expect(await end(sid)).toEqual(['failed', '63016'])
    expect(await world.sdk.messages(sid).fetch()).toMatchObject({ status: 'failed', errorCode: 63016 })

    const phone = world.simulator.phone(client)
    await phone.write('hola', { to: '+15550001111' })
    const second = await world.send('hola')
    await clock.advance(10)
    expect(await end(second.sid)).toEqual(['failed', '63016'])

    await phone.write('hola')
    await clock.advance(24 * 3_600_000 - 100)
    const inside = await world.send('still open')
    await clock.advance(10)
    await until(() => world.statuses(inside.sid).length === 2)
    await clock.advance(100)
    const outside = await world.send('closed')
    await clock.advance(10)
    expect(await end(outside.sid)).toEqual(['failed', '63016'])
    expect(phone.messages().map(({ body }) => body)).toEqual(['hola', 'hola', 'still open'])
  })

  test('an unknown window passes where the simulator is told to trust', async () => {
    await world.close()
    world = await startWorld({ trustUnknownWindows: true })
    const { sid } = await world.send('hola')
    await until(() => world.statuses(sid).at(-1)?.fields.MessageStatus === 'delivered')
  })

  test.each([
    ['not on WhatsApp', { notOnWhatsApp: true }, ['failed', '63003'], client],
    ['blocked', { blocked: true }, ['undelivered', '63024'], client],
    ['blocked by SMS', { blocked: true }, ['undelivered', '30004'], `sms:${client}`],
    ['any code', { failWith: 30008 }, ['undelivered', '30008'], `sms:${client}`],
  ])('%s', async (_, switches, expected, to) => {
    const phone = world.simulator.phone(client)
    await phone.write('hola')
    phone.set(switches)
    const { sid } = await world.send('buenas', to)
    expect(await end(sid)).toEqual(expected)
    expect(world.statuses(sid)).toHaveLength(1)
    expect(phone.messages().map(({ body }) => body)).toEqual(['hola'])
    const other = await world.send('buenas', 'sms:+5491199990000')
    await until(() => world.statuses(other.sid).at(-1)?.fields.MessageStatus === 'delivered')
  })

  test('a phone that is off gets what was sent when it is on again', async () => {
    const phone = world.simulator.phone(client)
    await phone.write('hola')
    phone.set({ phoneOff: true })
    const { sid } = await world.send('buenas')
    await until(() => world.statuses(sid).length === 1 && world.simulator.pending() === 0)
    expect(phone.messages()).toHaveLength(1)
    phone.set({ phoneOff: false })
    await until(() => world.statuses(sid).at(-1)?.fields.MessageStatus === 'delivered')
    expect(phone.messages()).toHaveLength(2)
  })
})

test('starting over forgets messages, switches, opt-outs and windows', async () => {
  const phone = world.simulator.phone(client)
  await phone.write('STOP', { channel: 'sms' })
  world.simulator.faults.set({ error500: true })
  world.simulator.reset()
  expect(world.simulator.ledger()).toEqual({ accepted: [], refused: [], inbound: [] })
  expect(phone.messages()).toEqual([])
  await world.send('hola', `sms:${client}`)
  expect(await world.sdk.messages.list()).toHaveLength(1)
  expect((await refusalOf(world.sdk.messages.create({ from: ours.sms, to: client }))).code).toBe(21602)
})
