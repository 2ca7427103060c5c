// STOP through the whole server: from the client's word to what no longer leaves, on every path; and what the host says and reads of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Contact, Message, OwnConversation } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { ownNumbers, startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

let hilo: TestHilo
let serial = 0
const newPhone = () => `+549112700${String(1000 + ++serial)}`

beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())

const host = () => hilo.agent({ sub: 'host', name: 'Host', role: 'service' })
const acceptedOf = (phone: string) => hilo.simulator.ledger().accepted.filter((one) => one.to === phone)
const send = (body: object) => hilo.agent().call<Problem & { message: Message }>('POST', '/api/messages', body)
const contactOf = async ({ contact }: OwnConversation) => (await hilo.agent().call<Contact>('GET', `/api/contacts/${contact.id}`)).body
const template = { name: 'appointment_reminder', variables: { date: 'hoy', time: '10' } }

async function client(...texts: string[]) {
  const phone = newPhone()
  for (const text of texts) await hilo.simulator.phone(phone).write(text)
  return { phone, conversation: await hilo.conversation(phone) }
}

describe('X1, O15: who wrote STOP', () => {
  test('gets neither text nor template any more; a note stays possible, and the thread and the contact tell', async () => {
    const { phone, conversation } = await client('hola', ' Baja. ')
    expect(conversation).toMatchObject({ optedOut: true, canReply: false, inboundCount: 2 })
    const to = { conversationId: conversation.id }
    for (const body of [{ text: 'hola' }, { template }, { text: 'hola', undoFor: 5 }])
      expect(await send({ ...to, ...body })).toMatchObject({ status: 409, body: { code: 'opted_out' } })
    expect(await send({ channel: 'whatsapp', to: phone, coordinationId: 'ev-other', template })).toMatchObject({
      body: { code: 'opted_out' },
    })
    expect((await send({ ...to, note: 'pidió la baja' })).status).toBe(202)
    expect((await hilo.messages(conversation.id)).map(({ type, event }) => [type, event?.name])).toEqual([
      ['text', undefined],
      ['text', undefined],
      ['event', 'opted_out'],
      ['note', undefined],
    ])
    const { optOuts } = await contactOf(conversation)
    expect(optOuts).toMatchObject([{ channel: 'whatsapp', sender: ownNumbers.whatsapp, scope: 'all', source: 'keyword' }])
    expect(acceptedOf(phone)).toEqual([])
  })

  test('is in again after START, which is a word like any other before that', async () => {
    const { phone, conversation } = await client('start')
    expect(await hilo.messages(conversation.id)).toHaveLength(1)
    await hilo.simulator.phone(phone).write('STOP')
    await hilo.simulator.phone(phone).write('Start')
    const sent = await hilo.agent().send({ conversationId: conversation.id, text: 'hola otra vez' })
    await hilo.messageWhen(sent.id, (one) => one.status === 'delivered')
    const events = (await hilo.messages(conversation.id)).flatMap(({ event }) => event?.name ?? [])
    expect(events).toEqual(['opted_out', 'opted_in'])
    expect(await contactOf(conversation)).toMatchObject({ optOuts: [] })
  })

  test('is told live, to everybody who sees the thread', async () => {
    const { phone, conversation } = await client('hola')
    const live = await hilo.agent({ sub: 'luis', name: 'Luis' }).connect()
    await hilo.simulator.phone(phone).write('STOP')
    const isTold = () =>
      live.changes.some(
        ({ conversations, messages }) =>
          conversations.some((one) => one.id === conversation.id && one.optedOut && !one.canReply) &&
          messages.some((one) => one.event?.name === 'opted_out'),
      )
    await until(isTold)
    live.close()
  })

  test('fails what was queued or planned before, and nothing of it reaches the phone', async () => {
    const { phone, conversation } = await client('hola')
    const to = { conversationId: conversation.id }
    hilo.simulator.phone(phone).set({ refuseWith: 20429 })
    const queued = [await hilo.agent().send({ ...to, text: 'uno' }), await hilo.agent().send({ ...to, text: 'dos' })]
    const held = await hilo.agent().send({ ...to, text: 'tres', undoFor: 1 })
    await hilo.simulator.phone(phone).write('stop')
    hilo.simulator.phone(phone).set({ refuseWith: null })
    for (const { id } of [...queued, held]) {
      const ended = await hilo.messageWhen(id, (one) => one.status === 'failed', 30_000)
      expect(ended.error).toMatchObject({ reason: 'opted_out', code: null })
      const again = await hilo.agent().call<Problem>('POST', `/api/messages/${id}/retry`)
      expect(again).toMatchObject({ status: 409, body: { code: 'opted_out' } })
    }
    expect(acceptedOf(phone)).toEqual([])
  })
})

