// The panel's pure rules: what stands where in a transcript, which order a list holds, which instant a clock there shows.
import { describe, expect, test } from 'vitest'
import { words as en } from '../../widget/locales/en.ts'
import { words as es } from '../../widget/locales/es.ts'
import { words as pt } from '../../widget/locales/pt.ts'
import type { Words } from '../../widget/locales/words.ts'
import { inOldOrder, onlyGrows } from '../../widget/panel/hold-order.ts'
import { hueOf, initials } from '../../widget/panel/names.ts'
import { templateTitle } from '../../widget/panel/template-title.ts'
import { problemText } from '../../widget/panel/problem-text.ts'
import { splitLinks } from '../../widget/panel/rich/split-links.ts'
import { clientLanguage } from '../../widget/panel/forms/client-language.ts'
import { nameOf } from '../../widget/panel/forms/name-of.ts'
import { templateValues } from '../../widget/panel/forms/template-values.ts'
import { placeRows } from '../../widget/panel/use-row-places.ts'
import { keepItems, transcriptItems } from '../../widget/panel/transcript-items.ts'
import { dayThere, fromFields, instantOf, tomorrowAt } from '../../widget/panel/menus/zoned-time.ts'
import type { Unsent } from '../../widget/client/client.ts'
import { at, beto, byAgent, conversations, inOrder, message, templates } from './fixtures/sample.ts'

const zone = { locale: 'es', timezone: 'America/Argentina/Buenos_Aires' } as const
const kinds = (items: ReturnType<typeof transcriptItems>) => items.map((item) => (item.kind === 'bubble' && item.next ? 'next' : item.kind))

describe('a transcript', () => {
  test('separates days of the zone, and groups what one author wrote within five minutes', () => {
    const messages = inOrder([
      message('sofia', { createdAt: '2026-11-23T02:58:00.000Z' }),
      message('sofia', { createdAt: '2026-11-23T03:01:00.000Z' }),
      message('sofia', { createdAt: '2026-11-23T03:04:00.000Z' }),
      message('sofia', { createdAt: '2026-11-23T03:20:00.000Z' }),
      message('sofia', { direction: 'outbound', createdAt: '2026-11-23T03:21:00.000Z' }),
      message('sofia', { direction: 'outbound', author: byAgent(beto), createdAt: '2026-11-23T03:22:00.000Z' }),
    ])
    expect(kinds(transcriptItems(messages, [], { zone, newAfterSeq: null }))).toEqual([
      'day',
      'bubble',
      'day',
      'bubble',
      'next',
      'bubble',
      'bubble',
      'bubble',
    ])
  })

  test('draws the line before the first that came after what was read, and only before a client’s', () => {
    const messages = inOrder([
      message('sofia', { createdAt: at(9) }),
      message('sofia', { direction: 'outbound', createdAt: at(8) }),
      message('sofia', { createdAt: at(7) }),
    ])
    expect(kinds(transcriptItems(messages, [], { zone, newAfterSeq: 1 }))).toEqual(['day', 'bubble', 'bubble', 'new', 'bubble'])
    expect(kinds(transcriptItems(messages, [], { zone, newAfterSeq: 3 }))).toEqual(['day', 'bubble', 'bubble', 'bubble'])
  })

  test('keeps the place and the object of what did not change', () => {
    const messages = inOrder([
      message('sofia', { createdAt: at(9) }),
      message('sofia', { direction: 'outbound', clientMessageId: 'c1', createdAt: at(1) }),
    ])
    const before = transcriptItems(messages, [], { zone, newAfterSeq: null })
    const [first, second] = messages
    if (!first || !second) throw new Error('There are two.')
    const after = keepItems(before, transcriptItems([first, { ...second, status: 'read', rev: 2 }], [], { zone, newAfterSeq: null }))
    expect(after[1]).toBe(before[1])
    expect(after[2]).not.toBe(before[2])
    expect(after[2]?.key).toBe('c1')
  })

  test('shows a send with files as the messages that it becomes, under the names that the server gives them', () => {
    const file = { id: 'u', contentType: 'application/pdf', size: 1, filename: 'a.pdf' }
    const parts = [
      { text: 'hola', files: [] },
      { text: '', files: [file] },
      { text: '', files: [file] },
    ]
    const unsent: Unsent = {
      ...{ clientMessageId: 'c1', conversationId: 'sofia', text: 'hola', note: false, template: null, parts, createdAt: 0 },
      ...{ state: 'waiting', problem: null },
    }
    const items = transcriptItems([], [unsent], { zone, newAfterSeq: null })
    expect(items.map((item) => (item.kind === 'bubble' ? [item.key, item.part?.text, item.part?.files.length] : null))).toEqual([
      ['c1', 'hola', 0],
      ['c1_02', '', 1],
      ['c1_03', '', 1],
    ])
    expect(kinds(items)).toEqual(['bubble', 'next', 'next'])
  })

  test('dates what is unsent by the server’s clock, under no day of its own', () => {
    const skewMs = 2 * 24 * 3600_000
    const [sent] = inOrder([message('sofia', { createdAt: '2026-11-23T23:00:00.000Z' })])
    const unsent: Unsent = {
      clientMessageId: 'c1',
      conversationId: 'sofia',
      text: 'Hola',
      note: false,
      template: null,
      createdAt: Date.parse('2026-11-24T15:00:00.000Z') + skewMs,
      state: 'waiting',
      problem: null,
    }
    if (!sent) throw new Error('There is one.')
    const items = transcriptItems([sent], [unsent, { ...unsent, clientMessageId: 'c2' }], { zone, newAfterSeq: null, skewMs })
    expect(kinds(items)).toEqual(['day', 'bubble', 'bubble', 'next'])
    expect(items[2]).toMatchObject({ key: 'c1', at: '2026-11-24T15:00:00.000Z' })
  })

  test('says whose card still has something to do', () => {
    const failed = message('sofia', { direction: 'outbound', status: 'failed', createdAt: at(5) })
    const items = transcriptItems(
      inOrder([failed, message('sofia', { direction: 'outbound', retryOf: failed.id, createdAt: at(1) })]),
      [],
      { zone, newAfterSeq: null },
    )
    expect(items.flatMap((item) => (item.kind === 'bubble' ? [[item.isRetried, item.isLastOwn]] : []))).toEqual([
      [true, false],
      [false, true],
    ])
  })
})

