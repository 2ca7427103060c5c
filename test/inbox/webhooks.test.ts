// Twilio's webhooks through the real server: what is taken in, what is refused, and what nobody may change
// (edge-cases.md, rows T, I, P and S).
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sender } from '../../shared/events.ts'
import type { Contact, Message, OwnConversation } from '../../shared/model.ts'
import { signRequest } from '../../server/simulator/signature.ts'
import { accountSid, authToken, ownNumbers, startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const publicUrl = 'https://inbox.example.com'
let hilo: TestHilo
let serial = 0
const newPhone = () => `+549112400${String(1000 + ++serial)}`
const newSid = () => `SM${randomBytes(16).toString('hex')}`

beforeAll(async () => {
  hilo = await startHilo({ env: { TWILIO_AUTH_TOKEN_PREVIOUS: 'the-token-of-last-month' }, simulator: { trustUnknownWindows: true } })
})
afterAll(() => hilo.close())

const fieldsOf = (more: Record<string, string> = {}): Record<string, string> => ({
  MessageSid: newSid(),
  AccountSid: accountSid,
  From: `whatsapp:${newPhone()}`,
  To: `whatsapp:${ownNumbers.whatsapp}`,
  Body: 'hola',
  NumMedia: '0',
  SmsStatus: 'received',
  ApiVersion: '2010-04-01',
  ...more,
})
interface PostOptions {
  path?: string
  token?: string
  signature?: string | null
  signedUrl?: string
  body?: string | Buffer
  contentType?: string
  headers?: Record<string, string>
}
/** Posts a form as Twilio does, right unless told otherwise. */
async function post(fields: Record<string, string>, options: PostOptions = {}) {
  hilo.hide(fields)
  const path = options.path ?? '/webhooks/twilio/message'
  const signature =
    options.signature === undefined
      ? signRequest(options.token ?? authToken, options.signedUrl ?? publicUrl + path, fields)
      : options.signature
  const response = await fetch(hilo.url + path, {
    method: 'POST',
    headers: {
      'content-type': options.contentType ?? 'application/x-www-form-urlencoded; charset=utf-8',
      ...(signature === null ? {} : { 'x-twilio-signature': signature }),
      ...options.headers,
    },
    body: options.body ?? new URLSearchParams(fields).toString(),
  })
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') }
}
const conversationsOf = async (phone: string) =>
  (await hilo.agent().call<{ items: OwnConversation[] }>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}&automated=true`))
    .body.items
const stored = async () => (await hilo.agent().call<{ items: Message[]; nextCursor: string | null }>('GET', '/api/messages?limit=100')).body

/** A GET as Twilio makes it where an operator chose that: the fields are the query, and what is signed is the address with it. */
async function get(fields: Record<string, string>, { path = '/webhooks/twilio/message', signed = (target: string) => target } = {}) {
  hilo.hide(fields)
  const target = `${path}?${new URLSearchParams(fields)}`
  const signature = signRequest(authToken, publicUrl + signed(target), {})
  const response = await fetch(hilo.url + target, { headers: { 'x-twilio-signature': signature } })
  await response.text()
  return response.status
}

describe('a webhook by GET', () => {
  test('is taken when its address is what was signed, message and status alike', async () => {
    const fields = fieldsOf({ Body: 'por GET: ¿llegó? & más' })
    expect(await get(fields)).toBe(200)
    const conversation = await hilo.conversation(fields.From?.slice(9) ?? '')
    expect(conversation).toMatchObject({ inboundCount: 1, lastMessage: { text: 'por GET: ¿llegó? & más' } })
    const sent = await hilo.agent().send({ conversationId: conversation.id, text: 'llegó', wait: 'sent' })
    const status = { MessageSid: sent.twilioSid ?? '', MessageStatus: 'read', AccountSid: accountSid }
    expect(await get(status, { path: `/webhooks/twilio/status/${sent.id}` })).toBe(204)
    expect((await hilo.message(sent.id)).status).toBe('read')
  })

  test.each<[string, (target: string) => string]>([
    ['another field', (target) => target.replace('Body=', 'Body=x')],
    ['a field less', (target) => target.replace(/&NumMedia=0/, '')],
    ['no query', (target) => target.replace(/\?.*/, '')],
    ['another path', (target) => target.replace('/message', '/status')],
  ])('is refused, and changes nothing, when %s was signed', async (_what, signed) => {
    const fields = fieldsOf({ Body: 'que nadie firmó' })
    const before = await stored()
    expect(await get(fields, { signed })).toBe(403)
    expect(await stored()).toEqual(before)
    expect(await conversationsOf(fields.From?.slice(9) ?? '')).toEqual([])
  })
})

describe('a right webhook', () => {
  test('T1: is answered with empty TwiML after the message is kept', async () => {
    const fields = fieldsOf({ ProfileName: 'João' })
    const answer = await post(fields)
    expect(answer).toEqual({ status: 200, type: 'text/xml', text: '<?xml version="1.0" encoding="UTF-8"?><Response/>' })
    const conversation = await hilo.conversation(fields.From?.slice(9) ?? '')
    expect(conversation).toMatchObject({ unread: 1, inboundCount: 1, status: 'open', contact: { name: 'João' } })
  })
  test('T4: its signature is over PUBLIC_URL, whatever Host and proxy headers say', async () => {
    expect((await post(fieldsOf(), { headers: { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example.com' } })).status).toBe(200)
  })
  test('the old address and a query in the configured URL are part of what is signed', async () => {
    expect((await post(fieldsOf(), { path: '/api/whatsapp/webhook' })).status).toBe(200)
    expect((await post(fieldsOf(), { path: '/webhooks/twilio/message?tenant=a+b&x=%271%27' })).status).toBe(200)
  })
  test('the previous token is accepted while it is rotated', async () => {
    expect((await post(fieldsOf(), { token: 'the-token-of-last-month' })).status).toBe(200)
  })
  test('T12: JSON is checked by its hash, then read like a form', async () => {
    const fields = fieldsOf({ Body: 'en JSON' })
    const body = JSON.stringify(fields)
    const path = `/webhooks/twilio/message?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
    const signature = signRequest(authToken, publicUrl + path, {})
    const type = 'application/json'
    expect((await post(fields, { path, body, signature, contentType: type })).status).toBe(200)
    expect((await post(fields, { path, body: body.replace('JSON', 'XML'), signature, contentType: type })).status).toBe(403)
    expect(await conversationsOf(fields.From?.slice(9) ?? '')).toHaveLength(1)
  })
  test('I6, I7: the same SID, one after the other and many at once, is one message', async () => {
    const fields = fieldsOf()
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(fields)))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect((await post(fields)).status).toBe(200)
    const conversation = await hilo.conversation(fields.From?.slice(9) ?? '')
    expect([conversation.inboundCount, conversation.unread, conversation.lastSeq]).toEqual([1, 1, 1])
  })
  test('unknown fields, also ones like Body[a], are signed and otherwise ignored', async () => {
    const fields = fieldsOf({ 'Body[a]': 'x', 'From[$gt]': '', __proto__x: 'y', constructor: 'z', Brandnew: '1' })
    expect((await post(fields)).status).toBe(200)
    const conversation = await hilo.conversation(fields.From?.slice(9) ?? '')
    expect(conversation.lastMessage?.text).toBe('hola')
  })
  test('I22: text is kept as it came', async () => {
    const text = `${'😀 שלום <script>alert(1)</script>\r\n'.repeat(50)}\u0007`
    const fields = fieldsOf({ Body: text })
    await post(fields)
    expect((await hilo.conversation(fields.From?.slice(9) ?? '')).lastMessage?.text).toBe(text)
  })
  test('T9: one for a number that is not configured is kept, unfiled, logged, and shown in the status, live', async () => {
    const phone = newPhone()
    const live = await hilo.agent().connect()
    const told: Sender[][] = []
    live.socket.on('channels', (channels: Sender[]) => told.push(channels))
    const host = hilo.agent({ sub: 'host', name: 'Host', role: 'service' })
    await host.call('PUT', `/api/coordinations/t9-${phone.slice(1)}`, { title: 'T9', contact: { name: 'T', phone } })
    expect((await post(fieldsOf({ From: `whatsapp:${phone}`, To: 'whatsapp:+15550009999' }))).status).toBe(200)
    expect(await hilo.conversation(phone)).toMatchObject({ sender: '+15550009999', coordinationId: null, canReply: false })
    expect(hilo.log()).toContain('not configured')
    const shown = { channel: 'whatsapp', sender: '+15550009999', ready: false, reason: expect.stringContaining('not configured') }
    expect((await hilo.agent().call<{ channels: Sender[] }>('GET', '/api/status')).body.channels.at(-1)).toMatchObject(shown)
    const limited = await hilo.agent({ coordinations: ['ev-1'] }).call<{ channels: Sender[] }>('GET', '/api/status')
    expect(limited.body.channels).toHaveLength(2)
    await post(fieldsOf({ From: `whatsapp:${phone}`, To: 'whatsapp:+15550009999' }))
    await until(() => told.length > 0)
    expect(told.map((channels) => channels.at(-1))).toEqual([expect.objectContaining(shown)])
    live.close()
  })
  test('M29: by a channel that Hilo does not speak: kept, unfiled, not answered, and shown among the channels', async () => {
    const from = `messenger:44650${Date.now()}`
    expect((await post(fieldsOf({ From: from, To: 'messenger:1025422', Body: 'Hi there', ProfileName: 'Mo' }))).status).toBe(200)
    expect((await post(fieldsOf({ From: from, To: 'messenger:1025422', Body: 'again' }))).status).toBe(200)
    const all = (await hilo.agent().call<{ items: OwnConversation[] }>('GET', '/api/conversations?unfiled=true&limit=100')).body.items
    const [kept, ...others] = all.filter((one) => one.contact.address === from)
    expect(others).toEqual([])
    expect(kept).toMatchObject({
      sender: 'messenger:1025422',
      coordinationId: null,
      canReply: false,
      inboundCount: 2,
      contact: { phone: null },
    })
    expect((await hilo.messages(kept?.id ?? '')).map((one) => one.text)).toEqual(['Hi there', 'again'])
    const answer = await hilo.agent().call('POST', '/api/messages', { conversationId: kept?.id, text: 'x' })
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([409, 'no_sender'])
    const { channels } = (await hilo.agent().call<{ channels: Sender[] }>('GET', '/api/status')).body
    const shown = channels.filter((one) => one.sender === 'messenger:1025422')
    expect(shown).toEqual([expect.objectContaining({ ready: false, reason: expect.stringContaining('not supported here') })])
  })
  test('a status posted to the message path is a status', async () => {
    const fields = fieldsOf()
    await post(fields)
    const conversation = await hilo.conversation(fields.From?.slice(9) ?? '')
    const sent = await hilo.agent().send({ conversationId: conversation.id, text: 'x' })
    const { twilioSid } = await hilo.messageWhen(sent.id, (one) => one.status === 'delivered')
    const answer = await post({ MessageSid: twilioSid ?? '', MessageStatus: 'read', AccountSid: accountSid, From: 'a', To: 'b' })
    expect(answer.status).toBe(204)
    expect((await hilo.message(sent.id)).status).toBe('read')
  })
  test('a message posted to the status path is a message', async () => {
    const fields = fieldsOf({ Body: 'por la otra puerta' })
    for (const path of ['/webhooks/twilio/status', '/webhooks/twilio/status/01a20018-0000-7000-8000-000000000000'])
      expect(await post(fields, { path })).toMatchObject({ status: 200, type: 'text/xml' })
    const conversation = await hilo.conversation(fields.From?.slice(9) ?? '')
    expect(conversation).toMatchObject({ inboundCount: 1, lastMessage: { text: 'por la otra puerta' } })
  })
  test('T13: what is neither is refused', async () => {
    const path = '/webhooks/twilio/status'
    expect((await post({ AccountSid: accountSid, MessageStatus: 'sent' }, { path })).status).toBe(400)
    expect((await post({ AccountSid: accountSid, MessageSid: newSid() }, { path })).status).toBe(400)
  })
})

