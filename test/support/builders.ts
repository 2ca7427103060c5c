// Realistic things to put into a store: people, what they write, what agents answer, the host's records.
import type { Author, Channel, Failure } from '../../shared/model.ts'
import { identityKeys } from '../../shared/phone.ts'
import type { CoordinationInput, Draft, EnterChecks, InboundMessage, Viewer } from '../../server/store/records.ts'

/** 2 March 2026, 10:00 in UTC: a Monday. */
export const MORNING = Date.UTC(2026, 2, 2, 10)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export const OUR_WHATSAPP = '+14155238886'
export const OUR_SMS = '+12025550143'

/** Our number on a channel. */
export function ourNumber(channel: Channel): string {
  return channel === 'sms' ? OUR_SMS : OUR_WHATSAPP
}

export interface Person {
  name: string
  address: string
  phone: string
  keys: [string, ...string[]]
  fallbackName: string
}

const names = [
  'Ana Suárez',
  'Bruno Peña',
  'Carla Núñez',
  'Diego Ibáñez',
  'Elena Müller',
  'Facundo Ríos',
  'Gabriela Conceição',
  'Hugo O’Brien',
]

/** The n-th client of a small business in Argentina. */
export function person(n: number): Person {
  const digits = String(n).padStart(4, '0')
  return numbered(`+54911445${digits.padStart(5, '0')}`, names[n % names.length] ?? 'Ana Suárez')
}

export function numbered(address: string, name: string): Person {
  return { name, address, phone: address, keys: identityKeys(address), fallbackName: address.replace(/(\d{4})(\d{4})$/, ' $1-$2') }
}

export function inbound(orgId: string, id: string, over: Partial<InboundMessage> & { from?: Person } = {}): InboundMessage {
  const { from = person(1), ...rest } = over
  const channel = rest.channel ?? 'whatsapp'
  return {
    id,
    orgId,
    channel,
    sender: ourNumber(channel),
    address: from.address,
    phone: from.phone,
    keys: from.keys,
    aliases: [],
    profileName: from.name,
    fallbackName: from.fallbackName,
    attributes: {},
    twilioSid: `SM${id.replaceAll('-', '')}`,
    type: 'text',
    text: '¿A qué hora llega el fotógrafo?',
    button: null,
    location: null,
    contacts: null,
    media: [],
    referral: null,
    forwarded: false,
    quotedSid: null,
    said: null,
    createdAt: MORNING,
    recovered: false,
    listed: false,
    onlyIfKnown: false,
    ...rest,
  }
}

export const ANA: Author = { type: 'agent', id: 'agent-ana', name: 'Ana Díaz' }
export const LUIS: Author = { type: 'agent', id: 'agent-luis', name: 'Luis Ortega' }
export const REMINDER: Author = { type: 'automation', id: 'reminder-24h', name: 'Recordatorio' }
export const CAMPAIGN: Author = { type: 'campaign', id: 'spring', name: 'Primavera' }

export function draft(orgId: string, id: string, conversationId: string, over: Partial<Draft> = {}): Draft {
  return {
    id,
    orgId,
    conversationId,
    direction: 'outbound',
    type: 'text',
    author: ANA,
    text: 'A las 18:30, en la entrada principal.',
    template: null,
    content: null,
    replyToId: null,
    retryOf: null,
    fallbackOf: null,
    clientMessageId: null,
    key: null,
    askedRecord: null,
    lane: over.author === undefined || over.author.type === 'agent' ? 0 : over.author.type === 'campaign' ? 2 : 1,
    sensitive: false,
    cost: 1,
    dueAt: null,
    expiresInMs: null,
    createdAt: MORNING,
    ...over,
  }
}

export const noChecks: EnterChecks = { ifNoAnswerSince: null, consent: null, openWindow: false, contactLimit: null }

export function record(id: string, over: Partial<CoordinationInput> & { client?: Person } = {}): CoordinationInput {
  const { client = person(1), ...rest } = over
  return {
    id,
    title: `Boda ${id}`,
    contact: { name: client.name, phone: client.phone },
    phoneKeys: [...client.keys],
    startsAt: new Date(MORNING + 72 * HOUR).toISOString(),
    timezone: 'America/Argentina/Buenos_Aires',
    url: null,
    status: 'active',
    agent: null,
    data: { salon: 'Los Aromos', invitados: 120 },
    ...rest,
  }
}

export function viewerOf(orgId: string, agentId: string, scope: readonly string[] | null = null): Viewer {
  return { orgId, agentId, scope }
}

export const carrierFailure: Failure = { code: 30008, reason: 'carrier', message: 'Unknown error', action: 'retry' }
export const unsettledFailure: Failure = { code: null, reason: 'unsettled', message: 'No answer came.', action: 'retry' }
export const expiredFailure: Failure = { code: null, reason: 'expired', message: 'Its time was over.', action: 'retry' }
