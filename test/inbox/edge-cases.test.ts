// Rows of edge-cases.md through the whole server, by their numbers: whose a message is, what it is about, what its
// status tells whom, and what leaves.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { signRequest } from '../../server/simulator/signature.ts'
import { accountSid, authToken, ownNumbers, startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const apiKey = { sid: `SK${'0'.repeat(31)}1`, secret: 'the-secret-of-the-api-key' }
const service = `MG${'0'.repeat(31)}1`
let hilo: TestHilo
let serial = 0
const newPhone = () => `+549112500${String(1000 + ++serial)}`

beforeAll(async () => {
  hilo = await startHilo({
    env: { TWILIO_API_KEY: apiKey.sid, TWILIO_API_SECRET: apiKey.secret, TWILIO_MESSAGING_SERVICE_SID: service },
    simulator: { apiKey, messagingServiceSid: service, trustUnknownWindows: true },
  })
})
afterAll(() => hilo.close())

async function post(fields: Record<string, string>, { path = '/webhooks/twilio/message', token = authToken, to = hilo } = {}) {
  const all = { MessageSid: `SM${randomBytes(16).toString('hex')}`, AccountSid: accountSid, NumMedia: '0', ...fields }
  return await fetch(to.url + path, {
    method: 'POST',
    headers: { 'x-twilio-signature': signRequest(token, `https://inbox.example.com${path}`, all) },
    body: new URLSearchParams(all),
  })
}
const whatsapp = (phone: string, text = 'hola', more = {}) =>
  post({ From: `whatsapp:${phone}`, To: `whatsapp:${ownNumbers.whatsapp}`, Body: text, ...more })
const sms = (phone: string, text = 'hi', more = {}) => post({ From: phone, To: ownNumbers.sms, Body: text, ...more })
const all = async (query: string) =>
  (await hilo.agent().call<{ items: OwnConversation[] }>('GET', `/api/conversations?automated=true&${query}`)).body.items
const save = (id: string, phone: string, status = 'active') =>
  hilo.agent().call('PUT', `/api/coordinations/${id}`, { title: id, contact: { name: 'Sofía', phone }, status })

describe('whose it is', () => {
  test('I1, I2: a short number with a plus is somebody: made when unknown, found again', async () => {
    expect((await sms('+123456', 'testing2')).status).toBe(200)
    expect((await sms('+123456', 'testing3', { MessagingServiceSid: service })).status).toBe(200)
    const [found, ...others] = await until(async () => {
      const items = await all('q=testing3')
      return items.length > 0 && items
    })
    expect(others).toEqual([])
    expect(found).toMatchObject({ channel: 'sms', inboundCount: 2, status: 'open', contact: { name: '+1 23456', address: '+123456' } })
  })
  test('I1: through a service it comes to our number, and is answered from it', async () => {
    const phone = newPhone()
    await post({ From: phone, To: service, MessagingServiceSid: service, Body: 'por el servicio' })
    expect(await hilo.conversation(phone)).toMatchObject({ sender: ownNumbers.sms, canReply: true })
  })
  test('a sender with a name instead of a number is kept, and cannot be answered; a short code can', async () => {
    const agent = hilo.agent()
    for (const [from, canReply] of [
      ['MiBanco', false],
      ['22000', true],
    ] as const) {
      expect((await sms(from, `de ${from}`)).status).toBe(200)
      const [found] = await until(async () => {
        const items = await all(`q=de ${from}`)
        return items.length > 0 && items
      })
      expect(found).toMatchObject({ contact: { address: from, phone: null }, canReply })
      const send = (body: object) => agent.call('POST', '/api/messages', { conversationId: found?.id, ...body })
      expect(await send({ text: 'hola' })).toMatchObject(canReply ? { status: 202 } : { status: 422, body: { code: 'invalid_phone' } })
      expect((await send({ note: 'solo para el equipo' })).status).toBe(202)
    }
  })
  test('M29: what a client answers by RCS stands in the thread of their SMS', async () => {
    const phone = newPhone()
    const sent = await hilo.agent().send({ channel: 'sms', to: phone, text: '¿Confirmás?', wait: 'sent' })
    const rcs = { From: `rcs:${phone}`, To: 'rcs:brand_agent', MessagingServiceSid: service }
    expect((await post({ ...rcs, Body: '', ButtonText: 'Sí', ButtonPayload: 'yes' })).status).toBe(200)
    const status = { MessageSid: sent.twilioSid ?? '', MessageStatus: 'read', From: rcs.To, To: rcs.From, ChannelPrefix: 'rcs' }
    expect((await post(status, { path: '/webhooks/twilio/status' })).status).toBe(204)
    expect(await hilo.conversation(phone)).toMatchObject({ id: sent.conversationId, channel: 'sms', canReply: true, contact: { phone } })
    const [question, answer] = await hilo.messages(sent.conversationId)
    expect(question).toMatchObject({ status: 'read' })
    expect(answer).toMatchObject({ type: 'button', text: 'Sí', button: { payload: 'yes' } })
  })
  test('I12, I20: with or without its plus, a client is one, with the name of the profile', async () => {
    const phone = newPhone()
    await whatsapp(phone.slice(1), 'sin', { ProfileName: 'João' })
    await whatsapp(phone, 'con', { ProfileName: 'João' })
    expect(await hilo.conversation(phone)).toMatchObject({ inboundCount: 2, contact: { name: 'João', phone } })
  })
  test('P1, P2, P6: a Brazilian number is kept as it came, appended to, and preferred with its 9', async () => {
    await whatsapp('+5541988887777', 'um')
    await whatsapp('+5541988887777', 'dois')
    expect(await hilo.conversation('+5541988887777')).toMatchObject({ inboundCount: 2, contact: { phone: '+5541988887777' } })
    expect(await all('phone=%2B554188887777')).toHaveLength(1)
  })
  test('P11: a Mexican number that lacks a digit finds nobody else', async () => {
    await whatsapp('+521512345678', 'uno')
    await whatsapp('+5211512345678', 'otro')
    expect((await all('phone=%2B521512345678')).map((one) => one.inboundCount)).toEqual([1])
  })
  test('T10: two numbers of one account: To says whose inbox', async () => {
    const phone = newPhone()
    await whatsapp(phone)
    await sms(phone)
    const found = await all(`phone=${encodeURIComponent(phone)}`)
    expect(found.map((one) => one.sender).sort()).toEqual([ownNumbers.whatsapp, ownNumbers.sms].sort())
  })
})

describe('what it is about', () => {
  test('I24: of two open records that of the last message on the line; where that is closed, the only open one; else none', async () => {
    const phone = newPhone()
    await save('boda', phone)
    await save('cumple', phone)
    const recordOf = async (text: string) => {
      await sms(phone, text)
      return (await until(async () => (await all(`q=${text}`))[0])).coordinationId
    }
    expect(await recordOf('primera')).toBeNull()
    await hilo.agent().send({ channel: 'sms', to: phone, coordinationId: 'cumple', text: 'sobre el cumple' })
    expect(await recordOf('segunda')).toBe('cumple')
    await save('cumple', phone, 'done')
    expect(await recordOf('tercera')).toBe('boda')
    await save('boda', phone, 'canceled')
    expect(await recordOf('cuarta')).toBeNull()
  })
  test('I23: where the only record is over it is unfiled, with a hint of it', async () => {
    const phone = newPhone()
    await save('pasado', phone, 'done')
    await whatsapp(phone)
    expect(await hilo.conversation(phone)).toMatchObject({ coordinationId: null, hint: { coordinationId: 'pasado', title: 'pasado' } })
  })
})

describe('a status', () => {
  test('S1: has its time, and is told to those who look at that record’s thread alone', async () => {
    const phone = newPhone()
    await save('mirada', phone)
    await whatsapp(phone)
    const { id: conversationId } = await hilo.conversation(phone)
    const mine = await hilo.agent({ sub: 'mine', coordinations: ['mirada'] }).connect()
    const other = await hilo.agent({ sub: 'other', coordinations: ['otra'] }).connect()
    await mine.ask('viewing', { conversationId, replying: false })
    const sent = await hilo.agent().send({ conversationId, text: 'x' })
    const seen = (live: typeof mine) => live.changes.flatMap((one) => one.messages).filter((one) => one.id === sent.id)
    const delivered = await until(() => seen(mine).find((one) => one.status === 'delivered'))
    expect(delivered).toMatchObject({ sentAt: expect.any(String), deliveredAt: expect.any(String), failedAt: null })
    expect(other.changes).toEqual([])
    mine.close()
    other.close()
  })
  test('S17, S23: by its SID, however masked To is; canceled is canceled, not failed', async () => {
    const phone = newPhone()
    await whatsapp(phone)
    const { id: conversationId } = await hilo.conversation(phone)
    hilo.simulator.phone(phone).set({ phoneOff: true })
    const sent = await hilo.agent().send({ conversationId, text: 'x', wait: 'sent' })
    const from = `whatsapp:${ownNumbers.whatsapp}`
    const told = { MessageSid: sent.twilioSid ?? '', MessageStatus: 'canceled', From: from, To: 'whatsapp:+54911250XXXX' }
    expect((await post(told, { path: '/webhooks/twilio/status' })).status).toBe(204)
    const canceled = await hilo.messageWhen(sent.id, (message) => message.status === 'canceled')
    expect(canceled).toMatchObject({ error: null, failedAt: null })
  })
})

describe('what leaves', () => {
  test('O2: a message that has a SID is never sent again; retrying it is refused', async () => {
    const phone = newPhone()
    const sent = await hilo.agent().send({ channel: 'sms', to: phone, text: 'una vez', wait: 'sent' })
    expect(sent.twilioSid).toMatch(/^SM/)
    expect((await hilo.agent().call('POST', `/api/messages/${sent.id}/retry`)).status).toBe(409)
    await hilo.messageWhen(sent.id, (message) => message.status === 'delivered')
    expect((await hilo.agent().call('POST', `/api/messages/${sent.id}/retry`)).status).toBe(409)
    expect(hilo.simulator.ledger().accepted.filter((one) => one.to === phone)).toHaveLength(1)
  })
  test('O17: everything that was taken carries its own status callback', () => {
    const { accepted } = hilo.simulator.ledger()
    expect(accepted.length).toBeGreaterThan(2)
    const callbacks = accepted.map((one) => one.statusCallback)
    for (const callback of callbacks) expect(callback).toMatch(/^https:\/\/inbox\.example\.com\/webhooks\/twilio\/status\/[0-9a-f-]{36}$/)
    expect(new Set(callbacks).size).toBe(accepted.length)
  })
  test('O15: what Twilio refuses as opted out (21610) fails and says so', async () => {
    const phone = newPhone()
    hilo.simulator.phone(phone).set({ refuseWith: 21610 })
    const sent = await hilo.agent().send({ channel: 'sms', to: phone, text: 'x' })
    const failed: Message = await hilo.messageWhen(sent.id, (message) => message.status === 'failed')
    expect(failed.error).toMatchObject({ code: 21610, reason: 'opted_out', action: 'none' })
  })
})

describe('the keys', () => {
  test('T8: an API key sends; webhooks are signed with the auth token, never with its secret', async () => {
    const phone = newPhone()
    expect((await post({ From: phone, To: ownNumbers.sms, Body: 'x' }, { token: apiKey.secret })).status).toBe(403)
    expect((await sms(phone)).status).toBe(200)
    const sent = await hilo.agent().send({ channel: 'sms', to: phone, text: 'x', wait: 'sent' })
    expect(sent.twilioSid).toMatch(/^SM/)
  })
  test('T5: without an auth token nothing is taken, and the log says why', async () => {
    const bare = await startHilo({ env: { TWILIO_ACCOUNT_SID: '', TWILIO_AUTH_TOKEN: '' } })
    const answer = await post({ From: newPhone(), To: ownNumbers.sms, Body: 'x' }, { to: bare })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'signature_invalid' })
    expect((await bare.agent().call<{ items: [] }>('GET', '/api/messages')).body.items).toEqual([])
    expect(bare.log()).toContain('TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set')
    await bare.close()
  })
})