describe('a held list', () => {
  const of = (...ids: string[]) => ids.map((id) => ({ id, rev: 1 }))
  test('shows new objects in the old order, and what left in its old place', () => {
    expect(inOldOrder(of('a', 'b', 'c'), [{ id: 'c', rev: 2 }, ...of('d', 'a')])).toEqual([
      { id: 'a', rev: 1 },
      { id: 'b', rev: 1 },
      { id: 'c', rev: 2 },
    ])
  })
  test('need not wait when only more come at the end', () => {
    expect(onlyGrows(of('a', 'b'), of('a', 'b', 'c'))).toBe(true)
    expect(onlyGrows(of('a', 'b'), of('b', 'a'))).toBe(false)
    expect(onlyGrows(of('a', 'b'), of('a'))).toBe(false)
  })
})

describe('the rows of a long list', () => {
  const sorted = (rows: readonly number[]) => [...rows].sort((a, b) => a - b)
  const all = Array.from({ length: 15 }, (_, n) => 97 + n)

  test('are drawn at once where they are in sight, and a few at a time around it', () => {
    const first = placeRows([], 100, 9)
    expect(sorted(first).filter((row) => row >= 0)).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108])
    const second = placeRows(first, 100, 9)
    expect(sorted(second)).toEqual(all)
    expect(placeRows(second, 100, 9)).toBe(second)
  })

  test('keep their nodes while one scrolls: what leaves at one end comes in at the other', () => {
    const before = placeRows(placeRows([], 100, 9), 100, 9)
    const after = placeRows(before, 104, 9)
    expect(sorted(after)).toEqual(all.map((row) => row + 4))
    expect(after.filter((row, node) => row !== before[node])).toHaveLength(4)
  })
})

