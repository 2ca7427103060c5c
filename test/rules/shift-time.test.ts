import { expect, test } from 'vitest'
import { isOffset, shiftTime } from '../../server/rules/shift-time.ts'

const buenosAires = 'America/Argentina/Buenos_Aires'
const table: [string, zone: string, base: string, offset: string, becomes: string][] = [
  ['a day before', buenosAires, '2026-11-30T10:00:00-03:00', '-P1D', '2026-11-29T10:00:00-03:00'],
  ['an hour before', buenosAires, '2026-11-30T10:00:00-03:00', '-PT1H', '2026-11-30T09:00:00-03:00'],
  ['at the time', buenosAires, '2026-11-30T10:00:00-03:00', 'PT0S', '2026-11-30T10:00:00-03:00'],
  ['three days after', buenosAires, '2026-11-30T10:00:00-03:00', 'P3D', '2026-12-03T10:00:00-03:00'],
  ['a day and two hours before', buenosAires, '2026-11-30T10:00:00-03:00', '-P1DT2H', '2026-11-29T08:00:00-03:00'],
  ['a month before the 31st', buenosAires, '2026-12-31T10:00:00-03:00', '-P1M', '2026-11-30T10:00:00-03:00'],
  ['a month after the end of January', buenosAires, '2027-01-31T10:00:00-03:00', 'P1M', '2027-02-28T10:00:00-03:00'],
  ['the same in a leap year', buenosAires, '2028-01-31T10:00:00-03:00', 'P1M', '2028-02-29T10:00:00-03:00'],
  ['the day before the first of March', buenosAires, '2027-03-01T10:00:00-03:00', '-P1D', '2027-02-28T10:00:00-03:00'],
  ['the same in a leap year, by days', buenosAires, '2028-03-01T10:00:00-03:00', '-P1D', '2028-02-29T10:00:00-03:00'],
  ['a year after a leap day', buenosAires, '2028-02-29T10:00:00-03:00', 'P1Y', '2029-02-28T10:00:00-03:00'],
  ['Santiago, over the night of 25 hours', 'America/Santiago', '2027-04-04T10:00:00-04:00', '-P1D', '2027-04-03T10:00:00-03:00'],
  ['Santiago, exact hours over it', 'America/Santiago', '2027-04-04T10:00:00-04:00', '-PT24H', '2027-04-03T11:00:00-03:00'],
  ['Santiago, a midnight that is skipped', 'America/Santiago', '2026-09-07T00:15:00-03:00', '-P1D', '2026-09-06T01:15:00-03:00'],
  ['New York, over the night of 23 hours', 'America/New_York', '2027-03-14T15:00:00-04:00', '-P1D', '2027-03-13T15:00:00-05:00'],
  ['New York, exact hours over it', 'America/New_York', '2027-03-14T15:00:00-04:00', '-PT24H', '2027-03-13T14:00:00-05:00'],
  [
    'New York, a time that is skipped is as much later',
    'America/New_York',
    '2027-03-15T02:30:00-04:00',
    '-P1D',
    '2027-03-14T03:30:00-04:00',
  ],
  ['New York, a time that comes twice is the first', 'America/New_York', '2027-11-08T01:30:00-05:00', '-P1D', '2027-11-07T01:30:00-04:00'],
  ['Madrid, over the night of 25 hours', 'Europe/Madrid', '2026-10-25T09:00:00+01:00', '-P1D', '2026-10-24T09:00:00+02:00'],
  ['Madrid, exact hours over it', 'Europe/Madrid', '2026-10-25T09:00:00+01:00', '-PT24H', '2026-10-24T10:00:00+02:00'],
  ['Lord Howe, over the shift of half an hour', 'Australia/Lord_Howe', '2026-10-04T09:00:00+11:00', '-P1D', '2026-10-03T09:00:00+10:30'],
  ['Lord Howe, exact hours over it', 'Australia/Lord_Howe', '2026-10-04T09:00:00+11:00', '-PT24H', '2026-10-03T08:30:00+10:30'],
  [
    'Lord Howe, what is skipped is half an hour later',
    'Australia/Lord_Howe',
    '2026-10-05T02:10:00+11:00',
    '-P1D',
    '2026-10-04T02:40:00+11:00',
  ],
]

test.each(table)('%s', (_, zone, base, offset, becomes) => {
  expect(new Date(shiftTime(Date.parse(base), offset, zone)).toISOString()).toBe(new Date(becomes).toISOString())
})

test('an offset is an ISO duration, with a sign before it or none', () => {
  const good = ['-P1D', 'P1D', '-PT24H', 'PT0S', '-P1DT2H', 'P2W', '-PT90M']
  const bad = ['', 'P', '1D', '-1 day', 'P1H', 'PT', 'P-1D', '24:00', `P${'9'.repeat(40)}D`]
  expect(good.filter((text) => !isOffset(text))).toEqual([])
  expect(bad.filter(isOffset)).toEqual([])
})
