// Twilio's lists as the gateway reads them, by the real SDK, from a server that answers as Twilio does with addresses of
// other channels (the simulator speaks WhatsApp and SMS alone).
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import type { TwilioSettings } from '../../server/config.ts'
import { createTwilioGateway } from '../../server/twilio/twilio-gateway.ts'

const accountSid = `AC${'0'.repeat(31)}1`
const service = `MG${'7'.repeat(32)}`
const client = '+14143387001'
const sidOf = (n: number) => `SM${String(n).padStart(32, '0')}`
const entry = (n: number, over: { from: string; to: string; [field: string]: unknown }) => ({
  sid: sidOf(n),
  account_sid: accountSid,
  api_version: '2010-04-01',
  body: `n${n}`,
  date_created: new Date().toUTCString(),
  date_sent: new Date().toUTCString(),
  date_updated: new Date().toUTCString(),
  direction: 'inbound',
  error_code: null,
  error_message: null,
  messaging_service_sid: service,
  num_media: '0',
  num_segments: '1',
  price: null,
  price_unit: null,
  status: 'received',
  ...over,
})
const outbound = { direction: 'outbound-api', status: 'sent', from: 'rcs:brand_agent' }
const entries = [
  entry(1, { from: `rcs:${client}`, to: 'rcs:brand_agent' }),
  entry(2, { from: 'messenger:446501', to: 'messenger:102542' }),
  entry(3, { from: client, to: '+15558675310' }),
  entry(4, { from: 'messenger:446501', to: 'messenger:102542', messaging_service_sid: null }),
  entry(5, { from: `whatsapp:${client}`, to: 'whatsapp:+14155238886' }),
  entry(6, { ...outbound, to: `rcs:${client}` }),
  entry(7, { ...outbound, to: client, from: '+15558675310' }),
  entry(8, { ...outbound, to: 'rcs:+14143387002' }),
]

let twilio: Server
let settings: TwilioSettings
beforeAll(async () => {
  twilio = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://twilio').searchParams
    const messages = entries.filter((one) => query.get('To') === null || one.to === query.get('To'))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ messages, next_page_uri: null, page: 0, page_size: 1000 }))
  })
  await new Promise<void>((resolve) => twilio.listen(0, '127.0.0.1', resolve))
  settings = {
    accountSid,
    authTokens: ['x'],
    apiKey: null,
    whatsappNumber: null,
    phoneNumber: null,
    messagingServiceSid: service,
    apiUrl: `http://127.0.0.1:${(twilio.address() as AddressInfo).port}`,
  }
})
afterAll(async () => {
  twilio.closeAllConnections()
  await new Promise((resolve) => twilio.close(resolve))
})
const gatewayOf = (over: Partial<TwilioSettings> = {}) =>
  createTwilioGateway({ settings: { ...settings, ...over }, clock: systemClock, statusCallback: null })

test('M29: what came by RCS is that client on SMS, what came by another channel is kept apart, what is not the service’s is left alone', async () => {
  const { items } = await gatewayOf().listInbound({ since: 0, page: null })
  expect(items.map(({ createdAt: _, ...one }) => one)).toEqual([
    {
      twilioSid: sidOf(1),
      channel: 'sms',
      sender: service,
      senderConfigured: true,
      address: client,
      phone: client,
      text: 'n1',
      mediaCount: 0,
    },
    {
      twilioSid: sidOf(2),
      channel: 'sms',
      sender: 'messenger:102542',
      senderConfigured: false,
      address: 'messenger:446501',
      phone: null,
      text: 'n2',
      mediaCount: 0,
    },
    {
      twilioSid: sidOf(3),
      channel: 'sms',
      sender: service,
      senderConfigured: true,
      address: client,
      phone: client,
      text: 'n3',
      mediaCount: 0,
    },
  ])
})

test('what a service sent is found also where Twilio upgraded it to RCS; without a service nobody asks for that', async () => {
  const query = { channel: 'sms', address: client, since: 0 } as const
  const sent = (await gatewayOf().listSent(query)).map((one) => one.twilioSid)
  expect(sent.sort()).toEqual([sidOf(6), sidOf(7)])
  const plain = await gatewayOf({ messagingServiceSid: null, phoneNumber: '+15558675310' }).listSent(query)
  expect(plain.map((one) => one.twilioSid)).toEqual([sidOf(7)])
})
