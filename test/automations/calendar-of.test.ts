import { expect, test } from 'vitest'
import { calendarOf } from '../../server/automations/calendar-of.ts'
import type { Organization } from '../../server/organizations.ts'
import { settingsByDefault } from '../../server/rules/organization.ts'
import { readConfig } from '../../server/config.ts'
import { calendarPresets } from '../../shared/calendar.ts'

test('a rule’s messages keep the organization’s own calendar of their purpose, and its holidays', () => {
  const settings = settingsByDefault(readConfig({}))
  const calendars = { ...settings.calendars, collection: calendarPresets.ley2300 }
  const own = { settings: { ...settings, calendars, holidays: new Set(['2026-12-08']) } } as unknown as Organization
  const zone = 'America/Bogota'
  const next = (due: string, purpose: 'collection' | 'service', before: { at: number; channel: 'sms'; purpose: 'collection' }[] = []) => {
    const rule = { purpose } as Parameters<ReturnType<typeof calendarOf>['next']>[1]
    return new Date(calendarOf(own, before).next(Date.parse(due), rule, 'whatsapp', zone) ?? 0).toISOString()
  }
  expect(next('2026-12-08T10:00:00-05:00', 'collection')).toBe('2026-12-09T12:00:00.000Z')
  expect(next('2026-12-08T10:00:00-05:00', 'service')).toBe('2026-12-08T15:00:00.000Z')
  const bySms = [{ at: Date.parse('2026-12-07T10:00:00-05:00'), channel: 'sms', purpose: 'collection' } as const]
  expect(next('2026-12-09T10:00:00-05:00', 'collection', bySms)).toBe('2026-12-14T12:00:00.000Z')
})
