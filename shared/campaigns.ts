// Messages to many: what is asked for, what is kept of it that people see, and what became of each recipient. One schema for
// requests, answers and OpenAPI.
import { z } from 'zod'
import { purpose } from './calendar.ts'
import { TEXT_CHARS } from './lengths.ts'
import { channel, failure, failureAction } from './model.ts'
import { costEstimate } from './rates.ts'
import { cleanText, exactly, limit, templateUse } from './requests.ts'

/** `paused`: `pause` says why. */
export const campaignStatus = z.enum(['draft', 'scheduled', 'running', 'paused', 'done', 'canceled'])
export type CampaignStatus = z.infer<typeof campaignStatus>

/**
 * `asked`: by somebody. `look`: the first slice is out, and somebody is to look at what became of it. `template`: it may not go any more.
 * `category`: WhatsApp counts it otherwise than at the start. `sender`: our own number cannot send.
 */
export const pauseReason = z.enum(['asked', 'look', 'template', 'category', 'sender'])
export type PauseReason = z.infer<typeof pauseReason>

/** Why somebody gets nothing. */
export const skipReason = z.enum([
  'invalid_phone',
  'no_phone',
  'opted_out',
  'window',
  'template',
  'variables',
  'content',
  'calendar',
  'canceled',
])
export type SkipReason = z.infer<typeof skipReason>

export const recipientStatus = z.enum(['pending', 'queued', 'sent', 'delivered', 'read', 'failed', 'skipped'])
export type RecipientStatus = z.infer<typeof recipientStatus>

export type TemplateUse = z.output<typeof templateUse>

const hostId = exactly(128)
const values = z.record(exactly(64), z.string().max(1024).transform(cleanText))
const phoneText = z.string().min(1).max(160)
const words = z.string().transform(cleanText).pipe(z.string().trim().min(1).max(TEXT_CHARS)).meta({ minLength: 1, maxLength: TEXT_CHARS })
const title = z.string().transform(cleanText).pipe(z.string().trim().min(1).max(120)).meta({ minLength: 1, maxLength: 120 })
export const MOST_LISTED = 1000
export const MOST_PER_SECOND = 1000

/** A moment with its offset; without one, that time of day where each recipient lives. */
const startTime = z
  .string()
  .max(40)
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/,
    'is no time such as 2026-03-02T18:00:00-03:00, or 2026-03-02T10:00 for where each recipient lives',
  )
  .refine((text) => !Number.isNaN(Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)), 'is no time that there is')

export const audience = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('all') }),
  z.strictObject({ type: z.literal('tag'), tag: z.string().min(1).max(60) }),
  /** Records whose field (of their data, or `status` or `title`) has this value. */
  z.strictObject({
    type: z.literal('field'),
    field: z.string().min(1).max(80),
    value: z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
  }),
  z.strictObject({ type: z.literal('coordinations'), ids: z.array(hostId).max(MOST_LISTED) }),
  z.strictObject({ type: z.literal('phones'), phones: z.array(phoneText).max(MOST_LISTED) }),
  /** Those that `PUT …/recipients` brings. */
  z.strictObject({ type: z.literal('upload') }),
])
export type Audience = z.output<typeof audience>

export const campaignBody = z
  .strictObject({
    name: title,
    channel,
    from: phoneText.optional(),
    text: words.optional(),
    template: templateUse.optional(),
    /** The other half gets this one. */
    templateB: templateUse.optional(),
    /** For all; a recipient's own go before them. */
    variables: values.default({}),
    purpose: purpose.default('marketing'),
    audience,
    maxPerSecond: z.number().int().min(1).max(MOST_PER_SECOND).default(80),
    startAt: startTime.optional(),
    /** After so many somebody has to look at what became of them; null: nobody has to. */
    firstSlice: z.number().int().min(1).max(100_000).nullable().default(250),
    /** The same one again gives the first campaign. */
    clientMessageId: exactly(64).optional(),
  })
  .superRefine((value, context) => {
    if ((value.text === undefined) === (value.template === undefined))
      context.addIssue({ code: 'custom', path: ['text'], message: 'give either text or template' })
    if (value.templateB !== undefined && value.template === undefined)
      context.addIssue({ code: 'custom', path: ['templateB'], message: 'is compared with template: give that, too' })
  })
  .meta({
    oneOf: [{ required: ['text'] }, { required: ['template'] }],
    dependentRequired: { templateB: ['template'] },
  })
