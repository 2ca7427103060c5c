// When an organization is closed, and until when; by a table.
import { expect, test } from 'vitest'
import { weekHours } from '../../shared/calendar.ts'
import { closedUntil, type OpeningHours } from '../../server/rules/opening-hours.ts'

const zone = 'America/Argentina/Buenos_Aires'
const days = { from: '09:00', to: '13:00' }
const hours: OpeningHours = {
  openingHours: weekHours.parse({ mon: [days, { from: '14:00', to: '18:00' }], tue: [days], fri: [{ from: '18:00', to: '24:00' }] }),
  holidays: new Set(['2026-03-03']),
  timezone: zone,
}
const never: OpeningHours = { ...hours, openingHours: weekHours.parse({}) }

test.each<[what: string, at: string, of: OpeningHours, until: string | number | null]>([
  ['without hours it is open', '2026-03-02T03:00:00-03:00', { ...hours, openingHours: null }, null],
  ['in the morning', '2026-03-02T09:00:00-03:00', hours, null],
  ['before it opens', '2026-03-02T08:59:59-03:00', hours, '2026-03-02T09:00:00-03:00'],
  ['at noon', '2026-03-02T13:00:00-03:00', hours, '2026-03-02T14:00:00-03:00'],
  ['in the evening, over a holiday', '2026-03-02T18:00:00-03:00', hours, '2026-03-06T18:00:00-03:00'],
  ['on a holiday', '2026-03-03T10:00:00-03:00', hours, '2026-03-06T18:00:00-03:00'],
  ['until midnight', '2026-03-06T23:59:00-03:00', hours, null],
  ['after midnight, over a day that is left out', '2026-03-07T00:00:00-03:00', hours, '2026-03-09T09:00:00-03:00'],
  ['by its own zone', '2026-03-02T11:00:00Z', { ...hours, timezone: 'Europe/Madrid' }, null],
  ['closed for good', '2026-03-02T10:00:00-03:00', never, Number.POSITIVE_INFINITY],
])('%s', (_, at, of, until) => {
  expect(closedUntil(Date.parse(at), of)).toBe(typeof until === 'string' ? Date.parse(until) : until)
})
