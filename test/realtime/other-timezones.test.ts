// The other names by which a browser with older data may know a time zone.
import { expect, test } from 'vitest'
import { otherTimezones } from '../../server/realtime/other-timezones.ts'

const winter = Date.UTC(2026, 0, 15)
const summer = Date.UTC(2026, 6, 15)

test.each([
  ['Europe/Kyiv', winter, ['Europe/Kiev', 'Etc/GMT-2']],
  ['Europe/Kyiv', summer, ['Europe/Kiev', 'Etc/GMT-3']],
  ['America/Argentina/Buenos_Aires', winter, ['America/Buenos_Aires', 'Etc/GMT+3']],
  ['America/Coyhaique', winter, ['Etc/GMT+3']],
  ['Asia/Kolkata', winter, ['Asia/Calcutta', '+05:30']],
  ['America/St_Johns', winter, ['-03:30']],
  ['UTC', winter, ['Etc/GMT-0']],
])('%s is also known as', (timezone, now, names) => {
  expect(otherTimezones(timezone, now)).toEqual(names)
})
