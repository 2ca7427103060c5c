import { describe, expect, test } from 'vitest'
import { isFirstSave, isSameRecord, isShownAlike, ownForm, type RecordInput } from '../../server/rules/coordination.ts'

const input: RecordInput = {
  title: '15 de Valentina',
  contact: { name: 'Sofía Herrera', phone: '+5491122334455', phones: { sms: '+541122334455' } },
  startsAt: '2026-12-05T21:30:00.000Z',
  timezone: null,
  url: null,
  status: 'active',
  agent: null,
  data: { monto: 960000, saldo: null },
}
const { timezone: _, url: ___, agent: __, ...saved } = input

test.each([
  ['as WhatsApp writes it', { phone: '+5491122334455' }, 'whatsapp', '+5491122334455', null],
  ['without the mobile 9', { phone: '+541122334455' }, 'whatsapp', '+5491122334455', '+541122334455'],
  ['with Brazil’s ninth digit, which is shown anyway', { phone: '+5541988887777' }, 'whatsapp', '+554188887777', null],
  ['without it', { phone: '+554188887777' }, 'whatsapp', '+554188887777', '+554188887777'],
  ['the number of the channel', { phone: '+5491199999999', phones: { sms: '+541122334455' } }, 'sms', '+5491122334455', '+541122334455'],
  ['another number', { phone: '+5491199999999' }, 'whatsapp', '+5491122334455', null],
  ['a client who hides it', { phone: '+541122334455' }, 'whatsapp', null, null],
] as const)('a record’s own form of the number: %s', (_, contact, channel, shown, own) => {
  expect(ownForm(contact, channel, shown)).toBe(own)
})

describe('saving a record', () => {
  const changes: [string, Partial<RecordInput>, same: boolean][] = [
    ['nothing', {}, true],
    ['the order of its fields', { data: { saldo: null, monto: 960000 } }, true],
    ['the title', { title: 'Otra' }, false],
    ['the number', { contact: { ...input.contact, phone: '+5491122334456' } }, false],
    ['a further number', { contact: { ...input.contact, phones: {} } }, false],
    ['the start', { startsAt: null }, false],
    ['the zone', { timezone: 'America/Bogota' }, false],
    ['the host’s page', { url: 'https://app.example.com/1' }, false],
    ['the status', { status: 'done' }, false],
    ['the agent', { agent: { id: 'agent-1', name: 'Ana Díaz' } }, false],
    ['a value', { data: { monto: 960001, saldo: null } }, false],
    ['the type of a value', { data: { monto: '960000', saldo: null } }, false],
    ['a field that is gone', { data: { monto: 960000 } }, false],
  ]
  test.each(changes)('with a change of %s: the same is %s', (_, change, same) => {
    expect(isSameRecord(saved, { ...input, ...change })).toBe(same)
  })
  test('compares with zone and agent where they are set', () => {
    const agent = { id: 'agent-1', name: 'Ana Díaz' }
    const whole = { ...saved, timezone: 'America/Bogota', agent }
    expect(isSameRecord(whole, { ...input, timezone: 'America/Bogota', agent })).toBe(true)
    expect(isSameRecord(whole, input)).toBe(false)
  })
  test('that was only provisional is its first, though nothing else changed; a provisional one replaces none', () => {
    const provisional = { ...saved, provisional: true as const }
    expect([isSameRecord(provisional, input), isFirstSave(provisional)]).toEqual([false, true])
    expect([isSameRecord(saved, { ...input, title: 'ev-1', provisional: true }), isFirstSave(saved), isFirstSave(null)]).toEqual([
      true,
      false,
      true,
    ])
    expect(isSameRecord(provisional, { ...input, title: 'Otra', provisional: true })).toBe(true)
  })
  test('concerns conversations where title, start, status or a number changed', () => {
    expect(isShownAlike(saved, { ...saved, data: {}, contact: { ...saved.contact, name: 'x' } })).toBe(true)
    for (const change of [
      { title: 'Otra' },
      { startsAt: null },
      { status: 'canceled' as const },
      { contact: { ...saved.contact, phone: '+1' } },
    ])
      expect(isShownAlike(saved, { ...saved, ...change })).toBe(false)
  })
})
