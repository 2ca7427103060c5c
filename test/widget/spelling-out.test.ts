// The words for a field that is missing, and for the letters that make an SMS dear.
import { describe, expect, test } from 'vitest'
import { missingField } from '../../widget/panel/forms/missing-field.ts'
import { dearSigns } from '../../widget/panel/segments/plain-letters.ts'

test.each([
  ['es', 'monto', 'Falta el monto'],
  ['es', 'fecha', 'Falta la fecha'],
  ['es', 'día', 'Falta el día'],
  ['es', 'dirección', 'Falta la dirección'],
  ['es', 'cuotas', 'Faltan las cuotas'],
  ['es', 'invitados', 'Faltan los invitados'],
  ['es', 'nombre del cliente', 'Falta el nombre del cliente'],
  ['es', '1', 'Falta 1'],
  ['pt', 'valor', 'Falta o valor'],
  ['pt', 'data', 'Falta a data'],
  ['pt', 'mensagens', 'Faltam as mensagens'],
  ['pt', 'dia', 'Falta o dia'],
  ['en', 'amount', 'Missing: amount'],
] as const)('%s: what is missing of %s has its article', (locale, field, says) => {
  expect(missingField(locale, field)).toBe(says)
})

describe('an SMS', () => {
  const long = 'a'.repeat(100)
  test.each([
    ['small signs cost nothing', `${long} ñ é ü ¿ ¡ €`, null],
    ['short enough as it is', 'á', null],
    ['an accent', `${long}á`, { signs: ['á'], plain: `${long}a`, segments: 1 }],
    ['each once', `${long}áóá`, { signs: ['á', 'ó'], plain: `${long}aoa`, segments: 1 }],
    ['written with a mark of its own', `${long}a\u0301`, { signs: ['á'], plain: `${long}a`, segments: 1 }],
    ['what the small signs have stays', `${long}é ñ í`, { signs: ['í'], plain: `${long}é ñ i`, segments: 1 }],
    ['quotes, dashes and dots', `${long}“—…”`, { signs: ['“', '—', '…', '”'], plain: `${long}"-..."`, segments: 1 }],
    ['an emoji has no other spelling, so that nothing is saved', `${long}á😀`, null],
  ])('%s', (_, text, expected) => {
    expect(dearSigns(text)).toEqual(expected)
  })
})
