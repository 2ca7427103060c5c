// Twilio's REST API as the official SDK finds it.
import twilio from 'twilio'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { simulatorContents } from '../../server/simulator/content.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'
import {
  accountSid,
  authToken,
  client,
  ours,
  publicOrigin,
  Redirected,
  refusalOf,
  startWorld,
  statusUrl,
  type World,
} from './simulated-world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

describe('creating and fetching', () => {
  test('answers a complete message, queued, and later delivered', async () => {
    await world.simulator.phone(client).write('hola')
    const created = await world.send('¡Hola! ¿Cómo estás? 😀')
    expect(created).toMatchObject({
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      direction: 'outbound-api',
      body: '¡Hola! ¿Cómo estás? 😀',
      from: `whatsapp:${ours.whatsapp}`,
      to: `whatsapp:${client}`,
      numMedia: '0',
      numSegments: '1',
      price: null,
      priceUnit: 'USD',
      errorCode: null,
      messagingServiceSid: null,
      dateSent: null,
    })
    expect(Math.abs(created.dateCreated.getTime() - Date.now())).toBeLessThan(5000)
    const fetched = await until(async () => {
      const message = await world.sdk.messages(created.sid).fetch()
      return message.status === 'delivered' && message
    })
    expect(fetched.dateSent).toBeInstanceOf(Date)
    expect(fetched.price).toMatch(/^-0\.\d+$/)
  })

  test('leaves the sender to the service: accepted, from null, later chosen', async () => {
    await world.close()
    const service = 'MG00000000000000000000000000000001'
    world = await startWorld({ messagingServiceSid: service })
    const created = await world.sdk.messages.create({ messagingServiceSid: service, to: client, body: 'hola' })
    expect(created).toMatchObject({ status: 'accepted', from: null, messagingServiceSid: service, numSegments: '0' })
    const later = await until(async () => {
      const message = await world.sdk.messages(created.sid).fetch()
      return message.status === 'delivered' && message
    })
    expect(later).toMatchObject({ from: ours.sms, numSegments: '1' })
  })

  test('renders a template, with Twilio’s samples for what is missing', async () => {
    const saludo = simulatorContents[0]
    const created = await world.sdk.messages.create({
      from: `whatsapp:${ours.whatsapp}`,
      to: `whatsapp:${client}`,
      contentSid: saludo?.sid ?? '',
      contentVariables: JSON.stringify({ '1': 'Lucía' }),
    })
    expect(created.body).toBe('Hola Lucía, te escribimos de Ágora Eventos. ¿Podemos seguir por acá?')
    // Templates need no window.
    await until(() => world.simulator.phone(client).messages('whatsapp').length === 1)
    expect(world.simulator.ledger().accepted[0]).toMatchObject({
      contentSid: saludo?.sid,
      variables: { '1': 'Lucía' },
      status: 'delivered',
    })
  })

  test('takes an API key, and names each request', async () => {
    await world.close()
    const apiKey = { sid: 'SK00000000000000000000000000000001', secret: 'the-secret-of-the-key' }
    world = await startWorld({ apiKey })
    const sdk = twilio(apiKey.sid, apiKey.secret, { accountSid, httpClient: new Redirected(world.url) })
    const { body, headers } = await sdk.messages.createWithHttpInfo({ from: ours.sms, to: client, body: 'hola' })
    expect(body.status).toBe('queued')
    expect(headers).toMatchObject({ 'twilio-request-id': expect.stringMatching(/^RQ[0-9a-f]{32}$/) })
  })

  test('counts the segments of an SMS', async () => {
    const count = async (body: string) => (await world.send(body, `sms:${client}`)).numSegments
    expect(await count('x'.repeat(160))).toBe('1')
    expect(await count('x'.repeat(161))).toBe('2')
    expect(await count('ñ'.repeat(160))).toBe('1')
    expect(await count('á'.repeat(71))).toBe('2')
  })

  test('cancels what is scheduled, redacts, and deletes', async () => {
    await world.close()
    const service = 'MG00000000000000000000000000000001'
    world = await startWorld({ messagingServiceSid: service })
    const sendAt = new Date(Date.now() + 3_600_000)
    const { sid } = await world.sdk.messages.create({
      messagingServiceSid: service,
      to: client,
      body: 'hola',
      scheduleType: 'fixed',
      sendAt,
    })
    expect(await world.sdk.messages(sid).update({ status: 'canceled' })).toMatchObject({ status: 'canceled' })
    expect((await refusalOf(world.sdk.messages(sid).update({ status: 'canceled' }))).status).toBe(400)
    expect(await world.sdk.messages(sid).update({ body: '' })).toMatchObject({ body: '' })
    expect(await world.sdk.messages(sid).remove()).toBe(true)
    expect(await refusalOf(world.sdk.messages(sid).fetch())).toMatchObject({ code: 20404, status: 404 })
    expect(await world.sdk.messages.list()).toEqual([])
  })

  test('puts a trial account’s sentence in front', async () => {
    await world.close()
    world = await startWorld({ trial: true })
    expect((await world.send('hola')).body).toBe('Sent from your Twilio trial account - hola')
  })
})