describe('contacts', () => {
  test('I13: a name that nobody could see is none; a long one ends with a whole sign', async () => {
    const [unseen, long] = [newPhone(), newPhone()]
    await post(fieldsOf({ From: `whatsapp:${unseen}`, ProfileName: '\u3164\u200b' }))
    expect((await hilo.conversation(unseen)).contact.name.replace(/\D/g, '')).toBe(unseen.slice(1))
    await post(fieldsOf({ From: `whatsapp:${long}`, ProfileName: `${'x'.repeat(119)}😀` }))
    expect((await hilo.conversation(long)).contact.name).toBe('x'.repeat(119))
  })
  test('I13, I15: no profile name: the number; a later one names it; a given name stays', async () => {
    const phone = newPhone()
    const write = (more: Record<string, string>) => post(fieldsOf({ From: `whatsapp:${phone}`, ...more }))
    await write({ ProfileName: '  ' })
    expect((await hilo.conversation(phone)).contact.name.replace(/\D/g, '')).toBe(phone.slice(1))
    await write({ ProfileName: 'Carla' })
    const { contact } = await hilo.conversation(phone)
    expect(contact.name).toBe('Carla')
    await hilo.agent().call('PATCH', `/api/contacts/${contact.id}`, { name: 'Carla Ríos (novia)' })
    await write({ ProfileName: 'carlita' })
    expect((await hilo.conversation(phone)).contact.name).toBe('Carla Ríos (novia)')
  })
  test('I16: WhatsApp and SMS of one number are one contact in two threads', async () => {
    await post(fieldsOf({ From: 'whatsapp:+14155550100' }))
    await post(fieldsOf({ From: '+14155550100', To: ownNumbers.sms, FromCity: 'SAN FRANCISCO', FromState: 'CA' }))
    const [a, b] = await conversationsOf('+14155550100')
    expect(a?.contact.id).toBe(b?.contact.id)
    expect(new Set([a?.channel, b?.channel])).toEqual(new Set(['whatsapp', 'sms']))
    const contact = (await hilo.agent().call<Contact>('GET', `/api/contacts/${a?.contact.id}`)).body
    expect(contact.addresses.map((one) => one.channel).sort()).toEqual(['sms', 'whatsapp'])
    expect(contact.attributes).toMatchObject({ city: 'SAN FRANCISCO', state: 'CA' })
  })
  test.each([
    ['P3 Brazil', '+554188880001', '+5541988880001'],
    ['P8 Argentina', '+541123450001', '+5491123450001'],
    ['P10 Mexico', '+525512340001', '+5215512340001'],
  ])('%s: both forms are one contact, one thread; P14 the answer goes to the one written from last', async (_, first, second) => {
    await post(fieldsOf({ From: `whatsapp:${first}` }))
    const before = (await conversationsOf(first))[0]
    await post(fieldsOf({ From: `whatsapp:${second}` }))
    const [after, ...more] = await conversationsOf(second)
    expect(after?.contact.id).toBe(before?.contact.id)
    expect(more).toEqual([])
    expect(after).toMatchObject({ id: before?.id, inboundCount: 2, contact: { address: second } })
    const sent = await hilo.agent().send({ conversationId: after?.id, text: 'x', wait: 'sent' })
    expect(hilo.simulator.ledger().accepted.find((one) => one.sid === sent.twilioSid)?.to).toBe(second)
  })
  test('P15: a client who hides the number has a thread, and gets answers at the id', async () => {
    const id = 'IN.2081978709342942'
    await post(
      fieldsOf({
        From: `whatsapp:${id}`,
        ExternalUserId: id,
        ParentExternalUserId: 'IN.ENT.9081726354',
        ProfileName: 'Muhsin',
        ProfileUsername: 'muhsin',
      }),
    )
    const { items } = (await hilo.agent().call<{ items: OwnConversation[] }>('GET', '/api/conversations?q=Muhsin')).body
    expect(items[0]).toMatchObject({ contact: { name: 'Muhsin', phone: null, address: id } })
    const sent = await hilo.agent().send({ conversationId: items[0]?.id, text: 'hola', wait: 'sent' })
    expect(hilo.simulator.ledger().accepted.find((one) => one.sid === sent.twilioSid)?.to).toBe(id)
  })
  test.each([
    ['hides the number later', 'Kavya', (phone: string, id: string) => [phone, id]],
    ['shows the number later', 'Meera', (phone: string, id: string) => [id, phone]],
  ])('P15: who %s is the same client in the same thread, by the id that comes with the number', async (_what, name, order) => {
    const [phone, id] = [newPhone(), `IN.${randomInt(1e12)}`]
    const [first, second] = order(phone, id)
    for (const from of [first, second]) await post(fieldsOf({ From: `whatsapp:${from}`, ExternalUserId: id, ProfileName: name }))
    const { items } = (await hilo.agent().call<{ items: OwnConversation[] }>('GET', `/api/conversations?q=${name}`)).body
    expect(items).toMatchObject([{ inboundCount: 2, contact: { name, address: second } }])
  })
  test.each<[what: string, name: string, change: (before: { phone: string; id: string }) => Record<string, string>]>([
    ['a new number, told by the old one', 'Anjali', ({ phone }) => ({ From: `whatsapp:${newPhone()}`, PreviousFrom: `whatsapp:${phone}` })],
    [
      'a new number and a new id, told by the old id',
      'Divya',
      ({ id }) => ({ From: `whatsapp:${newPhone()}`, ExternalUserId: `${id}9`, PreviousExternalUserId: id }),
    ],
    [
      'a new id, and no number any more',
      'Ishita',
      ({ id }) => ({ From: `whatsapp:${id}9`, ExternalUserId: `${id}9`, PreviousExternalUserId: id }),
    ],
    [
      'a new number, told by WhatsApp alone before anything is written',
      'Lavanya',
      ({ phone }) => ({ From: `whatsapp:${newPhone()}`, PreviousWaId: phone.slice(1), MessageType: 'system', Body: '' }),
    ],
  ])('an identity that changes: %s; the thread goes on, and answers go to the new one', async (_what, name, change) => {
    const before = { phone: newPhone(), id: `IN.${randomInt(1e12)}` }
    await post(fieldsOf({ From: `whatsapp:${before.phone}`, ExternalUserId: before.id, ProfileName: name }))
    const after = change(before)
    await post(fieldsOf({ ProfileName: name, ...after }))
    const address = after.From?.slice('whatsapp:'.length)
    const { items } = (await hilo.agent().call<{ items: OwnConversation[] }>('GET', `/api/conversations?q=${name}`)).body
    expect(items).toMatchObject([{ inboundCount: 2, contact: { name, address } }])
    await post(
      fieldsOf({ ...after, MessageType: 'text', Body: 'sigo acá', PreviousFrom: '', PreviousWaId: '', PreviousExternalUserId: '' }),
    )
    const again = (await hilo.agent().call<{ items: OwnConversation[] }>('GET', `/api/conversations?q=${name}`)).body
    expect(again.items).toMatchObject([{ id: items[0]?.id, inboundCount: 3 }])
    const sent = await hilo.agent().send({ conversationId: items[0]?.id, text: 'hola', wait: 'sent' })
    expect(hilo.simulator.ledger().accepted.find((one) => one.sid === sent.twilioSid)?.to).toBe(address)
  })
  test('who says to have been somebody else, and is known already, stays who they are; both show the conflict', async () => {
    const [one, other] = [newPhone(), newPhone()]
    const [oneId, otherId] = [`IN.${randomInt(1e12)}`, `IN.${randomInt(1e12)}`]
    await post(fieldsOf({ From: `whatsapp:${one}`, ExternalUserId: oneId, ProfileName: 'Nisha' }))
    await post(fieldsOf({ From: `whatsapp:${other}`, ExternalUserId: otherId, ProfileName: 'Omkar' }))
    await post(fieldsOf({ From: `whatsapp:${other}`, ExternalUserId: otherId, PreviousExternalUserId: oneId, ProfileName: 'Omkar' }))
    const [nisha, omkar] = [await hilo.conversation(one), await hilo.conversation(other)]
    expect([nisha.inboundCount, omkar.inboundCount]).toEqual([1, 2])
    const contact = async (id: string) => (await hilo.agent().call<Contact>('GET', `/api/contacts/${id}`)).body
    expect((await contact(omkar.contact.id)).conflict).toBe(nisha.contact.id)
    expect((await contact(nisha.contact.id)).conflict).toBe(omkar.contact.id)
  })
  test('I9: writing to a closed or snoozed thread opens it again', async () => {
    const fields = fieldsOf()
    await post(fields)
    const phone = fields.From?.slice(9) ?? ''
    const { id } = await hilo.conversation(phone)
    for (const status of ['closed', 'snoozed']) {
      await hilo
        .agent()
        .call('PATCH', `/api/conversations/${id}`, { status, snoozedUntil: status === 'snoozed' ? '2030-01-01T00:00:00Z' : null })
      expect((await hilo.conversation(phone)).status).toBe(status)
      await post(fieldsOf({ From: fields.From ?? '' }))
      expect(await hilo.conversation(phone)).toMatchObject({ id, status: 'open', snoozedUntil: null })
    }
  })
  test('M27: a reaction of a stranger leaves no ghost; of a known client a line, and later messages still flow', async () => {
    const phone = newPhone()
    const write = (more: Record<string, string>) => post(fieldsOf({ From: `whatsapp:${phone}`, ...more }))
    expect((await write({ MessageType: 'reaction', Body: '' })).status).toBe(200)
    expect(await conversationsOf(phone)).toEqual([])
    await write({})
    await write({ MessageType: 'reaction', Body: '' })
    await write({ Body: 'sigo' })
    expect(await hilo.conversation(phone)).toMatchObject({ inboundCount: 3, lastMessage: { text: 'sigo' } })
  })
})