describe('links', () => {
  test.each([
    ['Mirá https://a.example/x?y=1.', ['Mirá ', 'https://a.example/x?y=1', '.']],
    ['(https://a.example/x)', ['(', 'https://a.example/x', ')']],
    ['https://a.example/x_(y)', ['', 'https://a.example/x_(y)', '']],
    ['javascript:alert(1) data:text/html,x ftp://a.example', ['javascript:alert(1) data:text/html,x ftp://a.example']],
    ['<a href="https://a.example">x</a>', ['<a href="', 'https://a.example', '">x</a>']],
  ])('%s', (text, parts) => {
    expect(splitLinks(text)).toEqual(parts)
  })
  test.each([
    ['a quote of Spanish closes', '«https://a.example/x»', 'https://a.example/x'],
    ['a single quote closes', '‘https://a.example/x’', 'https://a.example/x'],
    ['and a straight one', "'https://a.example/x', dijo", 'https://a.example/x'],
    ['an apostrophe between letters does not', 'https://a.example/Rubik’s_cube', 'https://a.example/Rubik’s_cube'],
    ['nor a straight one', "https://a.example/Rubik's_cube", "https://a.example/Rubik's_cube"],
    ['a bracket that was opened outside closes', '(ver https://es.wikipedia.org/wiki/Ana_(b))', 'https://es.wikipedia.org/wiki/Ana_(b)'],
    ['with its full stop', '(https://a.example/x).', 'https://a.example/x'],
    ['a square one', '[https://a.example/b]', 'https://a.example/b'],
    ['one in the middle', '[x](https://a.example/b),y', 'https://a.example/b'],
    ['of full width', '（https://a.example/b）', 'https://a.example/b'],
    ['one that stays open is not of it', 'https://a.example/b (sic)', 'https://a.example/b'],
    ['nor right behind', 'https://a.example/b(', 'https://a.example/b'],
    ['brackets of an address of six bytes', 'http://[::1]:8080/x', 'http://[::1]:8080/x'],
    ['a sign without width ends it', 'https://a.example/c\u200b', 'https://a.example/c'],
    ['a mark of direction', '\u2068https://a.example/c\u2069', 'https://a.example/c'],
    ['a filler', 'https://a.example/c\u2800', 'https://a.example/c'],
    ['an underscore of an id is its own', 'https://youtu.be/abcdefghij_', 'https://youtu.be/abcdefghij_'],
    ['before a full stop too', 'https://youtu.be/abcdefghij_.', 'https://youtu.be/abcdefghij_'],
    ['a tilde', 'https://a.example/~', 'https://a.example/~'],
    ['an underscore of a pair is not', '_https://a.example/d_', 'https://a.example/d'],
    ['wherever the pair began', '*Mirá https://a.example/d*', 'https://a.example/d'],
    ['two pairs', '*_https://a.example/d_*', 'https://a.example/d'],
    ['a full stop inside of the pair', '*https://a.example/d.*', 'https://a.example/d'],
    ['one pair, and one of its own', '_https://a.example/d__', 'https://a.example/d_'],
    ['a pair that ended before', '_mirá_ https://a.example/d_', 'https://a.example/d_'],
    ['one of another line', '_mirá\nhttps://a.example/d_', 'https://a.example/d_'],
    ['one inside of a word', 'mi_id https://a.example/d_', 'https://a.example/d_'],
    ['a full stop of Chinese', 'https://a.example/d。', 'https://a.example/d'],
  ])('where they end: %s: %s', (_, text, link) => {
    expect(splitLinks(text)[1]).toBe(link)
  })
})

describe('the time there', () => {
  test('is an instant whatever the zone, also on the days when clocks change', () => {
    expect(instantOf('America/Argentina/Buenos_Aires', 2026, 11, 24, 9, 0).toISOString()).toBe('2026-11-24T12:00:00.000Z')
    expect(instantOf('Europe/Madrid', 2026, 3, 29, 9, 0).toISOString()).toBe('2026-03-29T07:00:00.000Z')
    expect(instantOf('Europe/Madrid', 2026, 10, 25, 9, 0).toISOString()).toBe('2026-10-25T08:00:00.000Z')
    expect(instantOf('Europe/Madrid', 2026, 3, 29, 2, 30).toISOString()).toMatch(/^2026-03-29T0[01]:30/)
  })
  test('has its own day and tomorrow', () => {
    const late = Date.parse('2026-12-01T01:00:00.000Z')
    expect(dayThere(zone, late)).toBe('2026-11-30')
    expect(tomorrowAt(zone, late, 9).toISOString()).toBe('2026-12-01T12:00:00.000Z')
    expect(fromFields(zone, '2026-11-25', '')).toBeNull()
    expect(fromFields(zone, '2026-11-25', '10:00')?.toISOString()).toBe('2026-11-25T13:00:00.000Z')
  })
})