test('X3: OptOutType is trusted over the words, and HELP changes nothing', async () => {
  const phone = newPhone()
  const write = (text: string, OptOutType: string) => hilo.simulator.phone(phone).write(text, { channel: 'sms', fields: { OptOutType } })
  await write('ayuda', 'HELP')
  expect(await hilo.conversation(phone)).toMatchObject({ optedOut: false })
  await write('no molesten más', 'STOP')
  const conversation = await hilo.conversation(phone)
  expect(conversation).toMatchObject({ optedOut: true, channel: 'sms' })
  expect(await contactOf(conversation)).toMatchObject({ optOuts: [{ channel: 'sms', source: 'twilio' }] })
  await write('volví', 'START')
  expect(await hilo.conversation(phone)).toMatchObject({ optedOut: false })
})

test('X5: CANCEL in a record’s thread on SMS opts out, and the line says that it may have meant the record', async () => {
  const phone = newPhone()
  const record = `turno-${phone}`
  await hilo.agent().call('PUT', `/api/coordinations/${encodeURIComponent(record)}`, { title: 'Turno', contact: { name: 'Sofía', phone } })
  const sent = await hilo.agent().send({ channel: 'sms', to: phone, coordinationId: record, text: 'Su turno es mañana a las 10.' })
  await hilo.messageWhen(sent.id, (one) => one.status === 'delivered')
  await hilo.simulator.phone(phone).write('Cancel', { channel: 'sms' })
  const conversation = await hilo.conversation(phone)
  expect(conversation).toMatchObject({ id: sent.conversationId, optedOut: true })
  expect((await hilo.messages(conversation.id)).at(-1)).toMatchObject({ type: 'event', event: { name: 'opted_out', ambiguous: true } })
})

test('21610: who opted out with Twilio alone is out here, too, and START opens again', async () => {
  const { phone, conversation } = await client('hola')
  hilo.simulator.phone(phone).set({ refuseWith: 21610 })
  const sent = await hilo.agent().send({ conversationId: conversation.id, text: 'uno' })
  await hilo.messageWhen(sent.id, (one) => one.status === 'failed')
  expect(await hilo.conversation(phone)).toMatchObject({ optedOut: true })
  expect(await send({ conversationId: conversation.id, text: 'dos' })).toMatchObject({ status: 409, body: { code: 'opted_out' } })
  const line = await until(async () => (await hilo.messages(conversation.id)).find((one) => one.type === 'event'))
  expect(line).toMatchObject({ event: { name: 'opted_out', scope: 'all', source: 'twilio' } })
  hilo.simulator.phone(phone).set({ refuseWith: null })
  await hilo.simulator.phone(phone).write('START')
  const next = await hilo.agent().send({ conversationId: conversation.id, text: 'tres' })
  await hilo.messageWhen(next.id, (one) => one.status === 'delivered')
})

test('of two clients and two channels, only the line that said so is out', async () => {
  const { phone } = await client('STOP')
  const other = await client('hola')
  const sms = await send({ channel: 'sms', to: phone, text: 'por SMS' })
  expect(sms.status).toBe(202)
  expect((await send({ conversationId: other.conversation.id, text: 'a otra persona' })).status).toBe(202)
})

