// Anything at all into what reads foreign input: an answer or the documented error, never another one, and always soon.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import * as requests from '../../shared/requests.ts'
import { formatPhone, parsePhone } from '../../shared/parse-phone.ts'
import { identityKeys, normalisedAddress } from '../../shared/phone.ts'
import { signRequest } from '../../server/simulator/signature.ts'
import { createSenders } from '../../server/outbox/senders.ts'
import { NotAMessage, parseInbound } from '../../server/twilio/parse-inbound.ts'
import { verifyBody, verifyForm } from '../../server/twilio/verify-signature.ts'
import { accountSid, authToken, ownNumbers, startHilo, type TestHilo } from '../support/hilo.ts'

const senders = createSenders(
  [
    { channel: 'whatsapp', sender: ownNumbers.whatsapp, ratePerSecond: 1 },
    { channel: 'sms', sender: ownNumbers.sms, ratePerSecond: 1 },
  ],
  true,
)
const text = fc.string({ unit: 'binary', maxLength: 200 })
const names = [
  'MessageSid',
  'From',
  'To',
  'Body',
  'NumMedia',
  'MessageType',
  'ProfileName',
  'Latitude',
  'Longitude',
  'ButtonPayload',
  'ExternalUserId',
  'FromCity',
]
const field = fc.oneof(fc.constantFrom(...names), text)
const address = fc.oneof(text, fc.constantFrom('whatsapp:+5491155700001', '+14155550100', 'whatsapp:IN.2081978709342942', 'messenger:1'))
const fields = fc
  .tuple(fc.dictionary(field, fc.oneof(text, fc.array(text, { maxLength: 3 }))), address, address, fc.boolean())
  .map(([rest, From, To, isMessage]) => (isMessage ? { ...rest, From, To, MessageSid: `SM${'a'.repeat(32)}` } : rest))

describe('of anything', () => {
  test('the webhook parser makes a message, or says why it is none', () => {
    fc.assert(
      fc.property(fields, (given) => {
        try {
          const inbound = parseInbound(given, { id: 'default', senders }, null)
          expect(inbound.twilioSid).toMatch(/^(SM|MM)/i)
          expect(['whatsapp', 'sms']).toContain(inbound.channel)
          expect(inbound.address.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(NotAMessage)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('the signature check takes what was signed, and nothing that was changed', () => {
    const url = fc.webUrl({ withQueryParameters: true })
    fc.assert(
      fc.property(url, fc.dictionary(text, text), field, text, (at, given, name, value) => {
        const own = Object.assign(Object.create(null), given) as Record<string, string>
        const signature = signRequest(authToken, at, own)
        expect(verifyForm([authToken], signature, at, own)).toBe(true)
        expect(verifyForm(['another-token'], signature, at, own)).toBe(false)
        const changed = Object.assign(Object.create(null), own, { [`${name}!`]: `${value}x` }) as Record<string, string>
        expect(verifyForm([authToken], signature, at, changed)).toBe(false)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(text, url, fields, fc.uint8Array(), (signature, at, given, body) => {
        expect(verifyForm([authToken], signature, at, given)).toBe(false)
        expect(verifyBody([authToken], signature, at, Buffer.from(body))).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('the reader of phone numbers answers one that it reads as the same again, or none', () => {
    const typed = fc.oneof(
      text,
      fc.stringMatching(/^(whatsapp:)?\+?[\d ().-]{0,25}$/),
      fc.constantFrom('+5215512345678', '011 15 5482-3391', '+554188887777'),
    )
    fc.assert(
      fc.property(typed, fc.constantFrom('AR', 'BR', 'MX', 'US', 'GB', 'ZZ'), (given, country) => {
        const read = parsePhone(given, country)
        if (read === null) return
        expect(read).toMatch(/^\+\d{4,17}$/)
        expect(parsePhone(read, 'US')).toBe(read)
        expect(parsePhone(formatPhone(read), 'US')).toBe(read)
        expect(identityKeys(read)[0]).toBe(normalisedAddress(read))
      }),
      { numRuns: 2000 },
    )
  })

  test('every request schema says yes or no', () => {
    const schemas = Object.entries(requests as Readonly<Record<string, unknown>>).filter(
      (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType,
    )
    expect(schemas.length).toBeGreaterThan(15)
    for (const [name, schema] of schemas) {
      const { properties } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as { properties?: object }
      const keys = Object.keys(properties ?? { x: 1 })
      const shaped = fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), fc.anything(), text))
      fc.assert(
        fc.property(fc.oneof(fc.anything(), fc.jsonValue(), shaped), (given) => {
          const read = schema.safeParse(given)
          // A value that was taken once is taken again as it came out: nothing is unescaped or trimmed twice.
          if (read.success) expect(schema.safeParse(read.data), name).toMatchObject({ success: true, data: read.data })
        }),
        { numRuns: 200 },
      )
    }
  })
})

describe('signed by Twilio and still anything', () => {
  let hilo: TestHilo
  beforeAll(async () => {
    hilo = await startHilo()
  })
  afterAll(() => hilo.close())

  test('a webhook is kept, or refused as documented, and the server goes on', async () => {
    const path = '/webhooks/twilio/message'
    const post = async (body: URLSearchParams | Buffer, signed: Record<string, string>) => {
      const answer = await fetch(hilo.url + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signRequest(authToken, `https://inbox.example.com${path}`, signed),
        },
        body: (Buffer.isBuffer(body) ? body : body.toString()) as NonNullable<RequestInit['body']>,
      })
      await answer.text()
      return answer.status
    }
    const sids: string[] = []
    await fc.assert(
      fc.asyncProperty(fc.dictionary(field, fc.string({ unit: 'grapheme', maxLength: 60 })), fc.boolean(), async (given, whole) => {
        const own: Record<string, string> = Object.assign(Object.create(null), given, { AccountSid: accountSid })
        const MessageSid = `SM${randomBytes(16).toString('hex')}`
        // Whole: a message, whatever stands beside it. Else no SID of Twilio's form is in it: none, whatever it says.
        if (whole) Object.assign(own, { MessageSid, From: 'whatsapp:+5491155700001', To: `whatsapp:${ownNumbers.whatsapp}` })
        expect(await post(new URLSearchParams(own), own)).toBe(whole ? 200 : 400)
        if (whole) sids.push(MessageSid)
      }),
      { numRuns: 150 },
    )
    const kept = await hilo.messages((await hilo.conversation('+5491155700001')).id)
    expect(kept.map(({ twilioSid }) => twilioSid)).toEqual(sids)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
        // Signed as if it had no fields: it has some, or else none that names our account.
        expect(await post(Buffer.from(bytes), {})).toBe(403)
      }),
      { numRuns: 100 },
    )
    expect(await hilo.messages((await hilo.conversation('+5491155700001')).id)).toHaveLength(sids.length)
    expect((await fetch(`${hilo.url}/readyz`)).status).toBe(200)
    await hilo.simulator.phone('+5491155700009').write('sigue', { channel: 'whatsapp' })
    const { id } = await hilo.conversation('+5491155700009')
    expect((await hilo.agent().send({ conversationId: id, text: 'sí', wait: 'sent' })).twilioSid).toMatch(/^SM/)
  })
})
