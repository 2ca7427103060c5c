// The requests of callers, over HTTP and sockets alike: one schema per body or query.
import { z } from 'zod'
import {
  type agentSettings,
  channel,
  conversationStatus,
  coordinationStatus,
  direction,
  failureReason,
  messageStatus,
  optOutScope,
  optOutSource,
  ownSettings,
  presence,
} from './model.ts'
import { HOLD_SECONDS } from './held.ts'
import { isBlank } from './is-blank.ts'
import { isPageAddress } from './is-page-address.ts'
import { isTimezone } from './is-timezone.ts'
import { languageTag } from './languages.ts'
import { NOTE_CHARS, TEXT_CHARS } from './lengths.ts'
import { MOST_FILES } from './media-policy.ts'
import { isReservedName } from './reserved-names.ts'

/** NUL and lone surrogates are removed; the rest is stored as it came (invariant 9). */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '')
}

/** WhatsApp's for a template with its values (63021). */
export const TEMPLATE_CHARS = 1024
const seen = (text: string) => !isBlank(text)
// The texts in `meta` are for the OpenAPI document, which cannot look behind a transformation or a refinement.
const clean = (max: number) =>
  z.string().transform(cleanText).pipe(z.string().trim().max(max).refine(seen, 'is empty')).meta({ minLength: 1, maxLength: max })
const body = (max: number) =>
  z.string().transform(cleanText).pipe(z.string().max(max).refine(seen, 'is empty')).meta({ minLength: 1, maxLength: max })
const id = z.string().min(1).max(128)
const hostId = z.string().min(1).max(128).transform(cleanText).pipe(z.string().min(1)).meta({ minLength: 1, maxLength: 128 })
/** Cleaned, two of them could be one. */
export const exactly = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => cleanText(text) === text, 'holds a sign that is none (NUL, half of a pair)')
/** With seconds or without. */
const isoTime = z.union(
  [z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })],
  'is no time with its offset or Z, such as 2026-03-02T18:00:00-03:00',
)
const phoneText = z.string().min(1).max(160)
const clientMessageId = exactly(64)
const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
/** In a query a number is its digits; anything else (null, true, an empty list) is no number. */
const whole = z.union([z.number(), digits], 'is no whole number')

/** `es`, `es_AR`; written with a hyphen it is the same. */
export const language = z
  .string()
  .regex(languageTag, 'is no language such as es or es_AR')
  .transform((tag) => tag.replaceAll('-', '_'))
  .meta({ pattern: languageTag.source })

export const templateUse = z.object({
  name: z.string().min(1).max(128),
  /** Left out: the client's, as far as it can be told from the number. */
  language: language.optional(),
  variables: z.record(exactly(64), z.string().max(1024).transform(cleanText)).optional(),
})

/** Of a planned text: a template for when the window is closed, SMS for when that cannot go either. */
export const planBUse = z
  .object({ template: templateUse.optional(), sms: z.boolean().optional() })
  .refine((value) => value.template !== undefined || value.sms === true, 'give a template, sms: true, or both')
  .meta({ anyOf: [{ required: ['template'] }, { required: ['sms'], properties: { sms: { const: true } } }] })

/** A file of `POST /api/media`, or one that is fetched from where the host has it. */
const mediaUse = z
  .object({
    id: z.string().min(1).max(2000).optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    /** The same recording in another format, uploaded too: it goes once where WhatsApp does not take the first. */
    other: z.string().min(1).max(2000).optional(),
  })
  .refine(({ id, url }) => (id === undefined) !== (url === undefined), 'give either id or url')
  .refine(({ id, other }) => other === undefined || id !== undefined, 'give other with id alone')
  .meta({ oneOf: [{ required: ['id'] }, { required: ['url'] }], dependentRequired: { other: ['id'] } })