describe('listing', () => {
  test('answers newest first, page after page, while more are written', async () => {
    const sids: string[] = []
    for (let i = 0; i < 7; i++) sids.unshift((await world.send(`n ${i}`, `sms:${client}`)).sid)
    const first = await world.sdk.messages.page({ pageSize: 3 })
    expect(first.instances.map(({ sid }) => sid)).toEqual(sids.slice(0, 3))
    await world.send('written meanwhile', `sms:${client}`)
    const second = await first.nextPage()
    expect(second?.instances.map(({ sid }) => sid)).toEqual(sids.slice(3, 6))
    const third = await second?.nextPage()
    expect(third?.instances.map(({ sid }) => sid)).toEqual(sids.slice(6))
    expect(await third?.nextPage()).toBeUndefined()
    expect(await world.sdk.messages.list({ pageSize: 2 })).toHaveLength(8)
    expect(await world.sdk.messages.list({ limit: 4 })).toHaveLength(4)
  })

  test('shows both directions, and filters by number in the form of the channel', async () => {
    await world.simulator.phone(client).write('one')
    await world.simulator.phone(client).write('two', { channel: 'sms' })
    await world.simulator.phone('+5491199998888').write('somebody else')
    await world.send('answer')
    const bodies = async (query: { to?: string; from?: string }) => (await world.sdk.messages.list(query)).map(({ body }) => body)
    expect(await bodies({ to: `whatsapp:${client}` })).toEqual(['answer'])
    expect(await bodies({ from: `whatsapp:${client}` })).toEqual(['one'])
    expect(await bodies({ from: client })).toEqual(['two'])
    expect(await bodies({ to: `whatsapp:${ours.whatsapp}` })).toEqual(['somebody else', 'one'])
    expect(await bodies({ from: `whatsapp:${ours.whatsapp}`, to: `whatsapp:${client}` })).toEqual(['answer'])
    expect(await bodies({ to: '+5491100000000' })).toEqual([])
    const [inbound] = await world.sdk.messages.list({ from: client })
    expect(inbound).toMatchObject({ direction: 'inbound', status: 'received', to: ours.sms })
  })

  test('filters by the date sent: from, until, and one whole day in GMT', async () => {
    await world.close()
    const clock = createManualClock(Date.UTC(2026, 10, 20, 23, 59, 30))
    world = await startWorld({ clock })
    const phone = world.simulator.phone(client)
    await phone.write('the 20th')
    await clock.advance(60_000)
    await phone.write('the 21st')
    const found = async (query: object) => (await world.sdk.messages.list(query)).map(({ body }) => body)
    expect(await found({ dateSentAfter: new Date(Date.UTC(2026, 10, 21)) })).toEqual(['the 21st'])
    expect(await found({ dateSentAfter: new Date(Date.UTC(2026, 10, 20, 23, 59, 30)) })).toEqual(['the 21st', 'the 20th'])
    expect(await found({ dateSentBefore: new Date(Date.UTC(2026, 10, 20, 23, 59, 59)) })).toEqual(['the 20th'])
    const raw = async (query: string) => {
      const response = await fetch(`${world.url}/2010-04-01/Accounts/${accountSid}/Messages.json?${query}`, {
        headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      })
      const { messages } = (await response.json()) as { messages: { body: string }[] }
      return messages.map(({ body }) => body)
    }
    expect(await raw('DateSent=2026-11-20')).toEqual(['the 20th'])
    expect(await raw('DateSent=2026-11-21')).toEqual(['the 21st'])
    expect(await raw('DateSent%3C=2026-11-20')).toEqual(['the 20th'])
    expect(await raw('DateSent%3E=2026-11-21')).toEqual(['the 21st'])
    // Not sent yet: no date, so no filter by date finds it.
    await world.sdk.messages.create({ from: ours.sms, to: client, body: 'not sent' })
    expect(await found({ dateSentAfter: new Date(Date.UTC(2026, 10, 1)), to: client })).toEqual([])
    expect(await found({ to: client })).toEqual(['not sent'])
  })

  test('shows a message only after a while when asked to, but fetches it at once', async () => {
    await world.close()
    const clock = createManualClock()
    world = await startWorld({ clock })
    world.simulator.faults.set({ listDelayMs: 10_000 })
    const { sid } = await world.send('late', `sms:${client}`)
    expect(await world.sdk.messages.list({ to: client })).toEqual([])
    expect((await world.sdk.messages(sid).fetch()).sid).toBe(sid)
    await clock.advance(9_999)
    expect(await world.sdk.messages.list({ to: client })).toEqual([])
    await clock.advance(1)
    expect((await world.sdk.messages.list({ to: client })).map((message) => message.sid)).toEqual([sid])
  })

  test('forgets the oldest beyond its limit, and nothing else', async () => {
    await world.close()
    world = await startWorld({ limit: 20 })
    const phone = world.simulator.phone(client)
    for (let i = 0; i < 21; i++) await phone.write(`n ${i}`)
    const bodies = (await world.sdk.messages.list({ from: `whatsapp:${client}` })).map(({ body }) => body)
    expect(bodies).toHaveLength(19)
    expect(bodies.at(0)).toBe('n 20')
    expect(bodies.at(-1)).toBe('n 2')
  })
})