test('M28: an unsupported message of a stranger makes contact, thread and placeholder: it may be a lead', async () => {
  const phone = newPhone()
  await post(
    fieldsOf({ From: `whatsapp:${phone}`, MessageType: 'unsupported', Body: '', ReferralSourceId: '120210', ReferralSourceType: 'ad' }),
  )
  const conversation = await hilo.conversation(phone)
  expect(conversation).toMatchObject({ inboundCount: 1, unread: 1 })
  expect(await hilo.messages(conversation.id)).toMatchObject([{ type: 'unsupported', text: '', referral: { sourceId: '120210' } }])
})

describe('status callbacks', () => {
  const deliver = async () => {
    const fields = fieldsOf()
    await post(fields)
    const phone = fields.From?.slice(9) ?? ''
    hilo.simulator.phone(phone).set({ lostCallbacks: 1 })
    const conversation = await hilo.conversation(phone)
    const sent = await hilo.agent().send({ conversationId: conversation.id, text: 'x', wait: 'sent' })
    const tell = (status: string, more: Record<string, string> = {}) =>
      post(
        {
          MessageSid: sent.twilioSid ?? '',
          MessageStatus: status,
          AccountSid: accountSid,
          To: `whatsapp:${phone}`,
          From: `whatsapp:${ownNumbers.whatsapp}`,
          ...more,
        },
        { path: `/webhooks/twilio/status/${sent.id}` },
      )
    return { sent, tell, phone }
  }
  test('S3, S4: a failure keeps Twilio’s words, or ours where it has none', async () => {
    const { sent, tell } = await deliver()
    expect((await tell('failed', { ErrorCode: '30008', ErrorMessage: 'Unknown error' })).status).toBe(204)
    expect((await hilo.message(sent.id)).error).toEqual({ code: 30008, reason: 'carrier', message: 'Unknown error', action: 'retry' })
    const other = await deliver()
    await other.tell('undelivered')
    expect((await hilo.message(other.sent.id)).error).toMatchObject({ code: null, reason: 'unknown', message: expect.stringMatching(/\w/) })
  })
  test('S6: what is lower or unknown changes nothing', async () => {
    const { sent, tell } = await deliver()
    await tell('sent')
    const before = await hilo.message(sent.id)
    for (const status of ['queued', 'sending', 'accepted', 'deleted', 'foo', '']) expect((await tell(status)).status).toBeLessThan(300)
    expect(await hilo.message(sent.id)).toEqual(before)
  })
  test('S13: a receipt heals a failure, a failure does not undo a receipt', async () => {
    const { sent, tell } = await deliver()
    await tell('failed', { ErrorCode: '30008' })
    await tell('delivered')
    expect(await hilo.message(sent.id)).toMatchObject({ status: 'delivered', error: null })
    await tell('failed', { ErrorCode: '30008' })
    expect(await hilo.message(sent.id)).toMatchObject({ status: 'delivered', error: null })
  })
  test('S14: a repeat is one change, told once', async () => {
    const { sent, tell } = await deliver()
    const live = await hilo.agent().connect()
    await live.ask('viewing', { conversationId: sent.conversationId, replying: false })
    await Promise.all([tell('delivered'), tell('delivered'), tell('delivered')])
    await tell('read')
    await hilo.messageWhen(sent.id, (one) => one.status === 'read')
    const rows = await live.ask<{ items: unknown[] }>('messages:list', { conversationId: sent.conversationId })
    expect(rows.ok).toBe(true)
    const told = live.changes.flatMap((event) => event.messages).filter((one) => one.id === sent.id)
    expect(told.map((one) => one.status)).toEqual(['delivered', 'read'])
    live.close()
  })
  test('S16: a late status of a closed thread reopens nothing and is unread by nobody', async () => {
    const { sent, tell, phone } = await deliver()
    await hilo.agent().call('PATCH', `/api/conversations/${sent.conversationId}`, { status: 'closed' })
    await tell('read')
    expect(await hilo.conversation(phone)).toMatchObject({ status: 'closed', unread: 0 })
  })
  test('a callback for an unknown SID is kept, and its id in the path is not trusted over a known SID', async () => {
    const [a, b] = [await deliver(), await deliver()]
    const answer = await post(
      { MessageSid: a.sent.twilioSid ?? '', MessageStatus: 'delivered', AccountSid: accountSid, To: 'x', From: 'y' },
      { path: `/webhooks/twilio/status/${b.sent.id}` },
    )
    expect(answer.status).toBe(204)
    expect((await hilo.message(a.sent.id)).status).toBe('delivered')
    expect((await hilo.message(b.sent.id)).status).toBe('sending')
    expect(
      (await post({ MessageSid: newSid(), MessageStatus: 'sent', AccountSid: accountSid }, { path: '/webhooks/twilio/status' })).status,
    ).toBe(204)
  })
})