export const sendMessage = z
  .object({
    conversationId: id.optional(),
    channel: channel.optional(),
    to: phoneText.optional(),
    coordinationId: hostId.optional(),
    name: clean(120).optional(),
    from: phoneText.optional(),
    text: body(TEXT_CHARS).optional(),
    template: templateUse.optional(),
    note: body(NOTE_CHARS).optional(),
    /** Files to go with it; the text is their caption. Several become several messages where the channel takes one at a time. */
    media: z.array(mediaUse).min(1).max(MOST_FILES).optional(),
    clientMessageId: clientMessageId.optional(),
    sendAt: isoTime.optional(),
    planB: planBUse.optional(),
    /** Seconds in which it can be taken back. */
    undoFor: z.number().int().min(1).max(HOLD_SECONDS).optional(),
    /** Assigns the conversation to who sends this, where it is nobody's. */
    assign: z.boolean().optional(),
    expiresIn: z.number().int().min(1).max(36_000).optional(),
    sensitive: z.boolean().optional(),
    replyToId: id.optional(),
    ifNoAnswerSince: z.number().int().min(0).optional(),
    wait: z.literal('sent').optional(),
  })
  .superRefine((value, context) => {
    const contents = [value.text ?? value.media, value.template, value.note].filter((x) => x !== undefined).length
    if (contents !== 1) context.addIssue({ code: 'custom', path: ['text'], message: 'give exactly one of text or media, template, note' })
    if (value.media !== undefined && value.sensitive)
      context.addIssue({ code: 'custom', path: ['sensitive'], message: 'is for words: files are not erased' })
    if (value.media !== undefined && value.planB !== undefined)
      context.addIssue({ code: 'custom', path: ['planB'], message: 'is for a text without files' })
    if ((value.conversationId === undefined) === (value.to === undefined))
      context.addIssue({ code: 'custom', path: ['conversationId'], message: 'give either conversationId, or channel and to' })
    if (value.to !== undefined && value.channel === undefined)
      context.addIssue({ code: 'custom', path: ['channel'], message: 'is required with to' })
    if (value.note !== undefined && value.sendAt !== undefined)
      context.addIssue({ code: 'custom', path: ['sendAt'], message: 'is for what is sent: a note is there at once' })
    if (value.planB !== undefined && (value.text === undefined || value.sendAt === undefined))
      context.addIssue({ code: 'custom', path: ['planB'], message: 'is for a text with its sendAt' })
    if (value.planB !== undefined && value.channel === 'sms')
      context.addIssue({ code: 'custom', path: ['planB'], message: 'is for WhatsApp: SMS has no window' })
    if (value.undoFor !== undefined && (value.note ?? value.sendAt) !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['undoFor'],
        message: 'is for what goes now: a plan can be canceled, a note is there at once',
      })
  })
  .meta({
    allOf: [
      {
        oneOf: [{ anyOf: [{ required: ['text'] }, { required: ['media'] }] }, { required: ['template'] }, { required: ['note'] }],
      },
      { not: { required: ['media', 'planB'] } },
      { not: { required: ['media', 'sensitive'], properties: { sensitive: { const: true } } } },
      { oneOf: [{ required: ['conversationId'] }, { required: ['to'] }] },
      { dependentRequired: { to: ['channel'] } },
      { not: { required: ['note', 'sendAt'] } },
      { not: { required: ['undoFor', 'sendAt'] } },
      { not: { required: ['undoFor', 'note'] } },
      { dependentRequired: { planB: ['text', 'sendAt'] } },
      { not: { required: ['planB', 'channel'], properties: { channel: { const: 'sms' } } } },
    ],
  })
export type SendMessage = z.input<typeof sendMessage>

/** Of a planned message: what it says, when it goes, its plan B (null: none). */
export const planUpdate = z
  .object({
    text: body(TEXT_CHARS).optional(),
    template: templateUse.optional(),
    sendAt: isoTime.optional(),
    planB: planBUse.nullable().optional(),
  })
  .refine((value) => Object.values(value).some((x) => x !== undefined), 'give at least one field to change')
  .refine((value) => value.text === undefined || value.template === undefined, 'give one of text and template')
  .refine((value) => !value.planB || value.template === undefined, 'planB is for a text')
  .meta({ minProperties: 1, not: { required: ['text', 'template'] } })
