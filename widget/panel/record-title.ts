// A record and its day in one line: "Casamiento Herrera–Paz · 12 mar".
import { formatDate, type Zone } from '../locales/format.ts'

export function recordTitle(zone: Zone, record: { title: string; startsAt: string | null }, now: number): string {
  return record.startsAt === null ? record.title : `${record.title} · ${formatDate(zone, record.startsAt, now)}`
}
