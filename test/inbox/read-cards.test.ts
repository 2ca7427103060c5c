// Contact cards as phones write them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCards } from '../../server/inbox/read-cards.ts'

const card = (...lines: string[]) => ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD'].join('\r\n')

test.each<[what: string, file: string, cards: ReturnType<typeof readCards>]>([
  [
    'WhatsApp’s own',
    card('N:Gómez;Ana;;;', 'FN:Ana Gómez', 'item1.TEL;waid=5491144501001:+54 9 11 4450-1001', 'item1.X-ABLabel:Celular'),
    [{ name: 'Ana Gómez', phones: ['+54 9 11 4450-1001'] }],
  ],
  ['M17 no number', card('FN:Salón Norte'), [{ name: 'Salón Norte', phones: [] }]],
  [
    'M17 several in one file',
    `${card('FN:Ana', 'TEL:1')}\n\n${card('FN:Luz', 'TEL;TYPE=CELL,VOICE:2', 'TEL;TYPE=WORK:3')}`,
    [
      { name: 'Ana', phones: ['1'] },
      { name: 'Luz', phones: ['2', '3'] },
    ],
  ],
  ['a name in parts alone', card('N:Pérez;Luis;María;Dr.;', 'TEL:1'), [{ name: 'Dr. Luis María Pérez', phones: ['1'] }]],
  ['a firm alone', card('ORG:Flores\\, S.A.;Ventas', 'TEL:1'), [{ name: 'Flores, S.A. Ventas', phones: ['1'] }]],
  ['a long line that goes on', card('FN:Ana María de los\r\n  Ángeles', 'TEL:1'), [{ name: 'Ana María de los Ángeles', phones: ['1'] }]],
  [
    'version 2.1 in quoted-printable',
    card('FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9 =\r\nN=C3=BA=C3=B1ez', 'TEL;CELL:+34600000001'),
    [{ name: 'José Núñez', phones: ['+34600000001'] }],
  ],
  ['version 4.0', card('FN:Ana', 'TEL;VALUE=uri;TYPE="voice,cell":tel:+34600000001'), [{ name: 'Ana', phones: ['+34600000001'] }]],
  ['a number twice', card('FN:Ana', 'TEL:1', 'TEL:1'), [{ name: 'Ana', phones: ['1'] }]],
  ['a number that is none', card('FN:Ana', 'TEL:—'), [{ name: 'Ana', phones: [] }]],
  ['old line ends, small letters', 'begin:vcard\rfn:Ana\rtel:1\rend:vcard\r', [{ name: 'Ana', phones: ['1'] }]],
  ['a file that is cut off', 'BEGIN:VCARD\nFN:Ana', []],
  ['no card at all', 'FN:Ana\nEND:VCARD\nhola', []],
  ['markup is a name', card('FN:<b>Ana</b>'), [{ name: '<b>Ana</b>', phones: [] }]],
])('%s', (_what, file, cards) => {
  expect(readCards(file)).toEqual(cards)
})

test('never more than fifty cards, twenty numbers, two hundred letters', () => {
  const many = card(`FN:${'x'.repeat(999)}`, ...Array.from({ length: 99 }, (_, n) => `TEL:${n}`))
    .concat('\n')
    .repeat(99)
  const cards = readCards(many)
  expect(cards).toHaveLength(50)
  expect(cards[0]?.name).toHaveLength(200)
  expect(cards[0]?.phones).toHaveLength(20)
})

test('whatever a file holds is read, or nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom('BEGIN:VCARD', 'END:VCARD', 'FN;ENCODING=QUOTED-PRINTABLE:=C3=', 'TEL:'), fc.string())),
      (lines) => {
        for (const { name, phones } of readCards(lines.join('\n'))) expect([typeof name, Array.isArray(phones)]).toEqual(['string', true])
      },
    ),
  )
})

test('a file of a million signs that nobody wrote for a phone takes no longer than any other', () => {
  for (const sign of [';', ':', '=', '"', ' \n', ';x="', 'QUOTED-PRINTABLE=\n']) {
    const file = `BEGIN:VCARD\nFN${sign.repeat(1_000_000 / sign.length)}`
    expect(readCards(file)).toEqual([])
  }
})