describe('the host', () => {
  const list = async (by = host()) =>
    (
      await by.call<{ items: { contact: { phone: string }; scope: string; source: string; since: string }[] }>(
        'GET',
        '/api/opt-outs?limit=100',
      )
    ).body
  const since = '2026-01-05T10:00:00.000Z'

  test('says who opted out, with date and source, also of clients that nobody knew; what was said later stands', async () => {
    const [known, unknown, promotions] = [(await client('hola')).phone, newPhone(), newPhone()]
    const body = [
      { channel: 'whatsapp', to: known, since },
      { channel: 'whatsapp', to: unknown, since, source: 'host' },
      { channel: 'sms', to: promotions, scope: 'marketing', since },
      { channel: 'sms', to: '12' },
      { channel: 'sms', to: promotions, from: '+15550000001' },
      { channel: 'sms', to: promotions, since: new Date(Date.now() + 3600_000).toISOString() },
    ]
    const done = await host().call('POST', '/api/opt-outs/import', body)
    expect(done).toMatchObject({
      status: 200,
      body: {
        ...{ accepted: 3, changed: 3 },
        rejected: [
          { index: 3, code: 'invalid_phone' },
          { index: 4, code: 'no_sender' },
          { index: 5, code: 'validation_failed' },
        ],
      },
    })
    const again = await host().call('POST', '/api/opt-outs/import', body.slice(0, 3))
    expect(again.body).toEqual({ accepted: 3, changed: 0, rejected: [] })
    const mine = (await list()).items.filter((one) => [known, unknown, promotions].includes(one.contact.phone))
    expect(mine.map(({ contact, scope, source, since: at }) => [contact.phone, scope, source, at]).toSorted()).toEqual(
      [
        [known, 'all', 'import', since],
        [unknown, 'all', 'host', since],
        [promotions, 'marketing', 'import', since],
      ].toSorted(),
    )
    expect(await send({ channel: 'whatsapp', to: unknown, template })).toMatchObject({ body: { code: 'opted_out' } })
    expect((await send({ channel: 'sms', to: promotions, text: 'su turno' })).status, 'no promotion').toBe(202)
    const optIn = { channel: 'whatsapp', to: known, optedOut: false }
    expect((await host().call('POST', '/api/opt-outs', { ...optIn, since: '2025-12-01T10:00:00Z' })).body).toEqual({ changed: false })
    expect((await host().call('POST', '/api/opt-outs', optIn)).body).toEqual({ changed: true })
    expect(await hilo.conversation(known)).toMatchObject({ optedOut: false })
    const lines = (await hilo.messages((await hilo.conversation(known)).id)).flatMap(({ event }) => event ?? [])
    expect(lines).toMatchObject([
      { name: 'opted_out', source: 'import' },
      { name: 'opted_in', source: 'host' },
    ])
  })

  test('exports them as a table', async () => {
    const { phone } = await client('STOP')
    const csv = await host().call('GET', '/api/opt-outs', undefined, { accept: 'text/csv' })
    const [head, ...rows] = csv.text.trimEnd().split('\r\n')
    expect(head).toBe('channel,sender,address,phone,name,contactId,scope,since,source')
    expect(rows.some((row) => row.startsWith(`whatsapp,${ownNumbers.whatsapp},${phone},${phone},`) && row.endsWith(',keyword'))).toBe(true)
  })

  test.each([
    ['an agent', { role: 'agent' }, 403],
    ['a supervisor', { role: 'supervisor' }, 200],
    ['a supervisor of some records', { role: 'supervisor', coordinations: ['ev-1'] }, 403],
    ['the host', { role: 'service' }, 200],
  ])('%s asks for them: %i', async (_who, claims, status) => {
    const by = hilo.agent({ sub: 'someone', ...claims })
    const body = { channel: 'sms', to: newPhone() }
    expect((await by.call('GET', '/api/opt-outs')).status).toBe(status)
    expect((await by.call('POST', '/api/opt-outs', body)).status).toBe(status)
    expect((await by.call('POST', '/api/opt-outs/import', [body])).status).toBe(status)
  })
})