describe('content and indicators', () => {
  test('lists the approved templates with their approval, page after page', async () => {
    const all = await world.sdk.content.v1.contentAndApprovals.list({ pageSize: 4 })
    expect(all.map(({ sid }) => sid)).toEqual(simulatorContents.map(({ sid }) => sid))
    expect(all[0]?.approvalRequests).toMatchObject({ status: 'approved', category: 'UTILITY' })
    expect((await world.sdk.content.v1.contents.list()).length).toBe(simulatorContents.length)
    const sid = simulatorContents[3]?.sid ?? ''
    expect((await world.sdk.content.v1.contents(sid).approvalFetch().fetch()).whatsapp).toMatchObject({ status: 'approved' })
    expect((await world.sdk.content.v1.contents(sid).fetch()).variables).toEqual({ '1': '12/1', '2': '3pm' })
    const named = await world.sdk.content.v2.contentAndApprovals.list({ contentName: 'saludo_pt' })
    expect(named.map(({ language }) => language)).toEqual(['pt_BR'])
    expect((await refusalOf(world.sdk.content.v1.contents('HX00000000000000000000000000000000').fetch())).status).toBe(404)
  })

  test('a typing indicator marks what the client wrote as read', async () => {
    const phone = world.simulator.phone(client)
    await phone.write('one')
    const { sid } = await phone.write('two')
    await world.sdk.messaging.v2.typingIndicator.create({ channel: 'whatsapp', messageId: sid })
    expect(phone.messages().map(({ seen }) => seen)).toEqual([true, true])
    const unknown = world.sdk.messaging.v2.typingIndicator.create({ channel: 'whatsapp', messageId: 'SM00000000000000000000000000000000' })
    expect((await refusalOf(unknown)).status).toBe(404)
  })
})

