// Rules of what is sent without anybody asking for it, and the plan that they make for a record. One schema for requests, what is
// kept, answers and OpenAPI.
import { z } from 'zod'
import { purpose, quietHours } from './calendar.ts'
import { channel } from './model.ts'
import { exactly, language, limit } from './requests.ts'
import { isSafePattern } from './safe-pattern.ts'

/** As the host calls what happened: `payment.received`, `confirm`. */
export const eventType = z.string().regex(/^[a-zA-Z][a-zA-Z0-9._-]{0,63}$/, 'is no name of an event such as payment.received')
const duration = /^(?=[^T]*\d|.*T\d)P(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,4}D)?(T(?=\d)(\d{1,5}H)?(\d{1,6}M)?(\d{1,7}S)?)?$/
export const offset = z
  .string()
  .regex(
    new RegExp(duration.source.replace('^', '^[-+]?')),
    'is no ISO 8601 duration such as -P1D (the day before) or -PT24H (24 hours before)',
  )

const plain = z.union([z.string().max(500), z.number(), z.boolean(), z.null()])
const ordered = z.union([z.string().max(64), z.number()])
const matches = z
  .string()
  .max(100)
  .refine(isSafePattern, 'is no pattern that is taken: at most 100 signs and two repeats, no repeated groups, no (?…), no \\1')
export const condition = z.union([
  plain,
  z
    .strictObject({
      in: z.array(plain).min(1).max(100).optional(),
      ne: plain.optional(),
      gt: ordered.optional(),
      lt: ordered.optional(),
      matches: matches.optional(),
    })
    .refine((value) => Object.values(value).some((one) => one !== undefined), 'holds one of in, ne, gt, lt, matches')
    .meta({ minProperties: 1 }),
])
export type Condition = z.output<typeof condition>
/** By the names of fields; all of them hold. */
const conditions = z.record(exactly(80), condition).refine((value) => Object.keys(value).length <= 20, 'holds more than 20 conditions')

/** Of the silence in a record's thread, beside its own times. */
export const silences = ['lastInbound', 'lastOutbound', 'windowCloses'] as const
export type Silence = (typeof silences)[number]
const relativeTo = z
  .string()
  .regex(
    /^(startsAt|lastInbound|lastOutbound|windowCloses|data\..{1,64})$/u,
    'is none of startsAt, data.<field>, lastInbound, lastOutbound, windowCloses',
  )

/** What happens to a record by itself; a rule with `at` counts from it. */
const ofRecords: readonly string[] = ['coordination.created', 'coordination.rescheduled']

export const automationBody = z
  .strictObject({
    /** Left out beside `at`: every record. */
    on: eventType.optional(),
    at: z.strictObject({ relativeTo, offset }).optional(),
    purpose: purpose.default('service'),
    when: conditions.default({}),
    channels: z
      .array(channel)
      .min(1)
      .refine((all) => new Set(all).size === all.length, 'names a channel twice')
      .default(['whatsapp']),
    template: z.union([exactly(128), z.strictObject({ name: exactly(128), language: language.optional() })]),
    enabled: z.boolean().default(true),
    quietHours: quietHours.optional(),
    grace: z.string().regex(duration, 'is no ISO 8601 duration such as PT1H').default('PT1H'),
  })
  .superRefine((value, context) => {
    if (value.on === undefined && value.at === undefined)
      context.addIssue({ code: 'custom', path: ['on'], message: 'give on, at, or both' })
    if (value.at !== undefined && value.on !== undefined && !ofRecords.includes(value.on))
      context.addIssue({ code: 'custom', path: ['at'], message: 'counts from a time of the record: leave out on, or at' })
  })
  .meta({ anyOf: [{ required: ['on'] }, { required: ['at'] }] })
export type AutomationBody = z.output<typeof automationBody>
export type AutomationInput = z.input<typeof automationBody>

const shape = automationBody.shape
export const automation = z.object({
  name: z.string(),
  ...shape,
  /** It comes with Hilo, and was not saved here yet: `updatedAt` is null and `rev` 0. */
  builtIn: z.boolean().optional(),
  updatedAt: z.string().nullable(),
  rev: z.number().int(),
})
export type Automation = z.output<typeof automation>

export const skipped = z.enum(['canceled', 'opted_out', 'no_phone', 'no_template', 'past', 'disabled', 'condition', 'answered', 'limit'])
export type Skipped = z.infer<typeof skipped>

export const planItem = z.object({
  automation: z.string(),
  /** When it goes; its first time where it may never. */
  dueAt: z.string(),
  channel: channel.nullable(),
  template: z.string(),
  /** As it would read now; null: it cannot be filled. */
  text: z.string().nullable(),
  purpose,
  skipped: skipped.nullable(),
  /** What an agent decided about it: it does not go, went at once, or goes at another time. */
  decided: z.enum(['skip', 'send', 'move']).nullable(),
  /** Names it for a change: skip, send now, move. */
  key: z.string(),
})
export type PlanItem = z.infer<typeof planItem>

export const automationName = exactly(64).refine(
  (name) => /^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(name),
  'holds signs other than letters, digits, spaces and . _ -',
)
export const previewBody = z.strictObject({
  /** A rule as it would be saved; without one those that are there, with the disabled ones named. */
  automation: automationBody.and(z.object({ name: automationName.optional() })).optional(),
  /** Up to when; a day ahead where it is left out. */
  until: z.iso.datetime({ offset: true }).optional(),
  coordinationIds: z.array(z.string().min(1).max(128)).max(1000).optional(),
  limit: limit.optional(),
})
const eventValue = z.union([z.string().max(2000), z.number(), z.boolean(), z.null()])
const eventData = z
  .record(exactly(64), eventValue)
  .refine((value) => Object.keys(value).length <= 100, 'holds more than 100 fields')
  .optional()
export const recordEventBody = z.object({
  type: eventType,
  data: eventData,
  channel: channel.optional(),
  /** The same one again is the same event. */
  clientMessageId: exactly(64).optional(),
})
/** For whom a rule is run now: those that are named, or all active records for which these conditions and the rule's hold. */
export const runBody = z
  .strictObject({
    coordinationIds: z.array(z.string().min(1).max(128)).min(1).max(1000).optional(),
    where: conditions.optional(),
    /** First of all ways; absent: as the rule says. */
    channel: channel.optional(),
    /** Values for the template, over those of the record. */
    data: eventData,
    /** The same one again sends nothing twice, and says what became of it. */
    clientMessageId: exactly(64).optional(),
  })
  .superRefine(({ coordinationIds, where }, context) => {
    if ((coordinationIds === undefined) === (where === undefined))
      context.addIssue({ code: 'custom', path: ['coordinationIds'], message: 'give coordinationIds or where, one of them' })
  })
  .meta({ oneOf: [{ required: ['coordinationIds'] }, { required: ['where'] }] })
export const runItem = z.object({
  coordinationId: z.string(),
  /** `planned`: it goes at `dueAt`, as the contact calendar says, or is about to. */
  result: z.enum(['queued', 'planned', 'skipped', 'not_found']),
  /** Why it is skipped: as in a plan, or as in the `error` of a message. */
  reason: z.string().nullable(),
  dueAt: z.string().nullable(),
  messageId: z.string().nullable(),
})
export type RunItem = z.infer<typeof runItem>
export const planChange = z.strictObject({
  key: z.string().min(1).max(200),
  action: z.enum(['skip', 'send', 'move', 'restore']),
  dueAt: z.iso.datetime({ offset: true }).optional(),
})
