// "Falta el monto", "Faltan las cuotas": what a template still needs, with its article where a language has them.
import type { Locale } from '../../client/panel.ts'

const words: Record<Locale, { one: string; many: string; articles?: [string, string, string, string] }> = {
  es: { one: 'Falta', many: 'Faltan', articles: ['el', 'la', 'los', 'las'] },
  pt: { one: 'Falta', many: 'Faltam', articles: ['o', 'a', 'os', 'as'] },
  en: { one: 'Missing:', many: 'Missing:' },
}
const feminine = /(a|as|ción|ciones|sión|siones|ção|ções|são|sões|dad|dades|dade|tud|gem|gens)$/
/** Masculine, whatever they end with. */
const odd = /^(día|dia|mapa|problema|idioma|tema|sistema|programa|código de área)s?$/

export function missingField(locale: Locale, field: string): string {
  const { one, many, articles } = words[locale]
  // A number, as Twilio's templates have, or what is no word: it has no gender.
  const noun = /^\p{L}+/u.exec(field)?.[0]
  if (!articles || noun === undefined) return `${one} ${field}`
  const isMany = /[aeiouãõ]s$|ns$/.test(noun)
  const isHers = feminine.test(noun) && !odd.test(noun)
  return `${isMany ? many : one} ${articles[(isMany ? 2 : 0) + (isHers ? 1 : 0)]} ${field}`
}
