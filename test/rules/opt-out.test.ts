// Which words of a client say that no more messages are wanted, and what they change: one table for each rule.
import { describe, expect, test } from 'vitest'
import {
  afterOptOut,
  eventOf,
  takesOther,
  listOptOuts,
  noOptOut,
  type OptOutSaid,
  readOptOut,
  refusedFor,
  refuses,
} from '../../server/rules/opt-out.ts'

const read = (channel: 'sms' | 'whatsapp', text: string, optOutType: string | null = null, type: 'text' | 'button' | 'media' = 'text') =>
  readOptOut({ channel, type, text, optOutType })
const says = (said: OptOutSaid | null) => (said === null ? 'nothing' : said.out ? `out of ${said.scope}` : 'in')

describe('X1: the whole message is the word', () => {
  test.each([
    ...[
      'STOP',
      'stop',
      ' Stop ',
      'STOPALL',
      'Stop all',
      'UNSUBSCRIBE',
      'CANCEL',
      'END',
      'QUIT',
      'REVOKE',
      'OPTOUT',
      'opt-out',
      'Opt out.',
    ].map((text) => ['sms', text, 'out of all'] as const),
    ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'BAJA', 'baja.', '¡Baja!', 'Dar de baja', 'PARAR', 'Sair', 'OPTOUT', 'stop!!'].map(
      (text) => ['whatsapp', text, 'out of all'] as const,
    ),
    ...['BAJA', 'parar', 'SAIR'].map((text) => ['sms', text, 'out of all'] as const),
    ...['CANCEL', 'Cancelar', 'END', 'QUIT', 'REVOKE'].map((text) => ['whatsapp', text, 'nothing'] as const),
    ...['Cancelar', 'HELP', 'AYUDA', 'no', ''].map((text) => ['sms', text, 'nothing'] as const),
    ...['stop by at five', 'no pares', 'dar de baja la luz', 'stop?? why', 'STOPPED', '🛑'].map(
      (text) => ['sms', text, 'nothing'] as const,
    ),
    ...['Stop promotions', 'Detener promociones', 'Parar promoções', 'INTERROMPER PROMOCOES'].map(
      (text) => ['whatsapp', text, 'out of marketing'] as const,
    ),
    ...['START', 'start', 'Alta', 'UNSTOP', 'volver'].map((text) => ['whatsapp', text, 'in'] as const),
    ['sms', 'YES', 'in'],
    ['whatsapp', 'yes', 'nothing'],
  ] as const)('on %s, "%s" says: %s', (channel, text, expected) => {
    expect(says(read(channel, text))).toBe(expected)
  })
  test('the text of a button counts, the caption of a picture does not', () => {
    expect(says(read('whatsapp', 'Baja', null, 'button'))).toBe('out of all')
    expect(says(read('whatsapp', 'Baja', null, 'media'))).toBe('nothing')
  })
})

test.each([
  ['STOP', 'no quiero más nada', 'out of all'],
  ['start', 'dale', 'in'],
  ['HELP', 'STOP', 'nothing'],
  ['', 'STOP', 'out of all'],
  ['OTHER', 'STOP', 'out of all'],
] as const)('X3: OptOutType "%s" is trusted over the words "%s": %s', (type, text, expected) => {
  expect(says(read('sms', text, type))).toBe(expected)
  if (type !== '' && type !== 'OTHER' && expected !== 'nothing') expect(read('sms', text, type)?.source).toBe('twilio')
})

test('X5: a word that may answer a reminder is one, and in a record’s thread that is told', () => {
  const said = read('sms', 'Cancel')
  expect(said).toEqual({ out: true, scope: 'all', source: 'keyword', ambiguous: true })
  expect(said && eventOf(said, true)).toEqual({ name: 'opted_out', scope: 'all', source: 'keyword', ambiguous: true })
  expect(said && eventOf(said, false)).toEqual({ name: 'opted_out', scope: 'all', source: 'keyword' })
  expect(read('sms', 'cancel', 'STOP')).toMatchObject({ source: 'twilio', ambiguous: true })
  expect(read('sms', 'STOP')).not.toHaveProperty('ambiguous')
})

const all: OptOutSaid = { out: true, scope: 'all', source: 'keyword' }
const marketing: OptOutSaid = { out: true, scope: 'marketing', source: 'whatsapp' }
const back: OptOutSaid = { out: false, scope: 'all', source: 'keyword' }

const saying = (...said: [OptOutSaid, number][]) => said.reduce((line, [one, at]) => afterOptOut(line, one, at), noOptOut)

test.each([
  ['out of all', [[all, 10]], ['all'], [true, true]],
  ['out of marketing alone', [[marketing, 10]], ['marketing'], [false, true]],
  [
    'both',
    [
      [marketing, 10],
      [all, 20],
    ],
    ['all', 'marketing'],
    [true, true],
  ],
  [
    'START ends both',
    [
      [marketing, 10],
      [all, 20],
      [back, 30],
    ],
    [],
    [false, false],
  ],
  ['START of somebody who is in', [[back, 10]], [], [false, false]],
  [
    'of the same moment, the one that comes later',
    [
      [all, 10],
      [back, 10],
    ],
    [],
    [false, false],
  ],
  [
    'a STOP that comes late, from before the START',
    [
      [back, 20],
      [all, 10],
    ],
    [],
    [false, false],
  ],
  [
    'a START that comes late, from before the STOP',
    [
      [all, 20],
      [back, 10],
    ],
    ['all'],
    [true, true],
  ],
] as const)('%s', (_what, said, scopes, [service, promotion]) => {
  const line = saying(...(said as unknown as [OptOutSaid, number][]))
  expect(listOptOuts(line).map((one) => one.scope)).toEqual(scopes)
  expect([refuses(line, 'service'), refuses(line, 'marketing')]).toEqual([service, promotion])
})

test('who is out already is so since the first time, by whom it was said first, and it is no news', () => {
  const first = saying([all, 10])
  const again = afterOptOut(first, { ...all, source: 'twilio' }, 20)
  expect(listOptOuts(again)).toEqual([{ scope: 'all', since: new Date(10).toISOString(), source: 'keyword' }])
  expect([takesOther(noOptOut, first), takesOther(first, again), takesOther(first, afterOptOut(first, back, 30))]).toEqual([
    true,
    false,
    true,
  ])
  expect(takesOther(noOptOut, afterOptOut(noOptOut, back, 10)), 'START of somebody who is in').toBe(false)
  expect(takesOther(noOptOut, saying([marketing, 10]))).toBe(true)
})

test('an opt-out that nobody signed is the host’s', () => {
  expect(listOptOuts({ ...noOptOut, optedOutAt: 0 })).toEqual([{ scope: 'all', since: new Date(0).toISOString(), source: 'host' }])
})

const failing = (code: number | null) => ({ code, reason: 'blocked', message: '', action: 'none' }) as const
test.each([
  ['a text', 21610, 'out of all'],
  ['a promotion', 21610, 'out of all'],
  ['a text', 63014, 'nothing'],
  ['a promotion', 63014, 'out of marketing'],
  ['a promotion', 131050, 'out of marketing'],
  ['a promotion', 63016, 'nothing'],
  ['a promotion', null, 'nothing'],
] as const)('that %s was refused with %s says: %s', (what, code, expected) => {
  expect(says(refusedFor({ text: '', ...(what === 'a promotion' ? { marketing: true } : {}) }, failing(code)))).toBe(expected)
  expect(refusedFor({ text: '' }, null)).toBeNull()
})
