// Languages of clients and templates: what a tag speaks, and which one a number's country does.

/** By the number's beginning; of what is not here the agent's language is as good a guess as any. */
const byCountry: [RegExp, string][] = [
  [/^\+(55|351|244|258)/, 'pt'],
  [/^\+(34|5[1234678]|50[2-7]|53|59[1358]|240|1(809|829|849|787|939))/, 'es'],
  [/^\+(1|44|61|64|353|27)/, 'en'],
]

/** A tag such as `es` or `es_AR`. */
export const languageTag = /^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,2}$/

/** `es_AR`, `pt-BR` → `es`, `pt`. */
export function languageOf(tag: string): string {
  return tag.slice(0, 2).toLowerCase()
}

/** Null: nothing can be said. */
export function languageOfNumber(phone: string | null): string | null {
  return byCountry.find(([begins]) => begins.test(phone ?? ''))?.[1] ?? null
}