export type PlanUpdate = z.input<typeof planUpdate>

export const limit = whole.pipe(z.number().int().min(1).max(100))
/** In a query a flag is its word or its digit. */
const flagOf: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }
const flag = z.preprocess(
  (given) => (typeof given === 'string' && Object.hasOwn(flagOf, given) ? flagOf[given] : given),
  z.boolean('is neither true nor false'),
)

export const conversationQuery = z.object({
  channel: channel.optional(),
  status: conversationStatus.optional(),
  /** `me`, `none`, or an agent's id. */
  assignee: id.optional(),
  coordinationId: hostId.optional(),
  contactId: id.optional(),
  phone: phoneText.optional(),
  tag: z.string().max(60).optional(),
  unread: flag.optional(),
  awaiting: flag.optional(),
  unfiled: flag.optional(),
  /** With a message that failed and that nobody sent again or put away. */
  failed: flag.optional(),
  automated: flag.optional(),
  q: z.string().max(200).optional(),
  sort: z.enum(['activity', 'waiting']).optional(),
  cursor: z.string().max(400).optional(),
  limit: limit.optional(),
})
export type ConversationQuery = z.input<typeof conversationQuery>

export const conversationUpdate = z
  .object({
    status: conversationStatus.optional(),
    snoozedUntil: isoTime.nullable().optional(),
    /** `me`: the caller. */
    assigneeId: hostId.nullable().optional(),
    coordinationId: hostId.nullable().optional(),
    tags: z.array(clean(60)).max(50).optional(),
    /** True: it needs no answer. False: it does after all. */
    answered: z.boolean().optional(),
    /** Puts back who waited before it was closed or answered: so much was answered, and the next one waits since then. */
    unanswered: z.object({ answeredCount: z.number().int().min(0), since: isoTime }).optional(),
  })
  .refine((value) => Object.values(value).some((x) => x !== undefined), 'give at least one field to change')
  .meta({ minProperties: 1 })
export type ConversationUpdate = z.input<typeof conversationUpdate>

export const openConversation = z.object({
  channel,
  to: phoneText,
  coordinationId: hostId.optional(),
  name: clean(120).optional(),
  /** The title of a record that the host has not saved yet. */
  title: clean(200).optional(),
})

const seq = whole.pipe(z.number().int().min(0))
export const messageListQuery = z.object({
  before: seq.optional(),
  after: seq.optional(),
  changedSince: z.string().max(400).optional(),
  limit: limit.optional(),
})
export type MessageListQuery = z.input<typeof messageListQuery>

/** One or more, with commas between them. */
const statusList = z
  .string()
  .max(200)
  .transform((list) => list.split(',').map((one) => one.trim()))
  .pipe(z.array(messageStatus).min(1))
  .meta({ pattern: `^(${messageStatus.options.join('|')})(,(${messageStatus.options.join('|')}))*$` })
/** Twilio's number, or a reason of ours. */
const errorName = z.union(
  [
    z
      .string()
      .regex(/^\d{1,6}$/)
      .transform(Number),
    failureReason,
  ],
  'is no error code and no reason',
)

/** Which messages of the log are meant. */
const logFilter = {
  direction: direction.optional(),
  channel: channel.optional(),
  /** An author's type or an agent's id. */
  author: id.optional(),
  automation: id.optional(),
  campaignId: id.optional(),
  conversationId: id.optional(),
  coordinationId: hostId.optional(),
  contactId: id.optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
  q: z.string().max(200).optional(),
}
export const messageLogQuery = z.object({
  status: statusList.optional(),
  error: errorName.optional(),
  /** What failed and is worth another attempt. */
  retryable: z.literal('true').optional(),
  ...logFilter,
  /** One line for each conversation. */
  group: z.literal('conversation').optional(),
  /** As the header `Accept` asks for it, where a link cannot send one. */
  format: z.enum(['json', 'csv']).optional(),
  cursor: z.string().max(400).optional(),
  limit: limit.optional(),
})
/** Those of them that failed are tried again. */
export const retryManyBody = z.strictObject({
  filter: z.strictObject({
    /** As the log is asked; of others than those that failed none is tried. */
    status: z.union([statusList, z.array(messageStatus).min(1)]).optional(),
    retryable: z.union([z.literal(true), z.literal('true')]).optional(),
    error: z.union([z.number().int().min(0).max(999_999), errorName]).optional(),
    ...logFilter,
  }),
  /** Says what would become of it; nothing is sent. */
  dryRun: z.boolean().default(false),
  /** Where the call before ended. */
  cursor: z.string().max(400).optional(),
})

