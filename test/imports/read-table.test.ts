// What people call a CSV: read row by row, with each broken row told by its line.
import { describe, expect, test } from 'vitest'
import { DomainError } from '../../shared/problems.ts'
import { readTable } from '../../server/imports/read-table.ts'
import type { ColumnMapping } from '../../shared/import-columns.ts'

type Field = 'phone' | 'name' | 'tags'
const wanted = (mapping?: ColumnMapping<Field>) => ({ fields: ['phone', 'name', 'tags'] as const, mapping, oneOf: ['phone'] as const })

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const latin = (text: string) => Buffer.from(text, 'latin1')
const ana = { phone: '+54911', name: 'Ana' }

/** Each row in short: its line, and its values or its fault. The same in whatever pieces it comes. */
async function read(given: string | Uint8Array, mapping?: ColumnMapping<Field>): Promise<unknown[]> {
  const bytes = typeof given === 'string' ? Buffer.from(given) : given
  const once = async (size: number) => {
    const rows: unknown[] = []
    for await (const row of readTable(inPieces(bytes, size), wanted(mapping)))
      rows.push('fault' in row ? [row.line, row.fault] : [row.line, { ...row.values, ...row.others }])
    return rows
  }
  const rows = await once(64 * 1024)
  if (bytes.length < 10_000) for (const size of [1, 2, 7]) expect(await once(size), `in pieces of ${size}`).toEqual(rows)
  return rows
}

async function refusal(given: string | Uint8Array, mapping?: ColumnMapping<Field>): Promise<string> {
  const error: unknown = await read(given, mapping).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(DomainError)
  const { code, more } = error as DomainError
  expect(code).toBe('validation_failed')
  return (more.issues ?? []).map(({ path, message }) => `${path} ${message}`).join()
}

