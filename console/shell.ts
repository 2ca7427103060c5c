// What every part of the console knows of where it stands: language, words, time zone.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { fill } from '../widget/locales/format.ts'
import type { Locale, Plural, Words } from './words/words.ts'

export interface Shell {
  locale: Locale
  words: Words
  /** The organization's, once it is known. */
  timezone: string
}

export const ShellContext = createContext<Shell | null>(null)

export function useShell(): Shell {
  const shell = useContext(ShellContext)
  if (shell === null) throw new Error('Outside of the console.')
  return shell
}

/** 24 h and day before month, also in English. */
export const tags: Record<Locale, string> = { es: 'es-AR', en: 'en-GB', pt: 'pt-BR' }

export const formatNumber = (locale: Locale, n: number): string => n.toLocaleString(tags[locale])

/** The form for `n`, with `{n}` filled as the whole number. */
export function count(locale: Locale, forms: Plural, n: number): string {
  return fill(new Intl.PluralRules(tags[locale]).select(n) === 'one' ? forms.one : forms.other, { n: formatNumber(locale, n) })
}

/** "23 nov, 10:42"; another year is added. */
export function formatMoment({ locale, timezone }: Pick<Shell, 'locale' | 'timezone'>, iso: string, now = Date.now()): string {
  const at = Date.parse(iso)
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const)
  const options = {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: timezone,
    ...year,
  } as const
  return new Intl.DateTimeFormat(tags[locale], options).format(at)
}
