// A record and its day in one line: "Casamiento Herrera–Paz · 12 mar". A title of the other direction stays apart from the day.
const RTL = /[\u0590-\u08ff\ufb1d-\ufefc]/

import { formatDate, type Zone } from '../locales/format.ts'

export function recordTitle(zone: Zone, record: { title: string; startsAt: string | null }, now: number): string {
  if (record.startsAt === null) return record.title
  const title = RTL.test(record.title) ? `\u2068${record.title}\u2069` : record.title
  return `${title} · ${formatDate(zone, record.startsAt, now)}`
}