describe('refusing', () => {
  const sms = { from: ours.sms, to: client, body: 'hola' }
  const whatsapp = { from: `whatsapp:${ours.whatsapp}`, to: `whatsapp:${client}`, body: 'hola' }
  const content = { from: whatsapp.from, to: whatsapp.to, contentSid: simulatorContents[0]?.sid ?? '' }
  test.each<[number, string, object]>([
    [21211, 'no number', { ...sms, to: '+12' }],
    [21211, 'letters', { ...whatsapp, to: 'whatsapp:hola' }],
    [21211, 'our own number', { ...sms, to: ours.sms }],
    [21211, 'Twilio’s magic invalid number', { ...sms, to: '+15005550001' }],
    [21614, 'Twilio’s magic landline', { ...sms, to: '+15005550009' }],
    [21603, 'no sender', { to: client, body: 'hola' }],
    [21212, 'a sender that is no number', { ...sms, from: 'HILO' }],
    [21606, 'an SMS sender of others', { ...sms, from: '+15550001111' }],
    [63007, 'a WhatsApp sender of others', { ...whatsapp, from: 'whatsapp:+15550001111' }],
    [21910, 'two channels', { ...sms, to: whatsapp.to }],
    [21701, 'an unknown service', { messagingServiceSid: 'MG00000000000000000000000000000009', to: client, body: 'hola' }],
    [21602, 'no text at all', { from: ours.sms, to: client }],
    [21619, 'an empty text', { ...sms, body: '' }],
    [21617, 'a text too long', { ...sms, body: 'x'.repeat(1601) }],
    [21620, 'media without an address', { ...sms, mediaUrl: ['photo.jpg'] }],
    [21623, 'eleven media', { ...sms, mediaUrl: Array.from({ length: 11 }, (_, i) => `https://x.example.com/${i}.jpg`) }],
    [21609, 'an underscore in the callback’s host', { ...sms, statusCallback: 'https://my_host.example.com/s' }],
    [21609, 'a callback’s host without a domain', { ...sms, statusCallback: 'http://hilo:8080/s' }],
    [21609, 'a callback that is no address', { ...sms, statusCallback: '/status' }],
    [21655, 'an unknown template', { ...content, contentSid: 'HX00000000000000000000000000000000' }],
    [21656, 'variables that are no JSON', { ...content, contentVariables: '{1: Ana}' }],
    [21656, 'variables that are no object', { ...content, contentVariables: '["Ana"]' }],
    [21656, 'a variable that is no text', { ...content, contentVariables: '{"1":{"a":1}}' }],
    [21654, 'variables without a template', { ...sms, contentVariables: '{"1":"Ana"}' }],
    [35118, 'a later time without a service', { ...sms, scheduleType: 'fixed', sendAt: new Date(Date.now() + 3_600_000) }],
  ])('%i: %s', async (code, _, options) => {
    const refused = await refusalOf(world.sdk.messages.create(options as Parameters<World['sdk']['messages']['create']>[0]))
    expect(refused.code).toBe(code)
    expect(refused.status).toBe(code === 21701 ? 404 : 400)
    expect(world.simulator.ledger().accepted).toEqual([])
    expect(world.simulator.ledger().refused[0]?.refused.code).toBe(code)
  })

  test('lets this computer’s own callbacks and a text of 1600 through', async () => {
    await world.sdk.messages.create({ ...sms, body: 'x'.repeat(1600), statusCallback: 'http://localhost:8080/s' })
    await world.sdk.messages.create({ ...sms, statusCallback: 'http://127.0.0.1:8080/s' })
    expect(world.simulator.ledger().accepted).toHaveLength(2)
  })

  test('20003 with another token, another account or none', async () => {
    const other = twilio(accountSid, 'another-token', { httpClient: new Redirected(world.url) })
    expect(await refusalOf(other.messages.create(sms))).toMatchObject({ code: 20003, status: 401 })
    expect((await fetch(`${world.url}/2010-04-01/Accounts/${accountSid}/Messages.json`)).status).toBe(401)
    expect(world.simulator.ledger().accepted).toEqual([])
  })

  test('20404 for another account and for an unknown message', async () => {
    const other = twilio(accountSid, authToken, { accountSid: 'AC00000000000000000000000000000002', httpClient: new Redirected(world.url) })
    expect(await refusalOf(other.messages.create(sms))).toMatchObject({ code: 20404, status: 404 })
    expect(await refusalOf(world.sdk.messages('SM00000000000000000000000000000000').fetch())).toMatchObject({ code: 20404, status: 404 })
  })

  test('21610 after STOP by SMS, until START; WhatsApp is another matter', async () => {
    const phone = world.simulator.phone(client)
    await phone.write(' stop ', { channel: 'sms' })
    expect(await refusalOf(world.sdk.messages.create(sms))).toMatchObject({ code: 21610, status: 400 })
    expect(phone.messages('sms').map(({ automatic }) => automatic)).toEqual([false, true])
    await phone.write('hola')
    await world.send('on WhatsApp')
    await phone.write('START', { channel: 'sms' })
    await world.sdk.messages.create(sms)
    expect(world.simulator.ledger().accepted.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms'])
  })

  test('any code that a test asks for', async () => {
    world.simulator.faults.set({ refuseWith: 63038 }, client)
    expect(await refusalOf(world.sdk.messages.create(sms))).toMatchObject({ code: 63038, status: 429 })
    expect((await world.send('hola', 'sms:+5491199990000')).status).toBe('queued')
  })
})

test('a status callback address on the public origin reaches the application behind it', async () => {
  await world.simulator.phone(client).write('hola')
  const { sid } = await world.send('hola')
  const [sent] = await until(() => world.statuses(sid).length === 2 && world.statuses(sid))
  expect(publicOrigin + sent?.path).toBe(statusUrl)
})
