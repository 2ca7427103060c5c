// Where phone numbers stand in a text: not amounts, dates, tax numbers and accounts, which look alike.

const number = /(?<![\p{L}\p{N}$€£.,:/_+-])(?<![$€£][ \u00a0])(?:\+ ?\d|\(?\d)[\d ()\u00a0-]*\d(?![\p{L}\p{N}]|[.,:/-]\d|[ \u00a0]?%)/gu
/** `2026-11-24 …`, `24-11-2026 …`, `20-30123456-7`. */
const other = /^(?:\d{4}-\d\d?-|\d\d?-\d\d?-\d{4}|\d\d-\d{7,8}-\d$)/

export function findPhones(text: string): { from: number; end: number; href: string }[] {
  return [...text.matchAll(number)].flatMap(({ index, 0: found }) => {
    const digits = found.replace(/\D/g, '')
    const isWhole = found.startsWith('+')
    const fits = isWhole ? digits.length >= 8 && digits.length <= 15 : digits.length >= 10 && digits.length <= 13 && !other.test(found)
    return fits ? [{ from: index, end: index + found.length, href: `tel:${isWhole ? '+' : ''}${digits}` }] : []
  })
}
