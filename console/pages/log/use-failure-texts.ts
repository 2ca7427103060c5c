// Reasons why messages fail, in one language: fetched once one of them failed.
import { useEffect, useState } from 'preact/hooks'
import type { FailureTexts } from '../../../shared/failure-texts.ts'

const loaders = {
  es: async () => (await import('../../../shared/failure-texts-es.ts')).failureTextsEs,
  en: async () => (await import('../../../shared/failure-texts-en.ts')).failureTextsEn,
  pt: async () => (await import('../../../shared/failure-texts-pt.ts')).failureTextsPt,
}
const loaded: Partial<Record<keyof typeof loaders, FailureTexts>> = {}

export function useFailureTexts(locale: keyof typeof loaders): FailureTexts | null {
  const [, setCount] = useState(0)
  useEffect(() => {
    let isGone = false
    const draw = () => isGone || setCount((count) => count + 1)
    if (loaded[locale]) return
    loaders[locale]().then(
      (texts) => {
        loaded[locale] = texts
        draw()
      },
      () => {},
    )
    return () => {
      isGone = true
    }
  }, [locale])
  return loaded[locale] ?? null
}
