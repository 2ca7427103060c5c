// Matching for people: without case and accents.

export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** A matcher for one query; digits also match a number however it is written. */
export function matcher(q: string): (texts: readonly (string | null | undefined)[]) => boolean {
  const folded = foldText(q.trim())
  const digits = /^[+\d\s().\-/]+$/.test(q.trim()) ? q.replace(/\D/g, '') : ''
  return (texts) =>
    texts.some((text) => {
      if (text === null || text === undefined) return false
      return foldText(text).includes(folded) || (digits.length > 0 && text.replace(/\D/g, '').includes(digits))
    })
}
