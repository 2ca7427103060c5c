// A record and its day in one line: "Casamiento Herrera–Paz · 12 mar". A title of the other direction stays apart from the day.
const RTL = /[\u0590-\u08ff\ufb1d-\ufefc]/

import { formatDate, type Zone } from '../locales/format.ts'

export function recordTitle(zone: Zone, record: { title: string; startsAt: string | null }, now: number): string {
  const { title, startsAt } = record
  return startsAt === null ? title : `${title}${RTL.test(title) ? '\u200e' : ''} · ${formatDate(zone, startsAt, now)}`
}
