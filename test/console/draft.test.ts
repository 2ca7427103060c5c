// What the form of a campaign makes of what somebody typed, and of a file as people have it.
import { describe, expect, test } from 'vitest'
import { bodyOf, type Draft, draftOf, faultsOf, newDraft } from '../../console/pages/campaigns/compose/draft.ts'
import { sampleText } from '../../console/pages/campaigns/compose/sample.ts'
import { createRowReader, guessColumns, openTable, recipientIn } from '../../console/pages/campaigns/compose/table-file.ts'
import { campaignBody, type CampaignShown } from '../../shared/campaigns.ts'
import type { Template } from '../../shared/model.ts'

const zone = 'America/Argentina/Buenos_Aires'
const now = Date.parse('2026-03-02T12:00:00Z')
const template = { name: 'news', language: 'es', body: 'Hola {{nombre}}: {{tema}}', defaults: {} } as Template
const other = { ...template, name: 'other', body: 'Chau {{nombre}}' }
const templates = [template, other]
const whole: Draft = { ...newDraft, name: 'News', template: 'es|news' }

describe('what is wrong with a draft', () => {
  test.each<[string, Partial<Draft>, object]>([
    ['nothing', {}, {}],
    ['no name', { name: ' ' }, { name: 'name' }],
    ['no template', { template: 'es|gone' }, { template: 'template' }],
    ['compared with itself', { compares: true, templateB: 'es|news' }, { templateB: 'templateB' }],
    ['no text', { kind: 'text' }, { text: 'text' }],
    ['no tag', { audience: 'tag' }, { tag: 'tag' }],
    ['no field', { audience: 'field' }, { field: 'field' }],
    ['no ids', { audience: 'coordinations', ids: ' \n;' }, { ids: 'ids' }],
    [
      'too many numbers',
      { audience: 'phones', phones: Array.from({ length: 1001 }, (_, n) => `+54911${n}`).join('\n') },
      { phones: 'tooMany' },
    ],
    ['no file', { audience: 'upload' }, { file: 'file' }],
    ['no rate', { perSecond: '0' }, { perSecond: 'perSecond' }],
    ['half a person each second', { perSecond: '1.5' }, { perSecond: 'perSecond' }],
    ['no size of the slice', { slice: '' }, { slice: 'slice' }],
    ['no slice at all', { hasSlice: false, slice: '' }, {}],
    ['no time', { when: 'at', day: '' }, { time: 'time' }],
    ['a time that has passed', { when: 'at', day: '2026-03-02', hour: '08:59' }, { time: 'past' }],
    ['a time to come', { when: 'at', day: '2026-03-02', hour: '09:01' }, {}],
    ['this morning, which is still to come elsewhere', { when: 'local', day: '2026-03-02', hour: '08:00' }, {}],
    ['the day before yesterday', { when: 'local', day: '2026-02-28', hour: '08:00' }, { time: 'past' }],
  ])('%s', (_, part, faults) => {
    expect(faultsOf({ ...whole, ...part }, templates, zone, now)).toEqual(faults)
  })
})

describe('the call that it becomes is one that the server takes', () => {
  test.each<[string, Partial<Draft>, object]>([
    [
      'a template in its language',
      {},
      { template: { name: 'news', language: 'es' }, firstSlice: 250, maxPerSecond: 80, audience: { type: 'all' } },
    ],
    [
      'two templates, and the values that they need',
      { compares: true, templateB: 'es|other', variables: { tema: 'pan', nombre: ' ', street: 'x' } },
      { templateB: { name: 'other', language: 'es' }, variables: { tema: 'pan' } },
    ],
    ['a text', { kind: 'text', text: 'Hola', hasSlice: false }, { text: 'Hola', firstSlice: null }],
    ['records by a number', { audience: 'field', field: 'floor', value: '3' }, { audience: { type: 'field', field: 'floor', value: 3 } }],
    [
      'records by a number in words',
      { audience: 'field', field: 'zip', value: '007' },
      { audience: { type: 'field', field: 'zip', value: '007' } },
    ],
    ['numbers, each once', { audience: 'phones', phones: '+1\n +2;+1 ' }, { audience: { type: 'phones', phones: ['+1', '+2'] } }],
    ['a moment', { when: 'at', day: '2026-03-03', hour: '10:00' }, { startAt: '2026-03-03T13:00:00.000Z' }],
    ['a time where each one lives', { when: 'local', day: '2026-03-03', hour: '10:00' }, { startAt: '2026-03-03T10:00' }],
    ['another number of ours', { from: '+5491150000000' }, { from: '+5491150000000' }],
  ])('%s', (_, part, body) => {
    const made = bodyOf({ ...whole, ...part }, templates, zone)
    expect(made).toMatchObject(body)
    expect(campaignBody.safeParse(made).error).toBeUndefined()
  })
  test('a value that no text needs is left out', () => {
    const made = bodyOf({ ...whole, variables: { tema: 'pan', nombre: ' ', street: 'x' } }, templates, zone)
    expect(made).toHaveProperty('variables', { tema: 'pan' })
  })
  test('a campaign that there is gives the draft that makes it again', () => {
    const draft = { ...whole, compares: true, templateB: 'es|other', variables: { tema: 'pan' }, audience: 'tag', tag: 'vip' } as const
    const made = { text: null, templateB: null, ...bodyOf(draft, templates, zone) } as CampaignShown
    expect(bodyOf(draftOf(made), templates, zone)).toEqual(bodyOf(draft, templates, zone))
  })
})

