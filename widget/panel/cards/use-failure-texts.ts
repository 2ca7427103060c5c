// Reasons why messages fail, in the language of the moment: fetched once one failed.
import { useEffect, useState } from 'preact/hooks'
import type { FailureTexts } from '../../../shared/failure-texts.ts'
import type { Locale } from '../../client/panel.ts'

const loaders: Record<Locale, () => Promise<FailureTexts>> = {
  es: async () => (await import('../../../shared/failure-texts-es.ts')).failureTextsEs,
  en: async () => (await import('../../../shared/failure-texts-en.ts')).failureTextsEn,
  pt: async () => (await import('../../../shared/failure-texts-pt.ts')).failureTextsPt,
}
const loaded: Partial<Record<Locale, FailureTexts>> = {}

export function useFailureTexts(locale: Locale): FailureTexts | null {
  const [, setCount] = useState(0)
  useEffect(() => {
    const draw = () => setCount((count) => count + 1)
    // For another row they may have come between the drawing and now.
    if (loaded[locale]) return draw()
    loaders[locale]().then(
      (texts) => {
        loaded[locale] = texts
        draw()
      },
      () => {},
    )
  }, [locale])
  return loaded[locale] ?? null
}
