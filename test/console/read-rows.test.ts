// The first rows of a file that is about to be imported, however programs write one; and the call that the chosen columns become.
import { describe, expect, test } from 'vitest'
import { chosenFault, faultsAsCsv, guessColumns, importQuery } from '../../console/pages/contacts/import-draft.ts'
import { readBeginning } from '../../console/pages/contacts/read-rows.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding))

describe('the first rows', () => {
  test.each<[string, Uint8Array, string[][]]>([
    [
      'commas',
      bytes('a,b\n1,2\n'),
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons, as Excel writes them',
      bytes('sep=;\r\na;b\r\n1,5;2\r\n'),
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'tabs',
      bytes('a\tb\n1\t2'),
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a mark at the start',
      bytes('\uFEFFa,b\n1,2'),
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'Windows-1252',
      bytes('año;niño\n1;2', 'latin1'),
      [
        ['año', 'niño'],
        ['1', '2'],
      ],
    ],
    [
      'UTF-16',
      bytes('\uFEFFaño,b\n1,2', 'utf16le'),
      [
        ['año', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes with separators, quotes and line ends in them',
      bytes('"a;x","b"\n"1 ""uno""","dos\ntres"'),
      [
        ['a;x', 'b'],
        ['1 "uno"', 'dos\ntres'],
      ],
    ],
    [
      'empty lines',
      bytes('\n\na,b\n\n1,2\n'),
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'JSON lines',
      bytes('{"a":1,"b":["x"]}\nbroken\n{"c":"y"}'),
      [
        ['a', 'b', 'c'],
        ['1', '["x"]', ''],
        ['', '', 'y'],
      ],
    ],
  ])('%s', (_what, given, [header = [], ...rows]) => {
    expect(readBeginning(given, true)).toMatchObject({ header, rows, isEmpty: false })
  })
  test('a file that goes on: the line that was cut, and the letter, are not shown', () => {
    const cut = bytes('nombre\nAna\nÍñi').slice(0, -1)
    expect(readBeginning(cut.slice(0, -1), false)).toMatchObject({ header: ['nombre'], rows: [['Ana']] })
  })
  test('nothing in it', () => expect(readBeginning(bytes(''), true).isEmpty).toBe(true))
})

describe('the columns', () => {
  test('are guessed as the server would take them', () => {
    expect(guessColumns(['Teléfono móvil', 'Nombre y apellido', 'Mesa', ''])).toEqual(['phone', 'name', 'detail', 'none'])
  })
  test('one must say who it is, and each field is one column', () => {
    expect(chosenFault(['name', 'detail'])).toBe('none')
    expect(chosenFault(['phone', 'phone'])).toEqual({ doubled: 'phone' })
    expect(chosenFault(['phone', 'name', 'none', 'detail', 'detail'])).toBeNull()
  })
  test('become a call that says of each field whether a column is it', () => {
    const {
      columns = '',
      attributes,
      dryRun,
    } = importQuery(['Tel', 'Nombre', 'Mesa', 'Interno'], ['phone', 'detail', 'detail', 'none'], true)
    expect(JSON.parse(columns)).toMatchObject({ phone: 'Tel', name: '', sms: '' })
    expect([attributes, dryRun]).toEqual(['Nombre,Mesa', '1'])
    expect(importQuery(['Tel', 'Mesa'], ['phone', 'detail'], false)).toMatchObject({ attributes: '*' })
  })
})

test('faults are a table that a spreadsheet reads', () => {
  expect(faultsAsCsv([{ line: 3, message: 'has a "quote", and more' }], ['Line', 'Fault'])).toBe(
    'Line,Fault\r\n3,"has a ""quote"", and more"\r\n',
  )
})
