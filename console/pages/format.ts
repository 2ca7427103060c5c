// Times, prices and sizes as they are written where the reader lives.
import type { Message } from '../../shared/model.ts'
import { type Shell, tags } from '../shell.ts'
import type { Locale } from '../words/words.ts'

type Zone = Pick<Shell, 'locale' | 'timezone'>

/** With its seconds: of two times of one message the order is what one looks for. */
export const formatExact = ({ locale, timezone }: Zone, iso: string): string =>
  new Intl.DateTimeFormat(tags[locale], { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone: timezone }).format(
    Date.parse(iso),
  )

export const formatDay = ({ locale, timezone }: Zone, iso: string): string =>
  new Intl.DateTimeFormat(tags[locale], { dateStyle: 'medium', timeZone: timezone }).format(Date.parse(iso))

export function formatPrice(locale: Locale, { amount, currency }: NonNullable<Message['price']>): string {
  try {
    return amount.toLocaleString(tags[locale], { style: 'currency', currency, maximumFractionDigits: 4 })
  } catch {
    // A currency that nobody knows.
    return `${amount} ${currency}`
  }
}

/** "1,4 MB". */
export function formatSize(locale: Locale, bytes: number): string {
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  return size.toLocaleString(tags[locale], { style: 'unit', unit, maximumFractionDigits: size < 10 ? 1 : 0 })
}
