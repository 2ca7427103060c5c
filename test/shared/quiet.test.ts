// Quiet hours are times of day in the organization's zone.
import { expect, test } from 'vitest'
import { isQuiet } from '../../shared/quiet.ts'

const at = (utc: string) => Date.parse(`2026-11-21T${utc}:00Z`)
/** UTC−3, without summer time. */
const zone = 'America/Argentina/Buenos_Aires'

test('without quiet times nothing is quiet', () => {
  expect(isQuiet(null, at('03:00'), zone)).toBe(false)
})

test('the first minute is quiet, the last one is not', () => {
  const quiet = { from: '13:00', to: '15:30' }
  const times = ['15:59', '16:00', '18:29', '18:30'].map((utc) => isQuiet(quiet, at(utc), zone))
  expect(times).toEqual([false, true, true, false])
})

test('over midnight', () => {
  const quiet = { from: '22:00', to: '08:00' }
  const times = ['00:59', '01:00', '03:00', '10:59', '11:00'].map((utc) => isQuiet(quiet, at(utc), zone))
  expect(times).toEqual([false, true, true, true, false])
})

test('from and to at one time are never quiet', () => {
  expect(isQuiet({ from: '09:00', to: '09:00' }, at('12:00'), zone)).toBe(false)
})

test('the zone decides, also where its clock was moved', () => {
  const quiet = { from: '23:00', to: '07:00' }
  expect(isQuiet(quiet, Date.parse('2026-07-01T05:30:00Z'), 'Europe/Madrid'), 'UTC+2: 07:30').toBe(false)
  expect(isQuiet(quiet, Date.parse('2026-12-01T05:30:00Z'), 'Europe/Madrid'), 'UTC+1: 06:30').toBe(true)
})
