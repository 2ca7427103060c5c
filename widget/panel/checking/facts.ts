// The facts of a record that a text could contradict: amounts, days, hours, names. Plain strings, nothing leaves the page.

export interface RecordFacts {
  title: string
  /** The client's; null: nobody gave one. */
  name: string | null
  startsAt: string | null
  /** The record's `data` and the page's variables. */
  values: Readonly<Record<string, string | number | boolean | null>>
}

export interface Place {
  timezone: string
  locale: string
  now: number
}

/** Where in the text, and what stands there by the record. */
export interface Contradiction {
  at: number
  length: number
  says: string
}

/** Small letters without accents, each in the place where it was. */
export function plain(text: string): string {
  return text.replace(/\p{L}/gu, (letter) => {
    const [base = letter] = letter.normalize('NFD')
    const small = base.toLowerCase()
    return small.length === letter.length ? small : letter
  })
}

/** `saldoFinal`, `saldo_final`: what a sentence may call it. */
export function wordsOf(key: string): string[] {
  return plain(key.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2'))
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length >= 4)
}

/** With where each begins. A point between digits ends none. */
export function sentencesOf(text: string): { at: number; text: string }[] {
  return [...text.matchAll(/(?:[^.!?;\n]|[.!?](?=\S))+/g)].map((match) => ({ at: match.index, text: match[0] }))
}
