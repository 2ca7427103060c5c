// A size for people: `412 kB`, `1.2 MB`. In steps of 1024, as the limits of the channels are.
const KILO = 1024

export function sizeWords(locale: string, bytes: number): string {
  const isMega = bytes >= KILO * KILO
  const unit = isMega ? 'megabyte' : 'kilobyte'
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: isMega ? 1 : 0 })
  // What is there is no nothing.
  return format.format(isMega ? bytes / KILO / KILO : Math.ceil(bytes / KILO))
}
