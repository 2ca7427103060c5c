// What an organization sets up for itself, over the server's own settings.
import { isSupportedCountry } from 'libphonenumber-js'
import { z } from 'zod'
import { calendarPresets, contactCalendar, type Purpose, weekHours } from './calendar.ts'
import { isTimezone } from './is-timezone.ts'
import type { channel } from './model.ts'
import { cleanText } from './requests.ts'

const words = (max: number) =>
  z.string().transform(cleanText).pipe(z.string().trim().min(1).max(max)).meta({ minLength: 1, maxLength: max })

/** A day on which purposes that keep holidays write to nobody. */
const holiday = z.strictObject({ date: z.iso.date(), name: words(80).optional() })
const holidays = z
  .array(holiday)
  .max(500)
  .superRefine((all, context) => {
    for (const [index, { date }] of all.entries())
      if (all.findIndex((one) => one.date === date) < index)
        context.addIssue({ code: 'custom', path: [index, 'date'], message: `is there twice: ${date}` })
  })
  .meta({ maxItems: 500 })

const perHour = z.number().int().min(1).max(1_000_000_000)
const limits = z.strictObject({ agentsPerContactHour: perHour, automatedPerContactHour: perHour })
const channels = z.strictObject({ whatsapp: z.boolean(), sms: z.boolean() } satisfies Record<z.infer<typeof channel>, z.ZodBoolean>)
/** Whether an SMS goes by itself where WhatsApp does not reach the client; by law and custom never for a debt. */
const fallback = z.strictObject({
  ...{ service: z.boolean(), reminder: z.boolean(), marketing: z.boolean() },
  collection: z.literal(false, 'is never sent by SMS in place of WhatsApp'),
})
const ofPurposes = <Shape extends z.ZodType>(shape: Shape) =>
  z.strictObject({ service: shape, reminder: shape, marketing: shape, collection: shape } satisfies Record<Purpose, Shape>)

/** All that can be set; what an organization keeps of it is what it set. */
const own = {
  name: words(120),
  /** How it calls itself towards clients. */
  senderName: words(120),
  timezone: z.string().max(64).refine(isTimezone, 'is no IANA time zone such as America/Bogota'),
  locale: z.enum(['es', 'en', 'pt']),
  defaultCountry: z.string().refine((text): boolean => isSupportedCountry(text), 'is no ISO country of two capital letters'),
  /** Off: nothing is sent by it; what clients write is kept. */
  channels,
  openingHours: weekHours,
  holidays,
  calendars: ofPurposes(contactCalendar),
  fallback,
  limits,
  /** Messages older than this are erased; 0: none. */
  retentionDays: z.number().int().min(0).max(36_500),
}

export const organization = z.object({
  ...own,
  name: own.name.nullable(),
  senderName: own.senderName.nullable(),
  openingHours: weekHours.nullable(),
  rev: z.number().int(),
  updatedAt: z.string().nullable(),
})
export type OrganizationState = z.output<typeof organization>

/** As it is kept: what was never set is not there, and follows the server's settings. */
export const keptOrganization = z
  .object({
    ...own,
    channels: channels.partial(),
    calendars: own.calendars.partial(),
    fallback: fallback.partial(),
    limits: limits.partial(),
  })
  .partial()
export type KeptOrganization = z.output<typeof keptOrganization>

const preset = z.enum(Object.keys(calendarPresets) as [keyof typeof calendarPresets])
/** What is given changes; a `preset` is where it starts from. Null: as if it had never been set. */
const calendarUpdate = contactCalendar.partial().extend({ preset: preset.optional() }).nullable()
export type CalendarUpdate = z.output<typeof calendarUpdate>

export const organizationUpdate = z.strictObject({
  name: own.name.nullish(),
  senderName: own.senderName.nullish(),
  timezone: own.timezone.nullish(),
  locale: own.locale.nullish(),
  defaultCountry: own.defaultCountry.nullish(),
  channels: channels.partial().optional(),
  openingHours: weekHours.nullish(),
  holidays: holidays.optional(),
  calendars: ofPurposes(calendarUpdate).partial().optional(),
  fallback: fallback.partial().optional(),
  limits: limits.partial().nullish(),
  retentionDays: own.retentionDays.nullish(),
  /** Of the state that was read: `conflict` where somebody changed it meanwhile. */
  rev: z.number().int().min(0).optional(),
})
export type OrganizationUpdate = z.output<typeof organizationUpdate>
