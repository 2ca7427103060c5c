// The words of one language: a chunk each.
import type { Locale } from './panel.ts'

const locales = { es: () => import('../locales/es.ts'), en: () => import('../locales/en.ts'), pt: () => import('../locales/pt.ts') }

export const loadWords = async (locale: Locale) => (await locales[locale]()).words
