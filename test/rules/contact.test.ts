import { describe, expect, test } from 'vitest'
import {
  changeAddresses,
  mergeIdentity,
  type NameSource,
  nameNewContact,
  sortNameOf,
  type Told,
  type ToldNames,
} from '../../server/rules/contact.ts'

const ADDRESS = '+5491122334455'
const OTHER = '+5491166778899'
const whatsapp = { channel: 'whatsapp', address: ADDRESS, phone: ADDRESS, preferred: true } as const
const sms = { channel: 'sms', address: ADDRESS, phone: ADDRESS, preferred: false } as const

describe('the name of a new contact', () => {
  const fallback = '+54 9 11 2233-4455'
  test.each([
    [{ agent: 'Carla', record: 'Carla Núñez', profile: '🌸' }, 'Carla', 'agent'],
    [{ record: 'Carla Núñez', profile: '🌸' }, 'Carla Núñez', 'record'],
    [{ profile: 'João' }, 'João', 'profile'],
    [{ agent: null, record: null, profile: null }, fallback, 'phone'],
    [{ agent: '  ', record: ' ', profile: '\n' }, fallback, 'phone'],
    [{ profile: ' João ' }, 'João', 'profile'],
  ])('of %j is %s (%s)', (told, text, source) => {
    expect(nameNewContact({ ...told, fallback })).toEqual({ text, source })
  })
  test('stands in the list without case and accents', () => {
    const names = ['Zoe', 'Álvaro', 'ana', 'Ñandú', 'Núñez']
    const sorted = ['Álvaro', 'ana', 'Ñandú', 'Núñez', 'Zoe']
    expect(names.toSorted((a, b) => (sortNameOf(a) < sortNameOf(b) ? -1 : 1))).toEqual(sorted)
  })
})

describe('what a message tells about a known contact', () => {
  const told = (more: Partial<Told> = {}): Told => ({
    names: {},
    channel: 'whatsapp',
    address: ADDRESS,
    phone: ADDRESS,
    attributes: {},
    ...more,
  })
  const known = (nameSource: NameSource = 'agent') => ({ nameSource, addresses: [whatsapp], attributes: { city: 'Bogotá' } })

  test.each<[NameSource, ToldNames, string | null]>([
    ['phone', { profile: 'João' }, 'João'],
    ['phone', { agent: 'Carla', profile: 'João' }, 'Carla'],
    ['phone', { profile: ' ' }, null],
    ['phone', {}, null],
    ['profile', { profile: 'João' }, null],
    ['record', { profile: 'João' }, null],
    ['agent', { profile: 'João', agent: 'Carla' }, null],
  ])('named by %s and told %j: the name becomes %s', (source, names, text) => {
    expect(mergeIdentity(known(source), told({ names })).name?.text ?? null).toBe(text)
  })

  test('is nothing where all of it is known', () => {
    expect(mergeIdentity(known(), told({ attributes: { city: 'Cali' } }))).toEqual({ name: null, addresses: null, attributes: null })
  })
  test('adds attributes, and overwrites none', () => {
    expect(mergeIdentity(known(), told({ attributes: { city: 'Cali', zip: '110111' } })).attributes).toEqual({
      city: 'Bogotá',
      zip: '110111',
    })
  })
  test.each([
    ['the first one is preferred', [], told(), [whatsapp]],
    ['another channel is added, not preferred', [whatsapp], told({ channel: 'sms' }), [whatsapp, sms]],
    [
      'the one last written from replaces the old',
      [whatsapp],
      told({ address: OTHER, phone: OTHER }),
      [{ ...whatsapp, address: OTHER, phone: OTHER }],
    ],
    ['a hidden number leaves the phone known', [whatsapp], told({ address: 'CO.123', phone: null }), [{ ...whatsapp, address: 'CO.123' }]],
    ['a phone that was not known is added', [{ ...whatsapp, phone: null }], told(), [whatsapp]],
    ['the same address without a phone is no news', [whatsapp], told({ phone: null }), null],
    ['one typed by hand does not replace it', [whatsapp], told({ address: OTHER, phone: OTHER, typed: true }), null],
    ['one typed by hand is added where there is none', [], told({ typed: true }), [whatsapp]],
  ])('addresses: %s', (_, addresses, message, expected) => {
    expect(mergeIdentity({ ...known(), addresses }, message).addresses).toEqual(expected)
  })
})

describe('a contact that is given numbers', () => {
  const given = (channel: 'whatsapp' | 'sms', phone: string, preferred = false) => ({
    channel,
    phone,
    keys: [phone] as [string],
    preferred,
  })

  test('the same number again changes nothing but what is preferred', () => {
    expect(changeAddresses([whatsapp, sms], [given('sms', ADDRESS, true)])).toEqual({
      addresses: [
        { ...whatsapp, preferred: false },
        { ...sms, preferred: true },
      ],
      taken: [],
      dropped: [],
      moved: [],
    })
  })
  test('the form in which WhatsApp writes it stays, though people write it another way', () => {
    const asWhatsAppWrites = { ...whatsapp, address: '+5215512345678', phone: '+525512345678' }
    const { addresses, moved } = changeAddresses([asWhatsAppWrites], [given('whatsapp', '+525512345678')])
    expect(addresses).toMatchObject([{ address: '+5215512345678', phone: '+525512345678' }])
    expect(moved).toEqual([])
  })
  test('another number takes the place of the old one, which no longer leads to it', () => {
    expect(changeAddresses([whatsapp], [given('whatsapp', OTHER)])).toMatchObject({
      addresses: [{ channel: 'whatsapp', address: OTHER, phone: OTHER, preferred: false }],
      taken: [OTHER],
      dropped: [ADDRESS],
      moved: [{ channel: 'whatsapp' }],
    })
  })
  test('an old number that is still its own on another channel goes on leading to it', () => {
    expect(changeAddresses([whatsapp, sms], [given('whatsapp', OTHER)]).dropped).toEqual([])
    const both = changeAddresses([whatsapp, sms], [given('whatsapp', OTHER), given('sms', OTHER)])
    expect(both).toMatchObject({ taken: [OTHER, OTHER], dropped: [ADDRESS, ADDRESS] })
  })
  test('the first number of a contact is preferred', () => {
    expect(changeAddresses([], [given('sms', ADDRESS)]).addresses).toEqual([{ ...sms, preferred: true }])
  })
})
