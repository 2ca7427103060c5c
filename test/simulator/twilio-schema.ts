// Twilio's published facts about the part of its REST API that Hilo speaks, written down as facts of our own: the fields of each
// resource, the operations, their parameters, and what a wrong one is answered. Read in November 2026.

/** A field: its kind, `?` where it can be null, or the values of an enumeration. */
type Field = string | readonly string[]
type Fields = Readonly<Record<string, Field>>

const sid = (prefix: string) => new RegExp(`^(${prefix})[0-9a-fA-F]{32}$`)

export const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  digits: (value) => typeof value === 'string' && /^\d+$/.test(value),
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  map: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  money: (value) => typeof value === 'string' && /^-\d+\.\d+$/.test(value),
  currency: (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value),
  rfc2822: (value) =>
    typeof value === 'string' &&
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  iso: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value),
  uri: (value) => typeof value === 'string' && value.startsWith('/2010-04-01/Accounts/AC'),
  url: (value) => typeof value === 'string' && URL.canParse(value),
  account: (value) => sid('AC').test(String(value)),
  message: (value) => sid('SM|MM').test(String(value)),
  media: (value) => sid('ME').test(String(value)),
  service: (value) => sid('MG').test(String(value)),
  content: (value) => sid('HX').test(String(value)),
}

const contentFields: Fields = {
  account_sid: 'account',
  date_created: 'iso',
  date_updated: 'iso',
  friendly_name: 'text',
  language: 'text',
  sid: 'content',
  types: 'map',
  variables: 'map',
}

export const resources = {
  account: {
    auth_token: 'text',
    date_created: 'rfc2822',
    date_updated: 'rfc2822',
    friendly_name: 'text',
    owner_account_sid: 'account',
    sid: 'account',
    status: ['active', 'suspended', 'closed'],
    subresource_uris: 'map',
    type: ['Trial', 'Full'],
    uri: 'uri',
  },
  message: {
    account_sid: 'account',
    api_version: 'text',
    body: 'text',
    date_created: 'rfc2822',
    date_sent: 'rfc2822?',
    date_updated: 'rfc2822',
    direction: ['inbound', 'outbound-api', 'outbound-call', 'outbound-reply'],
    error_code: 'integer?',
    error_message: 'text?',
    from: 'text?',
    messaging_service_sid: 'service?',
    num_media: 'digits',
    num_segments: 'digits',
    price: 'money?',
    price_unit: 'currency',
    sid: 'message',
    status: [
      'queued',
      'sending',
      'sent',
      'failed',
      'delivered',
      'undelivered',
      'receiving',
      'received',
      'accepted',
      'scheduled',
      'read',
      'partially_delivered',
      'canceled',
    ],
    subresource_uris: 'map',
    to: 'text',
    uri: 'uri',
  },
  media: {
    account_sid: 'account',
    content_type: 'text',
    date_created: 'rfc2822',
    date_updated: 'rfc2822',
    parent_sid: 'message',
    sid: 'media',
    uri: 'uri',
  },
  feedback: {
    account_sid: 'account',
    date_created: 'rfc2822',
    date_updated: 'rfc2822',
    message_sid: 'message',
    outcome: ['confirmed', 'unconfirmed'],
    uri: 'uri',
  },
  content: { ...contentFields, links: 'map', url: 'url' },
  contentAndApproval: { ...contentFields, approval_requests: 'map' },
  approval: { account_sid: 'account', sid: 'content', url: 'url', whatsapp: 'map' },
  /** Of what an approval says about WhatsApp. */
  approvalRequest: {
    allow_category_change: 'boolean',
    category: 'text',
    content_type: 'text',
    name: 'text',
    rejection_reason: 'text',
    status: 'text',
  },
  page: {
    end: 'integer',
    first_page_uri: 'uri',
    next_page_uri: 'uri?',
    page: 'integer',
    page_size: 'integer',
    previous_page_uri: 'uri?',
    start: 'integer',
    uri: 'uri',
  },
  meta: {
    first_page_url: 'url',
    key: 'text',
    next_page_url: 'url?',
    page: 'integer',
    page_size: 'integer',
    previous_page_url: 'url?',
    url: 'url',
  },
  refusal: { code: 'integer', message: 'text', more_info: 'url', status: 'integer' },
} as const satisfies Record<string, Fields>

