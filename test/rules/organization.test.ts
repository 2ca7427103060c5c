import { expect, test } from 'vitest'
import { changeOrganization, type OrganizationDefaults, readKept, settingsOf, stateOf } from '../../server/rules/organization.ts'
import { anyTime, calendarPresets } from '../../shared/calendar.ts'
import { type KeptOrganization, organizationUpdate } from '../../shared/organization.ts'

const defaults: OrganizationDefaults = {
  ...{ timezone: 'America/Lima', locale: 'es', defaultCountry: 'PE', retentionDays: 30 },
  ...{ sendLimitPerContactHour: 60, automatedLimitPerContactHour: 10 },
}
const changed = (kept: KeptOrganization, update: object) => changeOrganization(kept, organizationUpdate.parse(update))

test('what was never set follows the server; nobody is written to at night unasked, and no SMS goes by itself', () => {
  const state = stateOf({}, null, defaults)
  expect(state).toMatchObject({ name: null, timezone: 'America/Lima', channels: { whatsapp: true, sms: true }, retentionDays: 30, rev: 0 })
  expect(state.limits).toEqual({ agentsPerContactHour: 60, automatedPerContactHour: 10 })
  expect(state.calendars.service).toEqual(anyTime)
  expect([state.calendars.reminder, state.calendars.collection]).toEqual([calendarPresets.quiet_nights, calendarPresets.quiet_nights])
  expect(Object.values(state.fallback)).toEqual([false, false, false, false])
})

const steps: [string, KeptOrganization, update: object, KeptOrganization][] = [
  ['a name', {}, { name: 'Salón Sol' }, { name: 'Salón Sol' }],
  ['another beside it', { name: 'Salón Sol' }, { timezone: 'America/Bogota' }, { name: 'Salón Sol', timezone: 'America/Bogota' }],
  ['taken back', { name: 'Salón Sol', locale: 'en' }, { name: null }, { locale: 'en' }],
  ['one channel of two', { channels: { sms: false } }, { channels: { whatsapp: false } }, { channels: { sms: false, whatsapp: false } }],
  ['one limit, then none', { limits: { agentsPerContactHour: 5 } }, { limits: null }, {}],
  [
    'one purpose’s fallback',
    { fallback: { reminder: true } },
    { fallback: { service: true } },
    { fallback: { reminder: true, service: true } },
  ],
  ['a ready calendar', {}, { calendars: { collection: { preset: 'ley2300' } } }, { calendars: { collection: calendarPresets.ley2300 } }],
  [
    'a ready calendar with something of its own',
    {},
    { calendars: { marketing: { preset: 'ley2300', perWeek: 2 } } },
    { calendars: { marketing: { ...calendarPresets.ley2300, perWeek: 2 } } },
  ],
  [
    'a part of a calendar keeps the rest',
    { calendars: { collection: calendarPresets.ley2300 } },
    { calendars: { collection: { perDay: null }, reminder: { holidays: true } } },
    {
      calendars: {
        collection: { ...calendarPresets.ley2300, perDay: null },
        reminder: { ...calendarPresets.quiet_nights, holidays: true },
      },
    },
  ],
  ['a calendar taken back', { calendars: { marketing: anyTime } }, { calendars: { marketing: null } }, { calendars: {} }],
]

test.each(steps)('%s', (_, kept, update, becomes) => {
  expect(changed(kept, update)).toEqual(becomes)
  // It can be read again.
  expect(readKept({ value: { ...becomes } })).toEqual(becomes)
})

const wrong: [string, object, path: string][] = [
  ['a field that there is not', { colour: 'red' }, ''],
  ['a zone that there is not', { timezone: 'Mars/Olympus' }, 'timezone'],
  ['a country by its name', { defaultCountry: 'Colombia' }, 'defaultCountry'],
  ['a channel that there is not', { channels: { email: true } }, 'channels'],
  ['hours that end before they begin', { openingHours: { mon: [{ from: '19:00', to: '08:00' }] } }, 'openingHours.mon.0'],
  [
    'a time that there is not',
    { calendars: { reminder: { hours: { fri: [{ from: '07:60', to: '24:00' }] } } } },
    'calendars.reminder.hours.fri.0.from',
  ],
  ['a ready calendar that there is not', { calendars: { service: { preset: 'gdpr' } } }, 'calendars.service.preset'],
  ['a misspelt rule of a calendar', { calendars: { service: { perMonth: 3 } } }, 'calendars.service'],
  ['a purpose that there is not', { calendars: { spam: null } }, 'calendars'],
  ['no message a day', { calendars: { marketing: { perDay: 0 } } }, 'calendars.marketing.perDay'],
  ['a debt by SMS', { fallback: { collection: true } }, 'fallback.collection'],
  ['a holiday that there is not', { holidays: [{ date: '2027-02-29' }] }, 'holidays.0.date'],
  ['a holiday twice', { holidays: [{ date: '2027-05-01' }, { date: '2027-05-01' }] }, 'holidays.1.date'],
  ['a limit of none', { limits: { agentsPerContactHour: 0 } }, 'limits.agentsPerContactHour'],
  ['an empty name', { name: '  ' }, 'name'],
]

test.each(wrong)('%s is refused where it stands', (_, update, path) => {
  expect(organizationUpdate.safeParse(update).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
})

test('what is kept and cannot be read is said to be so, and what the server works with is one state', () => {
  expect(readKept({ value: { timezone: 'Mars/Olympus' } })).toBeNull()
  const settings = settingsOf(stateOf(changed({}, { holidays: [{ date: '2027-05-01', name: 'Trabajo' }] }), null, defaults))
  expect([...settings.holidays]).toEqual(['2027-05-01'])
  expect([settings.sendLimitPerContactHour, settings.automatedLimitPerContactHour]).toEqual([60, 10])
})
