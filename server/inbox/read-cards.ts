// Reads vCards (2.1 to 4.0, several in a file): of each the name and the numbers. Whatever else a phone writes is passed over.
import { cutText } from '../../shared/cut-text.ts'
import type { Message } from '../../shared/model.ts'
import { cleanText } from '../../shared/requests.ts'

type Card = NonNullable<Message['contacts']>[number]

const MOST_CARDS = 50
const MOST_PHONES = 20
const LONGEST_NAME = 200
const LONGEST_PHONE = 40
const fields = new Set(['FN', 'N', 'ORG', 'TEL'])

export function readCards(file: string): Card[] {
  const cards: Card[] = []
  let open: Map<string, string[]> | null = null
  for (const line of linesOf(file)) {
    const { field, isQuoted, value } = partsOf(line)
    if (field === 'BEGIN') open = new Map()
    else if (field === 'END' && open !== null) {
      if (cards.length < MOST_CARDS) cards.push(cardOf(open))
      open = null
    } else if (open !== null && fields.has(field))
      open.set(field, [...(open.get(field) ?? []), isQuoted ? fromQuotedPrintable(value) : value].slice(0, MOST_PHONES))
  }
  return cards
}

/** A long line goes on in the next one: after a space, or in quoted-printable after an equals sign. */
function linesOf(file: string): string[] {
  const lines: string[][] = []
  let goesOn = false
  let isQuoted = false
  for (const line of file.split(/\r\n?|\n/)) {
    const last = lines.at(-1)
    const isMore = last !== undefined && (goesOn || /^[ \t]/.test(line))
    if (!isMore) ({ isQuoted } = partsOf(line))
    const more = isMore && !goesOn ? line.slice(1) : line
    goesOn = isQuoted && line.endsWith('=')
    const text = goesOn ? more.slice(0, -1) : more
    if (isMore) last.push(text)
    else lines.push([text])
  }
  return lines.map((parts) => parts.join(''))
}

/** `group.FIELD;PARAMETERS:value`; a colon in quotes ends nothing. */
function partsOf(line: string): { field: string; isQuoted: boolean; value: string } {
  let end = 0
  for (let isOpen = false; end < line.length && (isOpen || line[end] !== ':'); end++) if (line[end] === '"') isOpen = !isOpen
  const head = line.slice(0, end).toUpperCase()
  const [name = ''] = head.split(';', 1)
  return { field: name.slice(name.lastIndexOf('.') + 1).trim(), isQuoted: head.includes('QUOTED-PRINTABLE'), value: line.slice(end + 1) }
}

function cardOf(card: ReadonlyMap<string, string[]>): Card {
  const first = (field: string) => card.get(field)?.[0] ?? ''
  // Family name, given name, further ones, prefix, suffix.
  const [family = '', given = '', more = '', prefix = '', suffix = ''] = first('N').split(/(?<!\\);/)
  const written = [first('FN'), [prefix, given, more, family, suffix].join(' '), first('ORG').replaceAll(/(?<!\\);/g, ' ')]
  const phones = (card.get('TEL') ?? []).map((one) => clean(one.replace(/^tel:/i, ''), LONGEST_PHONE)).filter((one) => /\d/.test(one))
  return {
    name: written.map((one) => clean(one, LONGEST_NAME)).find((one) => one !== '') ?? '',
    phones: [...new Set(phones)].slice(0, MOST_PHONES),
  }
}

const clean = (text: string, most: number): string =>
  cutText(cleanText(text.replaceAll(/\\n/gi, ' ').replaceAll(/\\(.)/g, '$1')).replaceAll(/\s+/g, ' ').trim(), most)

function fromQuotedPrintable(text: string): string {
  const bytes = Buffer.from(text).toString('latin1')
  const plain = bytes.replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1').toString('utf8')
}
