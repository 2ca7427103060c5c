// Amounts: one that is called as in the record and is another, or one that looks like a slip of the record's.
import { type Contradiction, type Place, plain, type RecordFacts, wordsOf } from './facts.ts'

const MONEY =
  /^(monto|saldo|total|precio|importe|cuota|sena|deposito|anticipo|valor|costo|pago|deuda|amount|price|balance|deposit|cost|payment|debt|preco|entrada|parcela|sinal|custo|divida|rent|alquiler|aluguel|fee|due)s?$/
const NUMBER = String.raw`\d(?:[\d.,\u00a0 ]*\d)?`
const SIGN = String.raw`us\$|u\$s|r\$|\$|usd\b|ars\b|brl\b|€`
const AMOUNT = new RegExp(
  String.raw`(${SIGN})\s*(${NUMBER})\s*(mil|k|millon(?:es)?|million|milh(?:ao|oes))?(?![\p{L}\d])|(?<![\d.,])(\d(?:[\d.,]*\d)?)\s*(mil|millon(?:es)?|milh(?:ao|oes)|million)?\s*(?:de )?(?:pesos|dolares|reais|reales|euros|dollars)\b`,
  'gu',
)
/** So far before an amount its name stands, and so far behind it. */
const BEFORE = 40
const BEHIND = 16

interface Amount {
  at: number
  length: number
  sign: string
  value: number
}

/** A last group of one or two digits are cents; every other sign between digits parts thousands. */
export function numberOf(written: string): number {
  const bare = written.replace(/[\s\u00a0]/g, '')
  const [, whole = bare, cents = ''] = /^(.*)[.,](\d{1,2})$/.exec(bare) ?? []
  return Number(`${whole.replace(/[.,]/g, '')}.${cents || '0'}`)
}

function factor(word: string | undefined): number {
  if (!word) return 1
  return /^(mil|k)$/.test(word) ? 1000 : 1_000_000
}

function amountsIn(text: string): Amount[] {
  return [...text.matchAll(AMOUNT)].map((match) => {
    const [whole, sign = '', written = '', by, bare = '', bareBy] = match
    return { at: match.index, length: whole.length, sign, value: numberOf(written || bare) * factor(by ?? bareBy) }
  })
}

/** One digit another, two neighbours swapped, or the zeros miscounted. */
function isSlip(said: number, right: number): boolean {
  const [a, b] = [String(said), String(right)]
  if (a.length !== b.length) return a.replace(/0+$/, '') === b.replace(/0+$/, '')
  const other = [...a].flatMap((digit, index) => (digit === b[index] ? [] : [index]))
  const [first = 0, second = 0] = other
  const swapped = other.length === 2 && second === first + 1 && a[first] === b[second] && a[second] === b[first]
  return swapped || (other.length === 1 && a.length > 2)
}

export function wrongAmounts(text: string, { values }: RecordFacts, { locale }: Place): Contradiction[] {
  const known = Object.entries(values).flatMap(([key, value]) => {
    const names = wordsOf(key)
    const isMoney = names.some((name) => MONEY.test(name))
    const own = typeof value === 'string' ? amountsIn(plain(value))[0]?.value : undefined
    const bare =
      isMoney && (typeof value === 'number' || (typeof value === 'string' && /^[\d.,\s]+$/.test(value)))
        ? numberOf(String(value))
        : Number.NaN
    const amount = typeof value === 'number' && isMoney ? value : (own ?? bare)
    return Number.isFinite(amount) && amount > 0 ? [{ names, amount }] : []
  })
  const folded = plain(text)
  const said = amountsIn(folded)
  return said.flatMap((one, index) => {
    const before = said[index - 1]
    const from = Math.max(one.at - BEFORE, before ? before.at + before.length : 0)
    const around = folded.slice(from, one.at)
    const behind = /^\s*(?:de|of|do|da)\s+(?:la\s|el\s|o\s|a\s|the\s)?(\p{L}+)/u.exec(
      folded.slice(one.at + one.length, one.at + one.length + BEHIND),
    )?.[1]
    const calls = (name: string) => new RegExp(`(?<!\\p{L})${name}(?!\\p{L})`, 'u').test(around) || name === behind
    const named = known.filter(({ names }) => names.some(calls))
    const candidates = named.length > 0 ? named : known
    if (candidates.some(({ amount }) => amount === one.value)) return []
    const right = named[0] ?? known.find(({ amount }) => isSlip(one.value, amount) && !said.some((other) => other.value === amount))
    if (!right) return []
    const written = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(right.amount)
    const sign = text.slice(one.at, one.at + one.sign.length)
    return [{ at: one.at, length: one.length, says: sign === '' ? written : `${sign} ${written}` }]
  })
}