describe('a table', () => {
  test.each<[string, string | Uint8Array, unknown[]]>([
    ['commas', 'phone,name\n+54911,Ana\n', [[2, ana]]],
    ['no end of line at the end', 'phone,name\n+54911,Ana', [[2, ana]]],
    ['CRLF', 'phone,name\r\n+54911,Ana\r\n', [[2, ana]]],
    ['semicolons, as Excel writes in Spanish', 'Teléfono;Nombre\n+54911;"Díaz, Ana"', [[2, { phone: '+54911', name: 'Díaz, Ana' }]]],
    ['tabs', 'phone\tname\n+54911\tAna', [[2, ana]]],
    ['its separator said', 'sep=;\nphone;name\n+54911;Ana', [[3, ana]]],
    ['a mark of UTF-8 in front', '\uFEFFphone,name\n+54911,José', [[2, { phone: '+54911', name: 'José' }]]],
    ['Latin-1', latin('Tel\xe9fono;Nombre\n+54911;Mu\xf1oz'), [[2, { phone: '+54911', name: 'Muñoz' }]]],
    ['Windows-1252', latin('phone,name\n+54911,\x80 caf\xe9'), [[2, { phone: '+54911', name: '€ café' }]]],
    [
      'Latin-1 late',
      latin('phone,name\n+54911,Ana\n+54912,Mu\xf1oz'),
      [
        [2, ana],
        [3, { phone: '+54912', name: 'Muñoz' }],
      ],
    ],
    [
      'a damaged row of UTF-8',
      Buffer.concat([Buffer.from('phone,name\n+1,José\n+2,'), latin('Mu\xf1oz\n'), Buffer.from('+3,Ñu')]),
      [
        [2, { phone: '+1', name: 'José' }],
        [3, 'is no UTF-8, as the lines before are'],
        [4, { phone: '+3', name: 'Ñu' }],
      ],
    ],
    [
      'UTF-16, as Excel calls Unicode',
      Buffer.from('\uFEFFphone\tname\r\n+54911\tMuñoz', 'utf16le'),
      [[2, { phone: '+54911', name: 'Muñoz' }]],
    ],
    ['quotes', 'phone,name\n"+54911","Ana ""Nani"" D"', [[2, { phone: '+54911', name: 'Ana "Nani" D' }]]],
    [
      'a quote with new lines',
      'phone,name\r\n+54911,"Ana\r\nDíaz\r\n,x"\r\n+2,B',
      [
        [2, { phone: '+54911', name: 'Ana\nDíaz\n,x' }],
        [5, { phone: '+2', name: 'B' }],
      ],
    ],
    [
      'quotes in the middle',
      'phone,name\n+54911,Ana "Nani" D\n+2,5" pie',
      [
        [2, { phone: '+54911', name: 'Ana "Nani" D' }],
        [3, { phone: '+2', name: '5" pie' }],
      ],
    ],
    [
      'an open quote at the end',
      'phone,name\n+54911,Ana\n+2,"B',
      [
        [2, ana],
        [3, 'opens a quote that is not closed'],
      ],
    ],
    [
      'an open quote in the middle',
      'phone,name\n+1,"A\n+2,B\n+3,C',
      [
        [2, 'opens a quote that is not closed'],
        [3, { phone: '+2', name: 'B' }],
        [4, { phone: '+3', name: 'C' }],
      ],
    ],
    [
      'two open quotes',
      'phone,name\n+1,"A\n+2,"B\n+3,C',
      [
        [2, 'opens a quote that is not closed'],
        [3, 'opens a quote that is not closed'],
        [4, { phone: '+3', name: 'C' }],
      ],
    ],
    [
      'something behind a quote',
      'phone,name\n+1,"A"B\n+2,C',
      [
        [2, { phone: '+1', name: '"A"B' }],
        [3, { phone: '+2', name: 'C' }],
      ],
    ],
    [
      'too few cells',
      'phone,name\n+1\n+2,B',
      [
        [2, 'has 1 cells, the first line 2'],
        [3, { phone: '+2', name: 'B' }],
      ],
    ],
    [
      'too many cells',
      'phone,name\n+1,A,x\n+2,B',
      [
        [2, 'has 3 cells, the first line 2'],
        [3, { phone: '+2', name: 'B' }],
      ],
    ],
    ['empty cells behind', 'phone,name\n+54911,Ana,,\n', [[2, ana]]],
    [
      'empty lines',
      '\n\nphone,name\n\n+54911,Ana\n   \n\n+2,B\n',
      [
        [5, ana],
        [8, { phone: '+2', name: 'B' }],
      ],
    ],
    ['cells with spaces', 'phone , name\n +54911 ,  Ana ', [[2, ana]]],
    ['an empty cell', 'phone,name\n+1,', [[2, { phone: '+1' }]]],
    [
      'NUL',
      'phone,name\n+1,A\u0000\n+2,B',
      [
        [2, 'holds a sign that is no text (NUL)'],
        [3, { phone: '+2', name: 'B' }],
      ],
    ],
    ['heads alone', 'phone,name\n', []],
    ['a column of its own', 'phone,Ciudad\n+1,Rosario', [[2, { phone: '+1', Ciudad: 'Rosario' }]]],
    [
      'one column',
      'phone\n+1\n+2',
      [
        [2, { phone: '+1' }],
        [3, { phone: '+2' }],
      ],
    ],
    [
      'a name that objects have',
      'phone,__proto__,constructor\n+1,a,b',
      [[2, JSON.parse('{"phone":"+1","__proto__":"a","constructor":"b"}') as object]],
    ],
  ])('with %s', async (_, given, expected) => {
    expect(JSON.stringify(await read(given))).toBe(JSON.stringify(expected))
  })

  test('with a line of 10 MB has one broken row', async () => {
    const rows = await read(`phone,name\n+1,${'x'.repeat(10_000_000)}\n+2,B`)
    expect(rows).toEqual([
      [2, 'is longer than 64 kB'],
      [3, { phone: '+2', name: 'B' }],
    ])
  })

  test('with an open quote and many rows behind loses that row alone', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `+${index},N`)
    const all = await read(`phone,name\n+x,"N\n${rows.join('\n')}`)
    expect(all).toHaveLength(20_001)
    expect(all[0]).toEqual([2, 'opens a quote that is not closed'])
    expect(all[1]).toEqual([3, { phone: '+0', name: 'N' }])
  })

  test.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'line 1 is missing: the file is empty'],
    ['empty lines alone', '\n \n', 'line 1 is missing: the file is empty'],
    ['no heads', '+54911,Ana\n+2,B', 'line 1 names no column for phone; there are: +54911, Ana'],
    ['doubled heads', 'phone,name,Name,name\n', 'line 1 has two columns called "name"'],
    ['an Excel file', latin('PK\x03\x04\x14\x00'), 'line 1 is a file of Excel: save it as CSV (UTF-8) first'],
    ['a picture', latin('\x89PNG\x0d\x0a\x1a\x0a\x00\x00'), 'line 1 names no column for phone; there are: ‰PNG'],
    ['a JSON list', '[{"phone":"+1"}]', 'line 1 is one JSON list: send an object per line'],
    ['a first line of 10 MB', 'x'.repeat(10_000_000), 'line 1 is longer than 64 kB'],
    ['an open quote in the heads', '"phone,name\n+1,A', 'line 1 opens a quote that is not closed'],
  ])('that is %s is refused as a whole', async (_, given, expected) => {
    expect(await refusal(given)).toBe(expected)
  })

  test('has the columns that the caller says', async () => {
    expect(await read('a,b\n+1,Ana', { phone: 'a', name: 'B' })).toEqual([[2, { phone: '+1', name: 'Ana' }]])
    expect(await refusal('a,b\n+1,Ana', { phone: 'c' })).toBe('columns.phone there is no column "c"; there are: a, b')
  })

  test('of which the upload breaks off gives what was whole, then the fault', async () => {
    async function* cut() {
      yield Buffer.from('phone,name\n+54911,Ana\n+2,B')
      throw new Error('aborted')
    }
    const rows: unknown[] = []
    const reading = async () => {
      for await (const row of readTable(cut(), wanted())) rows.push(row)
    }
    await expect(reading()).rejects.toThrow('aborted')
    expect(rows).toEqual([{ line: 2, values: ana, others: {} }])
  })
})