describe('a file', () => {
  const read = async (content: BlobPart) => await openTable(new File([content], 'people.csv'))
  const cells = async (content: BlobPart) => {
    const found: string[][] = []
    for await (const row of (await read(content)).rows()) found.push(row.cells)
    return found
  }
  test.each<[string, BlobPart, string[][]]>([
    [
      'with commas',
      'a,b\n1,2\n3,4',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['with semicolons and a mark at its beginning', '\uFEFFa;b\r\n1,5;2\r\n', [['1,5', '2']]],
    ['with tabs', 'a\tb\n1\t2', [['1', '2']]],
    ['with quotes, doubled ones, and a line inside', 'a,b\n"x, ""y""","two\nlines"\n', [['x, "y"', 'two\nlines']]],
    ['with empty lines and old line ends', 'a,b\r\r1,2\r', [['1', '2']]],
    ['in the encoding of Excel', new Uint8Array([97, 59, 98, 10, 68, 237, 97, 122, 59, 49]), [['Díaz', '1']]],
    ['that ends in a quoted cell', 'a\n"x"', [['x']]],
    ['of headings alone', 'a,b\n', []],
    ['that is empty', '', []],
  ])('%s', async (_, content, rows) => {
    expect(await cells(content)).toEqual(rows)
  })
  test('names each row by its line', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { first } = await read(['a,b', '"x', 'y",1', '', '3,4', ''].join(end))
      expect(first.map(({ line }) => line)).toEqual([2, 5])
    }
  })
  test('is read the same in pieces of any size', () => {
    const text = 'a;b\r\n"x ""y""\r\nz";1\r\n;2\r\n'
    const inPieces = (size: number) => {
      const reader = createRowReader(';')
      const found = []
      for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size)))
      return [...found, ...reader.end()]
    }
    for (const size of [1, 2, 3, 5]) expect(inPieces(size), String(size)).toEqual(inPieces(text.length))
  })
  test('says what its columns are, each thing once', () => {
    expect(guessColumns(['Nombre', 'Teléfono', 'Celular', 'Tema', 'Mail'], ['nombre', 'tema'])).toEqual([
      ...['value:nombre', 'to', 'skip', 'value:tema', 'skip'],
    ])
    expect(guessColumns(['Name', 'Phone number', 'Text'], [])).toEqual(['name', 'to', 'text'])
  })
  test('gives recipients; an empty cell says nothing', () => {
    const columns = ['to', 'name', 'value:tema', 'skip'] as const
    expect(recipientIn({ line: 2, cells: [' +54 9 11 ', '', 'pan', 'x'] }, columns)).toEqual({ to: '+54 9 11', variables: { tema: 'pan' } })
  })
})

test('the message of one: their own value, then the one for all, then what is known, then the template’s own', () => {
  const when = { day: () => 'lunes', time: () => '10:00' }
  const said = (variables: Record<string, string>, own: Record<string, string>, defaults = {}) =>
    sampleText('{{nombre}}|{{tema}}', { ...whole, variables }, { to: '+1', name: 'Ana Díaz', variables: own }, when, { defaults })
  expect(said({}, {})).toBe('Ana|{{tema}}')
  expect(said({ tema: 'pan' }, {})).toBe('Ana|pan')
  expect(said({ tema: 'pan', nombre: 'vecina' }, { tema: 'vino' })).toBe('vecina|vino')
  expect(said({ tema: '' }, {}, { tema: 'sal' })).toBe('Ana|sal')
})
