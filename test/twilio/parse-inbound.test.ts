// Twilio's fields in the inbox's words, row by row of edge-cases.md.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSenders } from '../../server/outbox/senders.ts'
import { field, NotAMessage, parseInbound } from '../../server/twilio/parse-inbound.ts'

const service = 'MG00000000000000000000000000000001'
const senders = createSenders(
  [
    { channel: 'whatsapp', sender: '+14155238886', ratePerSecond: 80 },
    { channel: 'sms', sender: '+15558675310', ratePerSecond: 1 },
  ],
  true,
)
const sid = 'SM00000000000000000000000000000001'
const whatsapp = { MessageSid: sid, From: 'whatsapp:+14155550100', To: 'whatsapp:+14155238886', Body: 'hola', NumMedia: '0' }
const sms = { MessageSid: sid, From: '+14155550100', To: '+15558675310', Body: 'hi', NumMedia: '0' }
const read = (fields: Record<string, string>) => parseInbound(fields, { id: 'default', senders }, service)

describe('inbound fields', () => {
  test('I16 WhatsApp and SMS of one person: the same number, another channel', () => {
    expect(read(whatsapp)).toMatchObject({ channel: 'whatsapp', address: '+14155550100', phone: '+14155550100', sender: '+14155238886' })
    expect(read(sms)).toMatchObject({ channel: 'sms', address: '+14155550100', phone: '+14155550100', sender: '+15558675310' })
  })
  test('I4 a missing Body is an empty text', () => {
    const { Body: _, ...rest } = whatsapp
    expect(read({ ...rest, NumMedia: '1' })).toMatchObject({ text: '', type: 'media' })
  })
  test('of a field that is repeated the first counts; a name of every object is no field', () => {
    expect(parseInbound({ ...whatsapp, Body: ['uno', 'dos'] }, { id: 'default', senders }, service).text).toBe('uno')
    expect(field({}, 'constructor')).toBeUndefined()
    expect(field({}, 'toString')).toBeUndefined()
  })
  test('a message is forwarded, once or often', () => {
    expect(read(whatsapp).forwarded).toBe(false)
    expect(read({ ...whatsapp, Forwarded: 'true' }).forwarded).toBe(true)
    expect(read({ ...whatsapp, FrequentlyForwarded: 'true' }).forwarded).toBe(true)
  })
  test('a place that is on no map is none', () => {
    for (const [Latitude, Longitude] of [
      ['90.1', '0'],
      ['-91', '0'],
      ['0', '180.5'],
    ] as const)
      expect(read({ ...whatsapp, Latitude, Longitude }).location).toBeNull()
    expect(read({ ...whatsapp, Latitude: '-90', Longitude: '180' }).location).toEqual({ latitude: -90, longitude: 180 })
  })
  test('I18 the place that a carrier tells is kept', () => {
    expect(read({ ...sms, FromZip: '94107', FromCountry: 'US', FromState: 'CA', FromCity: '' }).attributes).toEqual({
      zip: '94107',
      country: 'US',
      state: 'CA',
    })
  })
  test('I22 what comes beside the text loses NUL and half signs too, and is cut between signs', () => {
    const fields = { ...whatsapp, ButtonText: 'S\u0000í', ButtonPayload: 'si\u0000', ReferralSourceId: '1', ReferralBody: 'a\u0000b' }
    expect(read(fields)).toMatchObject({ button: { text: 'Sí', payload: 'si' }, referral: { body: 'ab' } })
    expect(read({ ...whatsapp, Latitude: '1', Longitude: '1', Label: 'Sal\u0000ón' }).location).toMatchObject({ label: 'Salón' })
    expect(read({ ...sms, FromCity: `${'x'.repeat(199)}😀` }).attributes.city).toBe('x'.repeat(199))
  })
  test('I20 a number without its plus is the same number', () => {
    expect(read({ ...whatsapp, From: 'whatsapp:14155550100' })).toMatchObject({ address: '+14155550100' })
  })
  test('P15 a hidden number: an id, and what else is known of the person', () => {
    const inbound = read({
      ...whatsapp,
      From: 'whatsapp:IN.2081978709342942',
      ExternalUserId: 'IN.2081978709342942',
      ParentExternalUserId: 'IN.ENT.9081726354',
      ProfileUsername: 'muhsin',
      ProfileName: 'Muhsin',
    })
    expect(inbound).toMatchObject({
      address: 'IN.2081978709342942',
      phone: null,
      userId: 'IN.2081978709342942',
      parentUserId: 'IN.ENT.9081726354',
      profileName: 'Muhsin',
      attributes: { username: 'muhsin' },
    })
    expect(read({ ...whatsapp, ExternalUserId: 'whatsapp:ID.4566546130240823' })).toMatchObject({
      phone: '+14155550100',
      userId: 'ID.4566546130240823',
    })
  })
  test.each<[what: string, fields: Record<string, string>, previous: string[]]>([
    ['nothing', {}, []],
    ['a number', { PreviousFrom: 'whatsapp:+5491122334455' }, ['+5491122334455']],
    ['a number as WhatsApp writes it', { PreviousWaId: '5491122334455' }, ['+5491122334455']],
    [
      'an id, and that of the company',
      { PreviousExternalUserId: 'whatsapp:AR.1A', PreviousParentExternalUserId: 'AR.ENT.9' },
      ['AR.1A', 'AR.ENT.9'],
    ],
    [
      'Meta’s own names',
      { ChannelMetadata: '{"type":"whatsapp","data":{"context":{"previous_user_id":"AR.1A","previous_wa_id":"5491122334455"}}}' },
      ['+5491122334455', 'AR.1A'],
    ],
    ['the same twice', { PreviousWaId: '5491122334455', PreviousFrom: 'whatsapp:+5491122334455' }, ['+5491122334455']],
    ['nonsense', { PreviousFrom: 'somebody', PreviousWaId: '22000', PreviousExternalUserId: '' }, []],
    ['no JSON', { ChannelMetadata: '{' }, []],
    ['JSON without a context', { ChannelMetadata: '{"data":{"context":null}}' }, []],
    ['JSON that is null', { ChannelMetadata: 'null' }, []],
    ['a context of other things', { ChannelMetadata: '{"data":{"context":{"previous_user_id":{"a":1}}}}' }, []],
  ])('an identity that changed tells who it was: %s', (_what, fields, previous) => {
    expect(read({ ...whatsapp, ...fields }).previous).toEqual(previous)
  })
  test('T9, T10 To chooses the sender; an unknown one is kept and marked', () => {
    expect(read({ ...sms, To: '+15550009999' })).toMatchObject({ sender: '+15550009999', senderConfigured: false })
    expect(read({ ...sms, To: '+15550009999', MessagingServiceSid: service })).toMatchObject({
      sender: '+15558675310',
      senderConfigured: true,
    })
    expect(read({ ...sms, To: '+15550009999', MessagingServiceSid: 'MGother' })).toMatchObject({ senderConfigured: false })
  })
  test('M16 a place, also one at 0, 0', () => {
    const at = read({ ...whatsapp, Body: '', Latitude: '12.160894393921', Longitude: '75.265205383301', Label: 'Salón', Address: 'Ruta 8' })
    expect(at).toMatchObject({
      type: 'location',
      location: { latitude: 12.160894393921, longitude: 75.265205383301, label: 'Salón', address: 'Ruta 8' },
    })
    expect(read({ ...whatsapp, Latitude: '0', Longitude: '0' })).toMatchObject({
      type: 'location',
      location: { latitude: 0, longitude: 0 },
    })
    expect(read({ ...whatsapp, Latitude: 'north', Longitude: '0' }).type).toBe('text')
  })
  test('M19, M21 a tapped button and a chosen row keep their payload', () => {
    expect(
      read({ ...whatsapp, Body: 'Yes', ButtonText: 'Yes', ButtonPayload: 'confirm:apt_42', OriginalRepliedMessageSid: 'MM1' }),
    ).toMatchObject({
      type: 'button',
      text: 'Yes',
      button: { text: 'Yes', payload: 'confirm:apt_42' },
      quotedSid: 'MM1',
    })
    expect(read({ ...whatsapp, Body: '', ListId: 'slot_3', ListTitle: '10:30' })).toMatchObject({
      type: 'button',
      text: '10:30',
      button: { text: '10:30', payload: 'slot_3' },
    })
  })
  test.each(['reaction', 'ephemeral', 'system', 'REACTION'])('M27 an event (%s) makes no ghost of a stranger', (kind) => {
    expect(read({ ...whatsapp, Body: '', MessageType: kind })).toMatchObject({ type: 'unsupported', onlyIfKnown: true })
  })
  test.each(['unsupported', 'order', 'interactive', 'poll', ''])(
    'M28, M30 a message of a kind (%s) without anything to show is unsupported, and somebody’s',
    (kind) => {
      for (const Body of ['', ' ', '\u200b'])
        expect(read({ ...whatsapp, Body, MessageType: kind })).toMatchObject({ type: 'unsupported', text: Body, onlyIfKnown: false })
      expect(read({ ...sms, Body: '' })).toMatchObject({ type: 'unsupported', onlyIfKnown: false })
    },
  )
  test('M30 of whatever kind, what has a text is that text; ButtonText alone is one', () => {
    expect(read({ ...whatsapp, Body: '¿Cuál?', MessageType: 'poll' })).toMatchObject({ type: 'text', text: '¿Cuál?' })
    expect(read({ ...whatsapp, Body: '', MessageType: 'interactive', ButtonText: 'Sí' })).toMatchObject({
      type: 'text',
      text: 'Sí',
      button: null,
    })
    expect(read({ ...whatsapp, Body: '', ButtonText: 'Sí', ButtonPayload: '' })).toMatchObject({ type: 'text', text: 'Sí', button: null })
    expect(read({ ...whatsapp, Body: '', ButtonText: '', ListTitle: '10:30', ListId: 'slot_3' })).toMatchObject({
      type: 'button',
      text: '10:30',
    })
  })
  test('a form that came back reads as its answers, whatever else stands beside', () => {
    const FlowData = JSON.stringify({ flow_token: 'x', screen_0_Nombre_0: 'Sofía' })
    expect(read({ ...whatsapp, Body: 'Sent', MessageType: 'interactive', FlowData })).toMatchObject({ type: 'text', text: 'Nombre: Sofía' })
    expect(read({ ...whatsapp, Body: 'Hola', FlowData: '{' })).toMatchObject({ type: 'text', text: 'Hola' })
  })
  test('M17 cards are contacts on both channels, whatever the kind says; among other media they are media', () => {
    const card = { Body: '', NumMedia: '1', MediaContentType0: 'text/x-vcard; charset=utf-8' }
    for (const fields of [sms, whatsapp]) expect(read({ ...fields, ...card })).toMatchObject({ type: 'contacts' })
    const two = { ...card, NumMedia: '2' }
    expect(read({ ...sms, ...two, MediaContentType1: 'text/vcard' })).toMatchObject({ type: 'contacts' })
    expect(read({ ...sms, ...two, MediaContentType1: 'image/jpeg' })).toMatchObject({ type: 'media' })
    expect(read({ ...sms, ...two })).toMatchObject({ type: 'media' })
  })
  test('M29 RCS is that client on SMS, through the service', () => {
    const rcs = { ...sms, From: 'rcs:+14155550100', To: 'rcs:brand_agent', MessagingServiceSid: service }
    const client = { channel: 'sms', address: '+14155550100', phone: '+14155550100' }
    expect(read(rcs)).toMatchObject({ ...client, sender: '+15558675310', senderConfigured: true })
    const ofService = createSenders([{ channel: 'sms', sender: service, ratePerSecond: 1 }], true)
    expect(parseInbound(rcs, { id: 'default', senders: ofService }, service)).toMatchObject({
      ...client,
      sender: service,
      senderConfigured: true,
    })
    expect(read({ ...rcs, MessagingServiceSid: 'MGother' })).toMatchObject({
      ...client,
      sender: 'rcs:brand_agent',
      senderConfigured: false,
    })
  })
  test.each([
    ['messenger:446501', 'messenger:102542', 'messenger:446501', 'messenger:102542'],
    ['Messenger:446501', '102542', 'messenger:446501', 'messenger:102542'],
    ['sim:DE38e71c', '+15558675310', 'sim:DE38e71c', 'sim:+15558675310'],
    ['client:ana', 'whatsapp:+14155238886', 'client:ana', 'whatsapp:+14155238886'],
    ['rcs:somebody', 'rcs:brand_agent', 'rcs:somebody', 'rcs:brand_agent'],
  ])('M29 from %s to %s: kept under an address of its own, never by a sender of ours', (From, To, address, sender) => {
    const inbound = read({ ...sms, From, To, MessagingServiceSid: service })
    expect(inbound).toMatchObject({ channel: 'sms', address, phone: null, sender, senderConfigured: false, text: 'hi', type: 'text' })
    expect(senders.find(inbound.channel, inbound.sender)).toBeNull()
  })
  test.each([
    ['no MessageSid', { MessageSid: '' }],
    ['a MessageSid of another form', { MessageSid: 'SM1; DROP' }],
    ['no From', { From: '' }],
    ['no To', { To: '' }],
    ['a channel without an address', { From: 'messenger:' }],
    ['nonsense for a number', { From: 'whatsapp:nobody at all' }],
  ])('T13 %s is refused with a sentence', (_, change) => {
    expect(() => read({ ...whatsapp, ...change })).toThrow(NotAMessage)
  })
  test('whatever the fields hold: a message, or a sentence why not', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(...Object.keys(whatsapp), '__proto__', 'constructor', 'Latitude', 'ButtonPayload', 'From[$gt]'),
          text,
        ),
        (change) => {
          try {
            const inbound = read({ ...whatsapp, ...change })
            expect(['whatsapp', 'sms']).toContain(inbound.channel)
            expect(inbound.address.length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(NotAMessage)
          }
        },
      ),
    )
  })
})
