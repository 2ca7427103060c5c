// E.164 as people group it, without the metadata of a library: six countries by their rules, the rest in threes.

/** No-break, so that a number never wraps. */
const SPACE = '\u00a0'
/** Argentina's area codes of three digits; 11 has two, all others four. */
const AREAS_OF_3 = /^(?:22[013]|23[067]|249|26[01346]|280|29[147-9]|336|34[12358]|35[138]|36[24]|37[069]|38[01357-8]|221)/
/** Country codes of two digits; 1 and 7 have one, all others three. */
const CODES_OF_2 = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

/** `+5491154823391` → `+54 9 11 5482-3391`. What is no E.164 number comes back as it is. */
export function formatPhone(phone: string): string {
  const digits = /^\+(\d{7,15})$/.exec(phone)?.[1]
  if (digits === undefined) return phone
  const join = (...groups: string[]) => `+${groups.join(SPACE)}`
  const argentina = /^54(9?)(\d{10})$/.exec(digits)
  if (argentina) {
    const [, mobile = '', number = ''] = argentina
    const cut = number.startsWith('11') ? 2 : AREAS_OF_3.test(number) ? 3 : 4
    const local = number.slice(cut)
    return join('54', ...(mobile ? [mobile] : []), number.slice(0, cut), `${local.slice(0, -4)}-${local.slice(-4)}`)
  }
  const rules: [RegExp, (m: string[]) => string][] = [
    [/^55(\d\d)(\d{4,5})(\d{4})$/, ([, area = '', a, b]) => join('55', area, `${a}-${b}`)],
    [/^52(1?)((?:33|55|56|81)\d{8})$/, ([, one, n = '']) => join('52', ...(one ? [one] : []), n.slice(0, 2), n.slice(2, 6), n.slice(6))],
    [/^52(1?)(\d{10})$/, ([, one, n = '']) => join('52', ...(one ? [one] : []), n.slice(0, 3), n.slice(3, 6), n.slice(6))],
    [/^1(\d{3})(\d{3})(\d{4})$/, ([, area = '', a, b]) => join('1', area, `${a}-${b}`)],
    [/^51(9\d\d)(\d{3})(\d{3})$/, ([, a = '', b = '', c = '']) => join('51', a, b, c)],
    [/^57(3\d\d)(\d{3})(\d{4})$/, ([, a = '', b = '', c = '']) => join('57', a, b, c)],
  ]
  for (const [pattern, write] of rules) {
    const match = pattern.exec(digits)
    if (match) return write(match)
  }
  const code = /^[17]/.test(digits) ? 1 : CODES_OF_2.test(digits) ? 2 : 3
  const rest = digits.slice(code)
  const groups = rest.match(/\d{3}(?=\d{2})|\d+/g) ?? [rest]
  return join(digits.slice(0, code), ...groups)
}
