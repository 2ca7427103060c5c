// A day in a sentence to the client, which only templates write.
import { format, type Zone } from '../../locales/format.ts'

/** For a sentence to the client: "lunes 30 de noviembre". */
export function formatDayLong(zone: Zone, iso: string): string {
  const text = format(zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(Date.parse(iso))
  return zone.locale === 'pt' ? text : text.replace(',', '')
}
