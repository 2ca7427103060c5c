// Words, numbers, times and phones as look.md has them.
import { describe, expect, test } from 'vitest'
import { formatPhone } from '../../widget/locales/format-phone.ts'
import { fill, formatDay, formatTime, formatWait, formatWhen, formatWindow, plural } from '../../widget/locales/format.ts'
import { words as en } from '../../widget/locales/en.ts'
import { words as es } from '../../widget/locales/es.ts'
import { words as pt } from '../../widget/locales/pt.ts'
import { explainFailure } from '../../shared/failure-texts.ts'
import { failureTextsEn } from '../../shared/failure-texts-en.ts'
import { failureTextsEs } from '../../shared/failure-texts-es.ts'
import { failureTextsPt } from '../../shared/failure-texts-pt.ts'

const zone = { locale: 'es', timezone: 'America/Argentina/Buenos_Aires' } as const
const now = Date.parse('2026-11-23T13:42:00Z')

test.each([
  ['2026-11-23T13:42:00Z', '10:42', '10:42', '10:42'],
  ['2026-11-23T03:00:00Z', '00:00', '00:00', '00:00'],
  ['2026-11-23T02:59:00Z', 'ayer', 'yesterday', 'ontem'],
  ['2026-11-20T12:00:00Z', 'vie', 'Fri', 'sex'],
  ['2026-11-17T12:00:00Z', 'mar', 'Tue', 'ter'],
  ['2026-11-16T12:00:00Z', '16 nov', '16 Nov', '16 nov'],
  ['2025-11-16T12:00:00Z', 'nov 2025', 'Nov 2025', 'nov 2025'],
])('a row shows %s as "%s"', (iso, inSpanish, inEnglish, inPortuguese) => {
  expect(formatWhen(zone, es, iso, now)).toBe(inSpanish)
  expect(formatWhen({ ...zone, locale: 'en' }, en, iso, now)).toBe(inEnglish)
  expect(formatWhen({ ...zone, locale: 'pt' }, pt, iso, now)).toBe(inPortuguese)
})

test('a day is named from near to far', () => {
  expect(formatDay(zone, es, '2026-11-23T03:00:00Z', now)).toBe('Hoy')
  expect(formatDay(zone, es, '2026-11-22T12:00:00Z', now)).toBe('Ayer')
  expect(formatDay(zone, es, '2026-11-09T12:00:00Z', now)).toBe('Lunes 9 de noviembre')
  expect(formatDay({ ...zone, locale: 'en' }, en, '2026-11-09T12:00:00Z', now)).toBe('Monday 9 November')
  expect(formatDay({ ...zone, locale: 'pt' }, pt, '2026-11-09T12:00:00Z', now)).toBe('Segunda-feira, 9 de novembro')
  expect(formatDay(zone, es, '2025-11-09T12:00:00Z', now)).toBe('Domingo 9 de noviembre de 2025')
  expect(formatTime(zone, '2026-11-23T02:05:00Z')).toBe('23:05')
})

test.each([
  [30_000, '1 min'],
  [59 * 60_000, '59 min'],
  [60 * 60_000, '1 h'],
  [23.9 * 3_600_000, '23 h'],
  [24 * 3_600_000, '1 día'],
  [50 * 3_600_000, '2 días'],
])('waiting %d ms reads "%s"', (ms, text) => expect(formatWait('es', es, ms)).toBe(text))

test.each([
  [23.99, '23 h', false],
  [3, '3 h', false],
  [2.99, '2 h 59 min', false],
  [2, '2 h', false],
  [1.6667, '1 h 40 min', true],
  [0.2, '12 min', true],
  [0, '0 min', true],
])('%d h of the window read "%s", short: %s', (hours, text, short) => {
  expect(formatWindow(es, hours * 3_600_000 + 1000)).toEqual({ text, short })
})

test.each([
  ['+5491154823391', '+54 9 11 5482-3391'],
  ['+541154823391', '+54 11 5482-3391'],
  ['+5493415550148', '+54 9 341 555-0148'],
  ['+5492944123456', '+54 9 294 412-3456'],
  ['+5492954123456', '+54 9 2954 12-3456'],
  ['+5511987654321', '+55 11 98765-4321'],
  ['+551187654321', '+55 11 8765-4321'],
  ['+525512345678', '+52 55 1234 5678'],
  ['+5213331234567', '+52 1 33 3123 4567'],
  ['+526561234567', '+52 656 123 4567'],
  ['+14155238886', '+1 415 523-8886'],
  ['+51987654321', '+51 987 654 321'],
  ['+573001234567', '+57 300 123 4567'],
  ['+447911123456', '+44 791 112 3456'],
  ['+59899123456', '+598 991 234 56'],
  ['AR.1A2B', 'AR.1A2B'],
  ['SOPORTE', 'SOPORTE'],
])('%s reads %s, and never wraps', (phone, text) => {
  expect(formatPhone(phone).replaceAll('\u00a0', ' ')).toBe(text)
  expect(formatPhone(phone)).not.toContain(' ')
})

describe('words', () => {
  test('numbers agree, to 99+', () => {
    expect(plural('es', es.newMessages, 1)).toBe('1 mensaje nuevo')
    expect(plural('es', es.newMessages, 2)).toBe('2 mensajes nuevos')
    expect(plural('en', en.newMessages, 0)).toBe('0 new messages')
    expect(plural('pt', pt.newMessages, 0)).toBe('0 mensagem nova')
    expect(plural('es', es.newMessages, 120)).toBe('99+ mensajes nuevos')
    expect(fill('{name} contestó: “{text}”', { name: 'Beto', text: '{name}' })).toBe('Beto contestó: “{name}”')
  })

  /** `{n}` and the like, in order. */
  const holes = (value: unknown): string =>
    JSON.stringify([...String(JSON.stringify(value)).matchAll(/\{(\w+)\}/g)].map((match) => match[1]).toSorted())
  test.each(Object.keys(es) as (keyof typeof es)[])('%s has the same places to fill in each language, and no word is missing', (key) => {
    expect([holes(en[key]), holes(pt[key])]).toEqual([holes(es[key]), holes(es[key])])
    for (const words of [es, en, pt]) expect(JSON.stringify(words[key])).not.toContain('""')
  })

  test('each failure has a text for its code, else for its reason; what nobody knows keeps the words of Twilio', () => {
    const error = (code: number | null, reason: Parameters<typeof explainFailure>[1]['reason']) => ({
      code,
      reason,
      message: 'Odd thing',
      action: 'none' as const,
    })
    expect(explainFailure(failureTextsEs, error(63016, 'window'))).toBe('Pasaron 24 h desde su último mensaje.')
    expect(explainFailure(failureTextsEn, error(21211, 'invalid_number'))).toBe('The number is not valid.')
    expect(explainFailure(failureTextsEs, error(63099, 'template'))).toBe('La plantilla no se puede usar así.')
    expect(explainFailure(failureTextsPt, error(99999, 'unknown'))).toBe('Não se sabe por quê. Odd thing')
    expect(Object.keys(failureTextsEn.codes)).toEqual(Object.keys(failureTextsEs.codes))
    expect(Object.keys(failureTextsPt.codes)).toEqual(Object.keys(failureTextsEs.codes))
  })
})