export const moveMessages = z
  .object({
    ids: z.array(id).min(1).max(100).optional(),
    /** All that can be moved of this one. */
    conversationId: id.optional(),
    coordinationId: hostId.nullable(),
  })
  .refine((value) => (value.ids === undefined) !== (value.conversationId === undefined), 'give either ids or conversationId')
  .meta({ oneOf: [{ required: ['ids'] }, { required: ['conversationId'] }] })
export const undoMove = z.object({ undoId: id })
/** JSON only: a number, not its text. */
export const readUpTo = z.object({ seq: z.number().int().min(0) })

export const contactQuery = z.object({
  q: z.string().max(200).optional(),
  tag: z.string().max(60).optional(),
  cursor: z.string().max(400).optional(),
  limit: limit.optional(),
})
const contactFields = {
  name: clean(120).optional(),
  /** A corrected number: the contact's address on that channel is replaced; preferred as it was, unless said. */
  addresses: z
    .array(z.object({ channel, phone: phoneText, preferred: z.boolean().optional() }))
    .min(1)
    .refine((all) => new Set(all.map((one) => one.channel)).size === all.length, 'hold one number for each channel')
    .refine((all) => all.filter((one) => one.preferred).length < 2, 'hold one preferred number at most')
    .optional(),
  attributes: z.record(exactly(64), z.string().max(500).transform(cleanText)).optional(),
  tags: z.array(clean(60)).max(50).optional(),
}
export const contactUpdate = z
  .object(contactFields)
  .refine((value) => Object.values(value).some((x) => x !== undefined), 'give at least one field to change')
  .meta({ minProperties: 1 })
/** With the contact of the path: it goes into that one, or that one into it. */
export const contactMerge = z
  .object({ into: id.optional(), from: id.optional() })
  .refine(({ into, from }) => (into === undefined) !== (from === undefined), 'give either into or from')
  .meta({ oneOf: [{ required: ['into'] }, { required: ['from'] }] })

/** Found by its client id or by a number, else made; what is left out stays, tags and attributes are added. */
export const contactBodies = z
  .array(z.object({ externalId: hostId.optional(), ...contactFields }))
  .min(1)
  .max(1000)

const dataValue = z.union([z.string().max(2000).transform(cleanText), z.number(), z.boolean(), z.null()])
export const coordinationBody = z.object({
  title: clean(200),
  contact: z.object({
    name: clean(120),
    phone: phoneText,
    channel: channel.optional(),
    externalId: hostId.optional(),
    phones: z.object({ whatsapp: phoneText.optional(), sms: phoneText.optional() }).optional(),
  }),
  startsAt: isoTime.nullable().default(null),
  timezone: z.string().max(64).refine(isTimezone, 'is no IANA time zone').optional(),
  url: z.string().max(2000).refine(isPageAddress, 'is no address of a page: http or https, whole').optional(),
  status: coordinationStatus.default('active'),
  agent: z.object({ id: hostId, name: clean(120) }).optional(),
  data: z.record(exactly(64), dataValue).default({}),
})
export const coordinationBodies = z
  .array(coordinationBody.extend({ id: hostId }))
  .min(1)
  .max(1000)
export const coordinationQuery = z.object({
  q: z.string().max(200).optional(),
  status: coordinationStatus.optional(),
  phone: phoneText.optional(),
  cursor: z.string().max(400).optional(),
  limit: limit.optional(),
})
export const pageQuery = z.object({ cursor: z.string().max(400).optional(), limit: limit.optional() })

