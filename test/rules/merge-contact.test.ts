import { describe, expect, test } from 'vitest'
import { type ContactSelf, mergeSelves, threadsCollide, unmergeSelf } from '../../server/rules/merge-contact.ts'

const at = (channel: 'whatsapp' | 'sms', address: string, preferred = true) => ({ channel, address, phone: address, preferred })
const self = (more: Partial<ContactSelf> = {}): ContactSelf => ({
  ...{ name: 'Ana', nameSource: 'agent', externalId: null, addresses: [at('whatsapp', '+1')], attributes: {}, tags: [] },
  ...more,
})

describe('two contacts who are one', () => {
  test.each<[string, Partial<ContactSelf>, Partial<ContactSelf>, Partial<ContactSelf> | null]>([
    ['keep the name of the one that stays', {}, { name: 'Anita' }, { name: 'Ana', nameSource: 'agent' }],
    [
      'take a name for a number',
      { name: '+1', nameSource: 'phone' },
      { name: 'Anita', nameSource: 'profile' },
      { name: 'Anita', nameSource: 'profile' },
    ],
    ['take a client id', {}, { externalId: '7' }, { externalId: '7' }],
    ['are two by two client ids', { externalId: '7' }, { externalId: '8' }, null],
    ['have one client id', { externalId: '7' }, { externalId: '7' }, { externalId: '7' }],
    ['keep one number a channel', {}, { addresses: [at('whatsapp', '+2')] }, { addresses: [at('whatsapp', '+1')] }],
    [
      'take a number on another channel',
      {},
      { addresses: [at('sms', '+2')] },
      { addresses: [at('whatsapp', '+1'), at('sms', '+2', false)] },
    ],
    ['have the attributes of both', { attributes: { a: '1' } }, { attributes: { a: '2', b: '2' } }, { attributes: { a: '1', b: '2' } }],
    ['have the tags of both', { tags: ['a'] }, { tags: ['b', 'a'] }, { tags: ['a', 'b'] }],
  ])('%s', (_, into, from, expected) => {
    const merged = mergeSelves(self(into), self(from))
    if (expected === null) expect(merged).toBeNull()
    else expect(merged).toMatchObject(expected)
  })

  test('are as before when it is undone, but for what was changed since', () => {
    const before = self({ tags: ['a'] })
    const after = mergeSelves(before, self({ name: 'X', externalId: '7', tags: ['b'], attributes: { c: '3' } })) as ContactSelf
    expect(unmergeSelf(after, { before, after, keys: ['+2'] })).toEqual(before)
    const wrote = { ...after, addresses: [at('whatsapp', '+2'), at('sms', '+3')] }
    expect(unmergeSelf(wrote, { before, after, keys: ['+2'] }).addresses, 'the other wrote meanwhile').toEqual([
      at('sms', '+3'),
      at('whatsapp', '+1'),
    ])
    expect(unmergeSelf({ ...after, tags: ['new'], name: 'Ana B' }, { before, after, keys: ['+2'] })).toEqual({
      ...before,
      tags: ['new'],
      name: 'Ana B',
    })
  })

  test.each([
    [[['whatsapp', 'w', null]], [['whatsapp', 'w', null]], true],
    [[['whatsapp', 'w', 'ev-1']], [['whatsapp', 'w', null]], false],
    [
      [['whatsapp', 'w', 'ev-1']],
      [
        ['whatsapp', 'w', 'ev-2'],
        ['whatsapp', 'w', 'ev-1'],
      ],
      true,
    ],
    [[['whatsapp', 'w', null]], [['whatsapp', 'x', null]], false],
    [[['whatsapp', 'w', null]], [['sms', 'w', null]], false],
    [[], [['sms', 'w', null]], false],
  ] as const)('threads %j and %j collide: %s', (into, from, expected) => {
    const places = (all: readonly (readonly [string, string, string | null])[]) =>
      all.map(([channel, sender, coordinationId]) => ({ channel, sender, coordinationId }))
    expect(threadsCollide(places(into), places(from))).toBe(expected)
  })
})