export type CampaignBody = z.output<typeof campaignBody>

export const recipientInput = z.strictObject({
  to: phoneText,
  name: title.optional(),
  coordinationId: hostId.optional(),
  variables: values.optional(),
  text: words.optional(),
})
export type RecipientInput = z.output<typeof recipientInput>

/** A table was taken in. `rejected`: the first of them, by their lines; `rejectedCount`: all of them. */
export const recipientsUploaded = z.object({
  accepted: z.number().int(),
  doubles: z.number().int(),
  rejectedCount: z.number().int(),
  rejected: z.array(
    z.object({ line: z.number().int(), to: z.string(), code: z.enum(['invalid_phone', 'invalid_row']), detail: z.string() }),
  ),
})
export type RecipientsUploaded = z.infer<typeof recipientsUploaded>

export const recipientList = z.strictObject({ recipients: z.array(recipientInput).max(MOST_LISTED) })

export const bulkBody = z
  .strictObject({
    channel,
    from: phoneText.optional(),
    to: z
      .array(z.union([phoneText, recipientInput.pick({ to: true, text: true, variables: true })]))
      .min(1)
      .max(MOST_LISTED),
    text: words.optional(),
    template: templateUse.optional(),
    purpose: purpose.default('service'),
    name: title.optional(),
    /** The same one again gives the first campaign. */
    clientBatchId: exactly(64).optional(),
  })
  .refine(({ text, template }) => (text === undefined) !== (template === undefined), 'give either text or template')
  .meta({ oneOf: [{ required: ['text'] }, { required: ['template'] }] })
export type BulkBody = z.output<typeof bulkBody>

const count = z.number().int()
export const campaignCounts = z.object({
  pending: count,
  queued: count,
  sent: count,
  delivered: count,
  read: count,
  failed: count,
  skipped: count,
  /** Of all these, those who wrote since. */
  answered: count,
})
export type CampaignCounts = z.infer<typeof campaignCounts>

const time = z.string()
export const campaign = z.object({
  id: z.string(),
  name: z.string(),
  status: campaignStatus,
  pause: z.object({ reason: pauseReason, detail: z.string() }).nullable(),
  channel,
  purpose,
  text: z.string().nullable(),
  template: templateUse.nullable(),
  templateB: templateUse.nullable(),
  variables: z.record(z.string(), z.string()),
  audience,
  maxPerSecond: count,
  startAt: z.string().nullable(),
  firstSlice: count.nullable(),
  /** The audience is being listed still: counts rise. */
  listing: z.boolean(),
  counts: campaignCounts,
  /** The same for each of two templates. */
  arms: z.array(campaignCounts).optional(),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  rev: count,
})
export type CampaignShown = z.infer<typeof campaign>

export const campaignRecipient = z.object({
  id: z.string(),
  to: z.string(),
  name: z.string().nullable(),
  coordinationId: z.string().nullable(),
  /** 0: the first template; 1: the other one. */
  arm: z.union([z.literal(0), z.literal(1)]),
  status: recipientStatus,
  reason: skipReason.nullable(),
  detail: z.string().nullable(),
  /** A failed one's. */
  error: failure.nullable(),
  /** What somebody can do for one who did not get it. */
  action: failureAction.nullable(),
  /** A pending one's. */
  dueAt: time.nullable(),
  messageId: z.string().nullable(),
  answered: z.boolean(),
})
export type CampaignRecipient = z.infer<typeof campaignRecipient>

export const recipientQuery = z.object({
  state: z.enum(['pending', 'entered', 'skipped']).optional(),
  status: recipientStatus.optional(),
  arm: z.coerce.number().int().min(0).max(1).optional(),
  cursor: z.string().max(400).optional(),
  limit: limit.optional(),
})

export const preflight = z.object({
  /** Those who would get it, as far as is known now. */
  ready: count,
  /** How many would not, by the reason. */
  skipped: z.partialRecord(skipReason, count),
  /** Those who wait for a time at which they may be written to. */
  later: count,
  /** Listed more than once. */
  doubles: count,
  /** Some of those who would not. */
  examples: z.array(z.object({ to: z.string(), reason: skipReason, detail: z.string() })),
  /** Of those who would get it now. What each message did cost is said with it. */
  cost: costEstimate,
  /** There are more than were looked at. */
  truncated: z.boolean(),
})
export type Preflight = z.infer<typeof preflight>