test('a template’s form takes the record’s data, then what the page gave, then what it knows, and leaves the rest empty', () => {
  const [, , quota] = templates
  const [sofia] = conversations
  if (!quota || !sofia) throw new Error('They are in the sample.')
  const known = {
    record: {},
    page: { fecha: 'el lunes' },
    conversation: sofia,
    names: { agentName: 'Ana Díaz', senderName: 'Salón Sol' },
    zone,
  }
  expect(templateValues(quota, {}, known)).toEqual({ nombre: 'Sofía', monto: '', fecha: 'el lunes' })
  const record = { Monto: '480.000', Fecha: '12/3', NOMBRE: 'Sofi' }
  expect(templateValues(quota, {}, { ...known, record }), 'the record first').toEqual({ nombre: 'Sofi', monto: '480.000', fecha: '12/3' })
  expect(templateValues(quota, { fecha: 'hoy' }, { ...known, record }).fecha, 'what was typed before all').toBe('hoy')
  expect(templateValues(quota, { monto: '10' }, known).monto).toBe('10')
})

test.each([
  ['his last template', [{ direction: 'outbound', template: { name: 'hello', variables: {} } }], '+5491154823391', 'en'],
  ['his country', [], '+5511987654321', 'pt'],
  ['his country', [], '+14155238886', 'en'],
  ['an island that speaks Spanish behind +1', [], '+18095551234', 'es'],
  ['a country that nobody named: the agent’s', [], '+8190123456789', 'es'],
  ['no number: the agent’s', [], null, 'es'],
  [
    'a template that is no more: his country',
    [{ direction: 'outbound', template: { name: 'gone', variables: {} } }],
    '+447700900123',
    'en',
  ],
] as const)('a client’s language: %s', (_, messages, phone, language) => {
  expect(clientLanguage(messages, [{ name: 'hello', language: 'en_US' }], phone, 'es')).toBe(language)
})

test('a template of another language than the agent’s says which', () => {
  expect(nameOf({ name: 'saludo', language: 'en_US' }, 'es')).toBe('Saludo · inglés')
  expect(nameOf({ name: 'saludo', language: 'es_AR' }, 'es')).toBe('Saludo')
  expect(nameOf({ name: 'welcome_back', language: 'pt_BR' }, 'en')).toBe('Welcome back · Portuguese')
})

test('people have initials, numbers have none; one id has one hue', () => {
  expect([initials('Sofía Herrera'), initials('beto'), initials('+54 9 11 3377-0182'), initials('Ana María de Paz')]).toEqual([
    'SH',
    'BE',
    '',
    'AP',
  ])
  expect(hueOf('contact-1')).toBe(hueOf('contact-1'))
})

describe('what the server does not take', () => {
  const say = (words: Words, path?: string) =>
    problemText(words, { code: 'validation_failed', ...(path === undefined ? {} : { issues: [{ path, message: '' }] }) })
  const paths = ['text', 'note', 'template.variables.x', 'sendAt', 'snoozedUntil', 'name', 'tags.0', 'coordinationId', 'replyToId', 'to']
  test.each([
    ['es', es],
    ['en', en],
    ['pt', pt],
  ])('has words of its own, by the field, in %s', (_, words) => {
    expect(paths.map((path) => say(words, path))).toEqual([
      words.invalid.text,
      words.invalid.text,
      words.invalid.template,
      words.invalid.time,
      words.invalid.time,
      words.invalid.name,
      words.invalid.tags,
      words.invalid.record,
      words.invalid.quote,
      words.invalidNumber,
    ])
    expect(say(words, 'addresses.0.phone')).toBe(words.invalidNumber)
    expect(say(words, 'constructor')).toBe(words.invalid.other.replace('{path}', 'constructor'))
    expect(say(words)).toBe(words.invalid.other.replace('{path}', '?'))
    expect(problemText(words, { code: 'invalid_phone' })).toBe(words.invalidNumber)
  })
})

test('initials, titles and cut texts hold whole signs', () => {
  const accented = 'e\u0301lodie a\u0303ngela'
  expect(initials(accented)).toBe('E\u0301A\u0303')
  expect(initials('o\u0308')).toBe('O\u0308')
  expect(initials('𝒜na')).toBe('𝒜N')
  expect(initials('नीता कुमार')).toBe('नीकु')
  expect(templateTitle('e\u0301xito_total')).toBe('E\u0301xito total')
  expect(templateTitle('👩‍👩‍👧_familia')).toBe('👩‍👩‍👧 familia')
  expect(templateTitle('𐐨_deseret')).toBe('𐐀 deseret')
})
