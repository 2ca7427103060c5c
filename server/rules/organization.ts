// An organization's settings: what it set itself, over what the server's own settings say.
import { anyTime, calendarPresets, type ContactCalendar, type Purpose, purpose, type WeekHours } from '../../shared/calendar.ts'
import type { Channel } from '../../shared/model.ts'
import {
  type CalendarUpdate,
  type KeptOrganization,
  keptOrganization,
  type OrganizationState,
  type OrganizationUpdate,
} from '../../shared/organization.ts'
import type { Setting } from '../store/records.ts'

/** Of the server; they hold where the organization set nothing. */
export interface OrganizationDefaults {
  timezone: string
  locale: 'es' | 'en' | 'pt'
  defaultCountry: string
  sendLimitPerContactHour: number
  automatedLimitPerContactHour: number
  retentionDays: number
}

/** As the server works with them. */
export interface OrganizationSettings extends OrganizationDefaults {
  name: string | null
  senderName: string | null
  /** Null: always. */
  openingHours: WeekHours | null
  channels: Readonly<Record<Channel, boolean>>
  calendars: Readonly<Record<Purpose, ContactCalendar>>
  /** `YYYY-MM-DD`. */
  holidays: ReadonlySet<string>
  smsFallback: Readonly<Record<Purpose, boolean>>
}

/** At night only an answer to somebody is written. */
const calendarOfPurpose: Record<Purpose, ContactCalendar> = {
  service: anyTime,
  reminder: calendarPresets.quiet_nights,
  marketing: calendarPresets.quiet_nights,
  collection: calendarPresets.quiet_nights,
}

/** What is kept, as far as it can be read; null: it cannot. */
export function readKept(setting: Pick<Setting, 'value'> | null): KeptOrganization | null {
  const read = keptOrganization.safeParse(setting?.value ?? {})
  return read.success ? read.data : null
}

export function stateOf(kept: KeptOrganization, setting: Setting | null, defaults: OrganizationDefaults): OrganizationState {
  return {
    name: kept.name ?? null,
    senderName: kept.senderName ?? null,
    timezone: kept.timezone ?? defaults.timezone,
    locale: kept.locale ?? defaults.locale,
    defaultCountry: kept.defaultCountry ?? defaults.defaultCountry,
    channels: over<OrganizationState['channels']>({ whatsapp: true, sms: true }, kept.channels),
    openingHours: kept.openingHours ?? null,
    holidays: kept.holidays ?? [],
    calendars: over(calendarOfPurpose, kept.calendars),
    fallback: over<OrganizationState['fallback']>({ service: false, reminder: false, marketing: false, collection: false }, kept.fallback),
    limits: over(
      { agentsPerContactHour: defaults.sendLimitPerContactHour, automatedPerContactHour: defaults.automatedLimitPerContactHour },
      kept.limits,
    ),
    retentionDays: kept.retentionDays ?? defaults.retentionDays,
    rev: setting?.rev ?? 0,
    updatedAt: setting && new Date(setting.updatedAt).toISOString(),
  }
}

export function settingsOf(state: OrganizationState): OrganizationSettings {
  const { name, senderName, timezone, locale, defaultCountry, channels, calendars, retentionDays } = state
  const { fallback, limits, holidays, openingHours } = state
  return {
    ...{ name, senderName, timezone, locale, defaultCountry, channels, calendars, retentionDays, openingHours },
    holidays: new Set(holidays.map(({ date }) => date)),
    smsFallback: fallback,
    sendLimitPerContactHour: limits.agentsPerContactHour,
    automatedLimitPerContactHour: limits.automatedPerContactHour,
  }
}

export const settingsByDefault = (defaults: OrganizationDefaults): OrganizationSettings => settingsOf(stateOf({}, null, defaults))

/** What is given replaces what was kept; null takes it back. Within channels, fallback, limits and calendars, each of its own. */
export function changeOrganization(kept: KeptOrganization, { rev: _, ...update }: OrganizationUpdate): KeptOrganization {
  const { channels, fallback, limits, calendars, ...plain } = update
  const changed = {
    ...over<object>(kept, plain),
    ...(channels ? { channels: over(kept.channels ?? {}, channels) } : {}),
    ...(fallback ? { fallback: over(kept.fallback ?? {}, fallback) } : {}),
    ...(limits === undefined ? {} : { limits: limits && over(kept.limits ?? {}, limits) }),
    ...(calendars ? { calendars: changeCalendars(kept.calendars ?? {}, calendars) } : {}),
  }
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null)) as KeptOrganization
}

type Part<Whole> = { [Field in keyof Whole]?: Whole[Field] | undefined }

/** What is not given stays. */
function over<Whole extends object>(whole: Whole, part: Part<Whole> = {}): Whole {
  return { ...whole, ...Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) }
}

function changeCalendars(
  kept: NonNullable<KeptOrganization['calendars']>,
  given: NonNullable<OrganizationUpdate['calendars']>,
): NonNullable<KeptOrganization['calendars']> {
  const changed = { ...kept }
  for (const one of purpose.options) {
    const update = given[one]
    if (update === null) delete changed[one]
    else if (update !== undefined) changed[one] = changeCalendar(kept[one] ?? calendarOfPurpose[one], update)
  }
  return changed
}

function changeCalendar(before: ContactCalendar, { preset, ...given }: NonNullable<CalendarUpdate>): ContactCalendar {
  return over(preset ? calendarPresets[preset] : before, given)
}
