// Patterns that people write into rules: only those that no text can make slow. A text is looked at as far as its first signs.
const MOST_CHARS = 100
/** More of them together could go through a text in too many ways. */
const MOST_REPEATS = 2
const TEXT_CHARS = 300

/** Without repeats of a group, looks around and references back: what is left takes a bounded number of steps. */
export function isSafePattern(pattern: string): boolean {
  if (pattern === '' || pattern.length > MOST_CHARS) return false
  const plain = pattern.replace(/\\[^\d]/g, '_').replace(/\[\^?\]?[^\]]*\]/g, '_')
  if (/\)[*+{]|\(\?[^:]|\\\d/.test(plain)) return false
  if ((plain.match(/[*+]|\{\d+(,\d*)?\}/g) ?? []).length > MOST_REPEATS) return false
  try {
    return new RegExp(pattern, 'iu') !== null
  } catch {
    return false
  }
}

/** Anywhere in the text, in capitals or not. A pattern that is not safe matches nothing. */
export function matchesPattern(pattern: string, text: string): boolean {
  return isSafePattern(pattern) && new RegExp(pattern, 'iu').test(text.slice(0, TEXT_CHARS))
}
