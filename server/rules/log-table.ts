// The message log as a table: a line for each message, or one for each conversation with the sums of what it holds of a filter.
import { explainFailure, type FailureTexts } from '../../shared/failure-texts.ts'
import { failureTextsEn } from '../../shared/failure-texts-en.ts'
import { failureTextsEs } from '../../shared/failure-texts-es.ts'
import { failureTextsPt } from '../../shared/failure-texts-pt.ts'
import type { Failure, LogThread, Message } from '../../shared/model.ts'
import type { Locale } from '../store/records.ts'
import { addressCell, type Columns, textCell } from './text-table.ts'

const texts: Record<Locale, FailureTexts> = { en: failureTextsEn, es: failureTextsEs, pt: failureTextsPt }

/** Why it failed and what to do about it, in the agents' words. */
export const hintOf = (error: Failure, locale: Locale): string => explainFailure(texts[locale], error)

export const messageColumns = (locale: Locale): Columns<Message> => ({
  id: (m) => m.id,
  createdAt: (m) => m.createdAt,
  direction: (m) => m.direction,
  channel: (m) => m.channel,
  type: (m) => m.type,
  status: (m) => m.status,
  authorType: (m) => m.author.type,
  author: (m) => textCell(m.author.name),
  text: (m) => textCell(m.text),
  conversationId: (m) => m.conversationId,
  coordinationId: (m) => textCell(m.coordinationId),
  twilioSid: (m) => textCell(m.twilioSid),
  errorCode: (m) => String(m.error?.code ?? ''),
  error: (m) => textCell(m.error?.message ?? null),
  errorReason: (m) => m.error?.reason ?? '',
  errorAction: (m) => m.error?.action ?? '',
  hint: (m) => (m.error === null ? '' : textCell(hintOf(m.error, locale))),
  retryOf: (m) => m.retryOf ?? '',
  dueAt: (m) => m.dueAt ?? '',
  sentAt: (m) => m.sentAt ?? '',
  deliveredAt: (m) => m.deliveredAt ?? '',
  readAt: (m) => m.readAt ?? '',
  failedAt: (m) => m.failedAt ?? '',
  price: (m) => String(m.price?.amount ?? ''),
  currency: (m) => m.price?.currency ?? '',
})

const count = (number: number | undefined) => String(number ?? 0)

export const threadColumns: Columns<LogThread> = {
  conversationId: (t) => t.conversationId,
  channel: (t) => t.channel,
  contact: (t) => textCell(t.contact.name),
  phone: (t) => addressCell(t.contact.phone ?? t.contact.address),
  coordinationId: (t) => textCell(t.coordinationId),
  messages: (t) => count(t.messages),
  inbound: (t) => count(t.inbound),
  outbound: (t) => count(t.outbound),
  sent: (t) => count(t.byStatus.sent),
  delivered: (t) => count(t.byStatus.delivered),
  read: (t) => count(t.byStatus.read),
  failed: (t) => count(t.byStatus.failed),
  firstAt: (t) => t.firstAt,
  lastAt: (t) => t.lastAt,
  lastStatus: (t) => t.lastStatus,
  cost: (t) => Object.values(t.cost).join(' + '),
  currency: (t) => Object.keys(t.cost).join(' + '),
}

/** Of a message, as far as the sums of its conversation look at it. */
export type SummedMessage = Pick<Message, 'direction' | 'status' | 'price'> & { at: number }
export type Sums = Pick<LogThread, 'messages' | 'inbound' | 'outbound' | 'byStatus' | 'cost' | 'lastStatus'> & {
  firstAt: number
  lastAt: number
}

/** The sums with one more message, whatever the order in which they come; null before: it is the first. */
export function addToSums(before: Sums | null, { direction, status, price, at }: SummedMessage): Sums {
  const sums = before ?? {
    ...{ messages: 0, inbound: 0, outbound: 0, byStatus: {}, cost: {}, lastStatus: status, firstAt: at, lastAt: at },
  }
  sums.messages++
  if (direction === 'inbound') sums.inbound++
  if (direction === 'outbound') {
    sums.outbound++
    sums.byStatus[status] = (sums.byStatus[status] ?? 0) + 1
  }
  if (price !== null) sums.cost[price.currency] = addAmounts(sums.cost[price.currency] ?? 0, price.amount)
  if (at > sums.lastAt) Object.assign(sums, { lastAt: at, lastStatus: status })
  sums.firstAt = Math.min(sums.firstAt, at)
  return sums
}

/** Prices have a few decimals: without rounding a sum of them ends in ninths. */
const addAmounts = (one: number, other: number): number => Math.round((one + other) * 1e6) / 1e6
