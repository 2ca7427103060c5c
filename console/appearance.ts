// Light or dark, and in which language: as this browser was asked to, else as it is set up.
import type { Locale, Words } from './words/words.ts'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const locales: readonly Locale[] = ['es', 'en', 'pt']

export interface Appearance {
  theme: Theme
  locale: Locale
  /** Somebody chose the language here; else the organization's comes before the browser's. */
  isLocaleChosen: boolean
}

const KEY = 'hilo-console-look'

export function readAppearance(): Appearance {
  const kept = readKept()
  const chosen = locales.find((one) => one === kept.locale)
  const own = navigator.languages.map((tag) => locales.find((one) => tag.toLowerCase().startsWith(one))).find((one) => one !== undefined)
  return {
    theme: themes.find((one) => one === kept.theme) ?? 'auto',
    locale: chosen ?? own ?? 'en',
    isLocaleChosen: chosen !== undefined || own !== undefined,
  }
}

export function keepAppearance({ theme, locale, isLocaleChosen }: Appearance): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ theme, ...(isLocaleChosen ? { locale } : {}) }))
  } catch {
    // Forbidden here: it lasts as long as the page.
  }
}

function readKept(): { theme?: unknown; locale?: unknown } {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as { theme?: unknown; locale?: unknown }
  } catch {
    return {}
  }
}

const load = {
  es: () => import('./words/es.ts'),
  en: () => import('./words/en.ts'),
  pt: () => import('./words/pt.ts'),
}

export const wordsOf = async (locale: Locale): Promise<Words> => (await load[locale]()).words