/** Parameters of the create request: one right value each, and wrong ones with Twilio's code for them. */
export const createParameters: Readonly<Record<string, { right: string; wrong?: Readonly<Record<string, number>> }>> = {
  To: { right: '+5491122334455', wrong: { '+1': 21211, hola: 21211, 'whatsapp:hola': 21211 } },
  From: { right: '+15558675310', wrong: { hola: 21212, '+15550001111': 21606, 'whatsapp:+14155238886': 21910 } },
  MessagingServiceSid: { right: 'MG00000000000000000000000000000001', wrong: { MG00000000000000000000000000000009: 21701, hola: 21701 } },
  Body: { right: 'hola', wrong: { ['x'.repeat(1601)]: 21617 } },
  MediaUrl: { right: 'https://example.com/a.jpg', wrong: { 'a.jpg': 21620, 'ftp://example.com/a.jpg': 21620 } },
  StatusCallback: { right: 'https://example.com/status', wrong: { '/status': 21609, 'https://a_b.example.com/s': 21609 } },
  ContentSid: { right: 'HX5a1d0000000000000000000000000001', wrong: { HX00000000000000000000000000000000: 21655 } },
  ContentVariables: { right: '{"1":"Ana"}', wrong: { '["Ana"]': 21656, '{1:"Ana"}': 21656 } },
  ApplicationSid: { right: 'AP00000000000000000000000000000001' },
  MaxPrice: { right: '0.5' },
  ProvideFeedback: { right: 'true' },
  Attempt: { right: '2' },
  ValidityPeriod: { right: '36000', wrong: { '0': 21624, '36001': 21624, '-5': 21624, '1.5': 21624, hola: 21624 } },
  ForceDelivery: { right: 'true' },
  ContentRetention: { right: 'retain', wrong: { keep: 30029, Discard: 30029 } },
  AddressRetention: { right: 'obfuscate', wrong: { discard: 30030 } },
  SmartEncoded: { right: 'true' },
  PersistentAction: { right: 'geo:-34.60,-58.38|Obelisco' },
  TrafficType: { right: 'free' },
  ShortenUrls: { right: 'true' },
  ScheduleType: { right: 'fixed', wrong: { optimize: 35126 } },
  SendAt: { right: '2026-11-21T00:00:00Z', wrong: { hola: 35115, '2026-11-20T00:04:59Z': 35115, '2026-12-25T00:00:01Z': 35115 } },
  SendAsMms: { right: 'true' },
  RiskCheck: { right: 'disable' },
  FallbackFrom: { right: '+15558675310' },
}

/** Beside what the parameter itself is: what a request with it needs. */
export const needs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ContentVariables: { ContentSid: 'HX5a1d0000000000000000000000000001' },
  ScheduleType: { MessagingServiceSid: 'MG00000000000000000000000000000001', SendAt: '2026-11-21T00:00:00Z' },
  SendAt: { MessagingServiceSid: 'MG00000000000000000000000000000001', ScheduleType: 'fixed' },
}

/** When the dates above are right. */
export const now = Date.UTC(2026, 10, 20)

/** The updates that Twilio takes: canceling a scheduled message, and redacting. */
export const updates: readonly [what: string, form: Readonly<Record<string, string>>, code: number | null][] = [
  ['an empty text', { Body: '' }, null],
  ['another text', { Body: 'adiós' }, 30400],
  ['another status', { Status: 'sent' }, 30400],
  ['a status in other letters', { Status: 'Canceled' }, 30400],
  ['both at once', { Status: 'canceled', Body: '' }, 30400],
  ['neither', {}, 30400],
  ['what is no parameter', { Nada: 'x' }, 30400],
  ['canceled, where it is not scheduled', { Status: 'canceled' }, 30409],
]

/** The fields of an answer that are not as published; empty: all are. */
export function faultsOf(name: keyof typeof resources, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${name} is ${String(value)}`]
  const given = value as Record<string, unknown>
  const fields: Fields = resources[name]
  const wrong = Object.entries(fields).flatMap(([field, kind]) => {
    if (!Object.hasOwn(given, field)) return [`${name}.${field} is missing`]
    const one = given[field]
    if (typeof kind !== 'string') return kind.includes(String(one)) ? [] : [`${name}.${field} is ${String(one)}`]
    if (one === null && kind.endsWith('?')) return []
    return kinds[kind.replace('?', '')]?.(one) === true ? [] : [`${name}.${field} is ${JSON.stringify(one)}, no ${kind}`]
  })
  return [...wrong, ...Object.keys(given).flatMap((field) => (Object.hasOwn(fields, field) ? [] : [`${name}.${field} is not published`]))]
}