/** Ids with commas between them, each once. */
export function idsOf(list: string): string[] {
  return [...new Set(list.split(',').map((one) => one.trim()))].filter((one) => one !== '')
}
const idList = z
  .string()
  .max(20_000)
  .refine((list) => idsOf(list).length <= 1000, 'holds more than 1000 ids')
export const unreadQuery = z.object({ coordinations: idList.optional() })
export const syncQuery = z.object({ since: z.string().max(400).nullable().optional() })
export const viewing = z.object({ conversationId: id.nullable(), replying: z.boolean(), also: z.array(id).max(50).optional() })
export const typing = z.object({ conversationId: id })
export const authRefresh = z.object({ token: z.string().min(1).max(10_000) })
export const subscribeCoordinations = z.object({ ids: z.array(hostId).max(1000) })
export const plainSend = z.object({
  to: phoneText,
  message: body(TEXT_CHARS),
  coordinationId: hostId.optional(),
  clientMessageId: clientMessageId.optional(),
})

export type SettingsUpdate = z.output<ReturnType<typeof agentSettings.partial>>
export const ownSettingsUpdate = ownSettings.partial()
export type OwnSettingsUpdate = z.output<typeof ownSettingsUpdate>
export const presenceUpdate = z.object({ presence })

/** An agent of the host: `id` is the `sub` of its tokens. */
export const agentBody = z.object({ name: clean(200) })
export const agentBodies = z
  .array(agentBody.extend({ id: hostId }))
  .min(1)
  .max(500)

/** Push services answer on the usual port of a public name. */
const pushEndpoint = z
  .url({ protocol: /^https$/ })
  .max(2000)
  .refine((text) => URL.canParse(text) && isPublicName(new URL(text)), 'is no address of a push service')
const base64url = (bytes: number) => z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}={0,2}$`))

function isPublicName({ hostname, port }: URL): boolean {
  return port === '' && /^(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(hostname) && !isReservedName(hostname)
}

export const subscribePush = z.object({
  endpoint: pushEndpoint,
  /** As the browser's `PushSubscription.toJSON()` gives them. */
  keys: z.object({ p256dh: base64url(65), auth: base64url(16) }),
  /** The host's page that a click on a notification opens. */
  page: z.url({ protocol: /^https?$/ }).max(2000),
  locale: z.enum(['es', 'en', 'pt']).optional(),
})
export type SubscribePush = z.output<typeof subscribePush>
export const unsubscribePush = z.object({ endpoint: z.string().min(1).max(2000) })

/** What the host knows of a client's wish, with its date. */
export const optOutBody = z.object({
  channel,
  to: phoneText,
  /** One of our senders; absent: the channel's own. */
  from: phoneText.optional(),
  scope: optOutScope.default('all'),
  /** False: an opt-in. */
  optedOut: z.boolean().default(true),
  since: isoTime.optional(),
  source: optOutSource.extract(['agent', 'host', 'import']).optional(),
})
export const optOutBodies = z.array(optOutBody).min(1).max(1000)

/** `{"phone":"Teléfono"}`: which column holds what, by its head. */
const columns = z
  .string()
  .max(4000)
  .transform((text, context) => {
    try {
      const said: unknown = JSON.parse(text)
      if (said !== null && typeof said === 'object' && !Array.isArray(said)) return said
    } catch {
      // Said below.
    }
    context.addIssue({ code: 'custom', message: 'is no JSON object such as {"phone":"Teléfono"}' })
    return z.NEVER
  })
  .pipe(z.record(z.string(), z.string().max(200)))
  .meta({ type: 'string', maxLength: 4000 })
export const listQuery = z.object({ columns: columns.optional() })
/** How a list of clients is read. */
export const contactsImportQuery = listQuery.extend({
  /** Of a column that says only that it is a number. */
  channel: channel.default('whatsapp'),
  /** Heads of columns that are attributes, with commas between; `*`: all that are nothing else. */
  attributes: z.string().max(4000).optional(),
  /** Says what would be, and changes nothing. */
  dryRun: flag.optional(),
})
