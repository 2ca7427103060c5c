import { describe, expect, test } from 'vitest'
import { contactTexts, createMatcher, messageTexts } from '../../server/rules/search.ts'

const table: [q: string, texts: (string | null)[], found: boolean, why: string][] = [
  ['15', ['Mesa 1, silla 5'], false, 'digits of two numbers are not one'],
  ['15', ['15 de Valentina'], true, 'a whole word'],
  ['15', ['Salón 150'], true, 'the beginning of a word'],
  ['15', ['Reserva 2015'], false, 'the end of a word'],
  ['15', [null, '+5491122334415'], false, 'two digits are in nearly every number'],
  ['vale', ['15 de Valentina'], true, 'the beginning of the third word'],
  ['lentina', ['Valentina'], false, 'the middle of a word'],
  ['valentina 15', ['15 de Valentina'], true, 'in any order'],
  ['herr paz', ['Casamiento Herrera–Paz'], true, 'words end at any sign'],
  ['ana casam', ['Ana Paz', 'Casamiento'], true, 'words of different texts'],
  ['ana luis', ['Ana Paz', 'Casamiento'], false, 'every word must be found'],
  ['NUNEZ', ['Íñigo Núñez'], true, 'without case and accents'],
  ['núñez', ['Inigo NUNEZ'], true, 'also where the query has them'],
  ['nu\u0301n\u0303ez', ['Núñez'], true, 'composed or not'],
  ['estacionamiento', ['¿Hay ESTACIONAMIENTO?'], true, 'signs around it'],
  ['¿hay', ['¿Hay ESTACIONAMIENTO?'], true, 'signs of the query are left out'],
  ['¿', ['¿Hay lugar?'], true, 'a query of signs alone is looked for as it is'],
  ['🎉', ['¡Nos vemos! 🎉'], true, 'so is an emoji'],
  ['%', ['100 por ciento'], false, 'no pattern'],
  ['.*', ['hola'], false, 'no pattern'],
  ['100%', ['Descuento del 100%'], true, 'a number with a sign'],
  ['11 2233', ['+54 9 11 2233-4455'], true, 'a number in another way of writing'],
  ['22334455', ['+54 9 11 2233-4455'], true, 'a number written together, in one that is grouped'],
  ['(011) 2233', ['+5491122334455'], false, 'a trunk prefix is not in the number'],
  ['1122334455', ['+5491122334455'], true, 'a number without its beginning'],
  ['4455', ['+5491122334455'], true, 'the end of a number'],
  ['+54 9 11', ['+5491122334455'], true, 'its beginning'],
  ['4455', ['whatsapp:+5491122334455'], true, 'with the channel in front'],
  ['455', ['Pedido 9455 de hoy'], false, 'a text with a number in it is a text'],
  ['2233', ['Sala 2233'], true, 'and found by its words'],
  ['  ana  ', ['Ana'], true, 'space around'],
  ['東京', ['東京タワー'], true, 'letters of any script'],
  ['ev-1', ['ev-1042'], true, 'ids by their parts'],
  ['ana', [], false, 'nothing to look in'],
  ['ana', [null, undefined as unknown as null], false, 'texts that are missing'],
]

describe('a search', () => {
  test.each(table)('%j in %j: %s (%s)', (q, texts, found) => {
    expect(createMatcher(q)?.(texts)).toBe(found)
  })
  test.each(['', '  ', null, undefined])('for %j asks for nothing', (q) => {
    expect(createMatcher(q)).toBe(null)
  })
})

test('a contact is found by its addresses, in whatever form they are', () => {
  const hidden = { address: 'AR.1A2B', phone: null }
  expect(
    contactTexts({ name: 'Ana', externalId: null, tags: ['vip'] }, [hidden, { address: '+5215512345678', phone: '+525512345678' }]),
  ).toEqual(expect.arrayContaining(['Ana', 'AR.1A2B', '+5215512345678', '+525512345678']))
})
test('what a sensitive message said is found by nobody', () => {
  const message = { text: 'Su código es 4711', author: { name: 'Ana' }, sensitive: false }
  expect(messageTexts(message)).toEqual([message.text, 'Ana'])
  expect(messageTexts({ ...message, sensitive: true })).toEqual([])
})