describe('JSON lines', () => {
  test.each<[string, string, unknown[]]>([
    [
      'objects',
      '{"phone":"+54911","name":"Ana"}\n\n{"telefono":"+2"}',
      [
        [1, ana],
        [3, { phone: '+2' }],
      ],
    ],
    [
      'numbers, lists and empty values',
      '{"phone":5491122334455,"tags":["a","b"],"name":null}',
      [[1, { phone: '5491122334455', tags: 'a;b' }]],
    ],
    ['objects in it', '{"phone":"+1","attributes":{"ciudad":"Rosario"}}', [[1, { phone: '+1', 'attributes.ciudad': 'Rosario' }]]],
    [
      'a broken line',
      '{"phone":"+1"}\n{"phone":\n[1]\n{"phone":"+2"}',
      [
        [1, { phone: '+1' }],
        [2, 'is no JSON object'],
        [3, 'is no JSON object'],
        [4, { phone: '+2' }],
      ],
    ],
    ['no number', '{"name":"Ana"}', [[1, 'names no column for phone; there are: name']]],
  ])('with %s', async (_, given, expected) => {
    expect(await read(given)).toEqual(expected)
  })
  test('has the columns that the caller says', async () => {
    expect(await read('{"p":"+1","tel":"+9"}\n{"tel":"+9"}', { phone: 'p' })).toEqual([
      [1, { phone: '+1', tel: '+9' }],
      [2, 'names no column for phone; there are: tel'],
    ])
  })
})
