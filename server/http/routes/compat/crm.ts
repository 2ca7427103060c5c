// `COMPAT=b`: the calls of a property CRM (system B), as it makes them: single sends, many at once, the log, the state of the service.
import { z } from 'zod'
import { channel, direction, type Message, messageStatus } from '../../../../shared/model.ts'
import { DomainError } from '../../../../shared/problems.ts'
import { limit as limitOf, sendMessage as sendBody } from '../../../../shared/requests.ts'
import { sendMessage } from '../../../outbox/send-message.ts'
import type { Caller, Parts } from '../../../parts.ts'
import { describeChannels } from '../../../team/describe-channels.ts'
import { showMessage } from '../../../team/show-message.ts'
import { pageOf, pageShape } from '../../page-of.ts'
import { param, type Route, route } from '../../route.ts'
import { sendRefusals } from '../messages.ts'
import { CHANNEL, otherNames, TEXT, TO } from './other-names.ts'

const sendNames = { to: TO, text: TEXT, channel: CHANNEL, name: ['nombre'] } as const
const byWhatsApp = { channel: 'whatsapp' } as const

/** A message as that log shows it. */
const entry = z.object({
  ...{ id: z.string(), sid: z.string().nullable(), direction: z.enum(['INBOUND', 'OUTBOUND']), channel, type: z.string() },
  ...{ phone: z.string().nullable(), body: z.string(), status: z.string() },
  ...{ queuedAt: z.string(), sentAt: z.string().nullable(), deliveredAt: z.string().nullable() },
  ...{ readAt: z.string().nullable(), failedAt: z.string().nullable() },
  ...{ errorCode: z.number().int().nullable(), errorMessage: z.string().nullable() },
})
type Entry = z.output<typeof entry>

const recipient = otherNames(
  z.object({ to: z.string().min(1).max(160), text: z.string().min(1).optional(), name: z.string().min(1).max(120).optional() }),
  sendNames,
)
const bulkBody = otherNames(
  z.object({
    channel,
    text: z.string().min(1).optional(),
    to: z
      .array(z.union([z.string().min(1).max(160), recipient]))
      .min(1)
      .max(1000),
    /** The same one again sends nothing twice. */
    batchId: z.string().min(1).max(40).optional(),
  }),
  { to: ['recipients', 'phones', 'numbers', 'destinatarios'], text: TEXT, channel: CHANNEL, batchId: ['clientBatchId'] },
  byWhatsApp,
)
const result = z.object({
  ...{ to: z.string(), ok: z.boolean(), messageId: z.string().nullable(), status: z.string() },
  ...{ errorCode: z.string().nullable(), errorMessage: z.string().nullable() },
})
const logQuery = z.object({
  ...{ channel: channel.optional(), direction: direction.optional(), status: messageStatus.optional() },
  ...{ cursor: z.string().max(400).optional(), limit: limitOf.optional() },
})
const logNames = { channel: CHANNEL, direction: ['direccion'], status: ['estado'] } as const

/** QUEUED, SENT, DELIVERED, READ, FAILED; a received one is RECEIVED. */
function statusOf({ status }: Pick<Message, 'status'>): string {
  const early: readonly string[] = ['scheduled', 'queued', 'sending', 'unconfirmed']
  return early.includes(status) ? 'QUEUED' : status.toUpperCase()
}

function entryOf(one: Message, phone: string | null): Entry {
  const { id, twilioSid, direction: way, channel: by, type, text, createdAt, sentAt, deliveredAt, readAt, failedAt, error } = one
  return {
    ...{ id, sid: twilioSid, direction: way === 'inbound' ? 'INBOUND' : 'OUTBOUND', channel: by, type, phone, body: text },
    ...{ status: statusOf(one), queuedAt: createdAt, sentAt, deliveredAt, readAt, failedAt },
    ...{ errorCode: error?.code ?? null, errorMessage: error?.message ?? null },
  }
}

async function entriesOf(parts: Parts, caller: Caller, messages: readonly Message[]): Promise<Entry[]> {
  const phones = new Map<string, string | null>()
  for (const { conversationId } of messages) {
    if (phones.has(conversationId)) continue
    const contact = (await parts.store.conversation(caller, conversationId))?.contact
    phones.set(conversationId, contact?.phone ?? contact?.address ?? null)
  }
  return messages.map((one) => entryOf(showMessage(parts, one, caller.scope !== null), phones.get(one.conversationId) ?? null))
}