describe('a hundred bad requests', () => {
  test('change nothing, get the documented answers, and leave nothing in the log that must not be there', async () => {
    const phone = newPhone()
    const right = fieldsOf({ From: `whatsapp:${phone}`, Body: 'texto que nadie debe ver' })
    const replayed = fieldsOf()
    await post(replayed)
    const before = await stored()
    const bad: [number, () => Promise<{ status: number }>][] = []
    const unsigned: (string | null)[] = [
      null,
      '',
      'x',
      'A'.repeat(28),
      '='.repeat(28),
      'ñandú',
      signRequest('wrong-token', `${publicUrl}/webhooks/twilio/message`, right),
    ]
    for (const signature of unsigned)
      for (const path of [
        '/webhooks/twilio/message',
        '/api/whatsapp/webhook',
        '/webhooks/twilio/status',
        '/webhooks/twilio/status/one-message',
      ])
        bad.push([403, () => post(right, { signature: signature === 'ñandú' ? 'nandu' : signature, path })])
    for (const [name, value] of [
      ['Body', 'otra cosa'],
      ['From', 'whatsapp:+5491100000000'],
      ['MessageSid', newSid()],
      ['Extra', 'x'],
    ])
      bad.push([
        403,
        () =>
          post(
            { ...right, [name as string]: value as string },
            { signature: signRequest(authToken, `${publicUrl}/webhooks/twilio/message`, right) },
          ),
      ])
    for (const signedUrl of [
      'http://inbox.example.com/webhooks/twilio/message',
      `${publicUrl}/webhooks/twilio/message/`,
      `${publicUrl}/webhooks/twilio/status`,
      `${publicUrl}/webhooks/twilio/message?x=1`,
    ])
      bad.push([403, () => post(right, { signedUrl })])
    for (const account of ['AC00000000000000000000000000000009', '', 'AC']) bad.push([403, () => post({ ...right, AccountSid: account })])
    for (const change of [
      { From: '' },
      { To: '' },
      { MessageSid: '' },
      { MessageSid: 'SM1' },
      { MessageSid: `${newSid()}0` },
      { MessageSid: `SM${'g'.repeat(32)}` },
      { From: 'messenger:' },
      { From: 'whatsapp:' },
      { From: 'whatsapp:+' },
      { From: '{"$gt":""}' },
      { From: "' OR 1=1 --" },
      { From: 'whatsapp:../../etc/passwd' },
      { From: `+${'9'.repeat(40)}` },
    ]) {
      bad.push([400, () => post({ ...right, MessageSid: newSid(), ...change } as Record<string, string>)])
    }
    for (const name of ['From', 'To', 'MessageSid']) {
      const { [name]: _, ...rest } = { ...right, MessageSid: newSid() } as Record<string, string>
      bad.push([400, () => post(rest)])
      bad.push([400, () => post({ ...rest, [`${name}[$gt]`]: '' })])
    }
    for (const path of ['/webhooks/twilio/status', '/webhooks/twilio/status/nope']) {
      bad.push([400, () => post({ AccountSid: accountSid, MessageStatus: 'sent' }, { path })])
      bad.push([400, () => post({ AccountSid: accountSid, MessageSid: newSid() }, { path })])
      bad.push([400, () => post({ AccountSid: accountSid, MessageSid: 'x', MessageStatus: 'sent' }, { path })])
    }
    for (let i = 0; i < 8; i++) bad.push([413, () => post({ ...right, Body: 'x'.repeat(70_000 + i) })])
    for (let i = 0; i < 20; i++) bad.push([200, () => post(replayed)])
    for (const body of ['{', '[]', 'null', '"x"', '{"AccountSid":{"$gt":""}}'])
      bad.push([
        403,
        () =>
          post(
            {},
            { body, contentType: 'application/json', signature: signRequest(authToken, `${publicUrl}/webhooks/twilio/message`, {}) },
          ),
      ])
    for (const path of ['/webhooks/twilio/nope', '/webhooks/', '/webhooks/twilio/message/x']) bad.push([404, () => post(right, { path })])
    expect(bad.length).toBeGreaterThanOrEqual(100)

    const answers = await Promise.all(bad.map(async ([expected, request]) => [expected, (await request()).status]))
    expect(answers.filter(([expected, status]) => expected !== status)).toEqual([])
    expect(await stored()).toEqual(before)
    expect(await conversationsOf(phone)).toEqual([])
    const log = hilo.log()
    for (const secret of [
      'texto que nadie debe ver',
      'one-message',
      phone,
      phone.slice(1),
      authToken,
      'wrong-token',
      hilo.agent().token.split('.')[2] ?? '?',
    ])
      expect(log.includes(secret), secret).toBe(false)
  })
})
