import { describe, expect, test } from 'vitest'
import { type ContactDraft, decideImport, type KnownContact } from '../../server/rules/import-contact.ts'
import { identityKeys } from '../../shared/phone.ts'

const PHONE = '+5491122334455'
const OTHER = '+5491166778899'
const given = (phone: string, channel: 'whatsapp' | 'sms' = 'whatsapp') => ({ channel, phone, keys: identityKeys(phone), preferred: false })
const row = (more: Partial<ContactDraft> = {}): ContactDraft => ({
  ...{ name: 'Ana', externalId: null, addresses: [given(PHONE)], attributes: {}, tags: [], fallbackName: PHONE },
  ...more,
})
const ana = (more: Partial<KnownContact> = {}): KnownContact => ({
  ...{ id: 'c1', name: 'Ana', nameSource: 'record', externalId: null, attributes: {}, tags: [] },
  addresses: [{ channel: 'whatsapp', address: PHONE, phone: PHONE, preferred: true }],
  ...more,
})
const bea = ana({ id: 'c2', name: 'Bea' })

describe('a row of a list', () => {
  test.each<[string, ContactDraft, KnownContact | null, KnownContact[], unknown]>([
    ['nobody is known', row(), null, [], { outcome: 'create' }],
    ['nobody is known, and it has no number', row({ addresses: [], externalId: '7' }), null, [], { outcome: 'refused' }],
    ['the same', row(), null, [ana()], { outcome: 'unchanged', id: 'c1' }],
    ['the same under both its keys', row(), ana(), [ana(), ana()], { outcome: 'unchanged', id: 'c1' }],
    ['no name in the list', row({ name: null }), null, [ana()], { outcome: 'unchanged' }],
    ['another name', row({ name: 'Ana D' }), null, [ana()], { outcome: 'change', change: { name: 'Ana D', namedBy: 'record' } }],
    ['another name than an agent gave', row({ name: 'Ana D' }), null, [ana({ nameSource: 'agent' })], { outcome: 'unchanged' }],
    ['a client id', row({ externalId: '7' }), null, [ana()], { outcome: 'change', change: { externalId: '7' } }],
    ['another client id', row({ externalId: '7' }), null, [ana({ externalId: '8' })], { outcome: 'conflict', between: ['c1'] }],
    ['two contacts by one row', row({ externalId: '7' }), ana({ externalId: '7' }), [bea], { outcome: 'conflict', between: ['c1', 'c2'] }],
    ['two contacts by two numbers', row(), null, [ana(), bea], { outcome: 'conflict', between: ['c1', 'c2'] }],
    ['a tag more', row({ tags: ['vip'] }), null, [ana({ tags: ['nuevo'] })], { outcome: 'change', change: { tags: ['nuevo', 'vip'] } }],
    ['a tag less', row(), null, [ana({ tags: ['nuevo'] })], { outcome: 'unchanged' }],
    ['tags without end', row({ tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }), null, [ana()], { outcome: 'refused' }],
    [
      'an attribute',
      row({ attributes: { b: '2' } }),
      null,
      [ana({ attributes: { a: '1' } })],
      { outcome: 'change', change: { attributes: { a: '1', b: '2' } } },
    ],
    [
      'an attribute that objects have',
      row({ attributes: { toString: 'x' } }),
      null,
      [ana()],
      { outcome: 'change', change: { attributes: { toString: 'x' } } },
    ],
    ['the same attribute', row({ attributes: { a: '1' } }), null, [ana({ attributes: { a: '1' } })], { outcome: 'unchanged' }],
    [
      'another number of a client by id',
      row({ externalId: '7', addresses: [given(OTHER)] }),
      ana({ externalId: '7' }),
      [],
      { outcome: 'change', change: { addresses: [given(OTHER)] } },
    ],
    [
      'a number on another channel',
      row({ addresses: [given(PHONE), given(PHONE, 'sms')] }),
      null,
      [ana()],
      { outcome: 'change', change: { addresses: [given(PHONE, 'sms')] } },
    ],
  ])('%s', (_, draft, byExternalId, byKeys, expected) => {
    const decision = decideImport(draft, byExternalId, byKeys)
    expect(decision).toMatchObject(expected as object)
    if (decision.outcome === 'change') expect(decision.change).toEqual((expected as { change: unknown }).change)
  })
  test('the other form of a number is the same number', () => {
    const brazil = (phone: string) => ana({ addresses: [{ channel: 'whatsapp', address: phone, phone, preferred: true }] })
    for (const [listed, kept] of [
      ['+5541988887777', '+554188887777'],
      ['+554188887777', '+5541988887777'],
    ] as const)
      expect(decideImport(row({ addresses: [given(listed)] }), null, [brazil(kept)]).outcome, listed).toBe('unchanged')
  })
})