async function sendOne(parts: Parts, caller: Caller, bulk: z.output<typeof bulkBody>, given: z.output<typeof bulkBody>['to'][number]) {
  const { to, text = bulk.text, name } = typeof given === 'string' ? { to: given } : given
  const failed = (code: string, detail: string): z.output<typeof result> => ({
    ...{ to, ok: false, messageId: null, status: 'FAILED', errorCode: code, errorMessage: detail },
  })
  if (text === undefined) return failed('validation_failed', 'There is no text: give one for all, or one of its own.')
  const clientMessageId = bulk.batchId === undefined ? undefined : `${bulk.batchId}|${to}`.slice(0, 64)
  try {
    const body = sendBody.safeParse({ channel: bulk.channel, to, text, name, clientMessageId })
    if (!body.success) return failed('validation_failed', body.error.issues.map((issue) => issue.message).join('; '))
    const sent = await sendMessage(parts, caller, body.data)
    return { to, ok: true, messageId: sent.message.id, status: statusOf(sent.message), errorCode: null, errorMessage: null }
  } catch (error) {
    // One that cannot be sent holds up no other.
    if (!(error instanceof DomainError) || error.code === 'unavailable') throw error
    return failed(error.code, error.message)
  }
}

export const crmRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/twilio/send',
    operation: 'compatCrmSend',
    summary: 'System B: sends a text, or a template, to a number.',
    body: otherNames(sendBody, sendNames, byWhatsApp),
    idempotent: true,
    fails: sendRefusals,
    answers: { 200: z.object({ success: z.literal(true), message: entry }), 202: z.object({ success: z.literal(true), message: entry }) },
    async handle(parts, { caller, body }) {
      const sent = await sendMessage(parts, caller, body)
      const [shown] = await entriesOf(parts, caller, [sent.message])
      return { status: sent.created ? 202 : 200, body: { success: true, message: shown } }
    },
  }),
  route({
    method: 'post',
    path: '/api/twilio/send-bulk',
    operation: 'compatCrmBulk',
    summary: 'System B: sends to many, and says of each what became of it.',
    body: bulkBody,
    answers: { 200: z.object({ sent: z.number().int(), failed: z.number().int(), results: z.array(result) }) },
    async handle(parts, { caller, body }) {
      const results: z.output<typeof result>[] = []
      for (const one of body.to) results.push(await sendOne(parts, caller, body, one))
      const sent = results.filter(({ ok }) => ok).length
      return { status: 200, body: { sent, failed: results.length - sent, results } }
    },
  }),
  route({
    method: 'get',
    path: '/api/twilio/messages',
    operation: 'compatCrmLog',
    summary: 'System B: the message log, newest first.',
    query: otherNames(logQuery, logNames),
    answers: { 200: pageShape(entry) },
    async handle(parts, { caller, query }) {
      const { cursor, limit, status, ...filter } = query
      const wanted = { ...filter, statuses: status === undefined ? undefined : [status] }
      const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
      const page = await parts.store.messageLog(caller, given, pageOf({ cursor, limit }))
      return { status: 200, body: { items: await entriesOf(parts, caller, page.items), nextCursor: page.nextCursor } }
    },
  }),
  route({
    method: 'get',
    path: '/api/twilio/messages/:id',
    operation: 'compatCrmMessage',
    summary: 'System B: one message and its state.',
    answers: { 200: entry },
    async handle(parts, call) {
      const found = await parts.store.message(call.caller, param(call, 'id'))
      if (found === null) throw new DomainError('not_found', 'There is no such message, or it is not yours to see.')
      const [shown] = await entriesOf(parts, call.caller, [found])
      return { status: 200, body: shown }
    },
  }),
  route({
    method: 'get',
    path: '/api/twilio/status',
    operation: 'compatCrmStatus',
    summary: 'System B: whether each channel can send.',
    answers: {
      200: z.object({ ready: z.boolean(), channels: z.array(z.object({ channel, ready: z.boolean(), reason: z.string().nullable() })) }),
    },
    async handle(parts, { caller }) {
      const channels = (await describeChannels(parts, caller.orgId, caller.scope)).map(({ channel: name, ready, reason }) => ({
        ...{ channel: name, ready, reason },
      }))
      return { status: 200, body: { ready: channels.some(({ ready }) => ready), channels } }
    },
  }),
]
