// When an SMS goes by itself in the place of a WhatsApp message: of each condition, the case in which it alone is not met.
import { describe, expect, test } from 'vitest'
import { anyTime } from '../../shared/calendar.ts'
import type { Failure, Message } from '../../shared/model.ts'
import { type FallbackPolicy, mayFallBack, whyFallBack } from '../../server/rules/fallback.ts'
import { MORNING } from '../support/builders.ts'

const iso = (at: number) => new Date(at).toISOString()
const notThere: Failure = { code: 63024, reason: 'not_on_whatsapp', message: 'Invalid message recipient', action: 'try_sms' }
type Fallible = Parameters<typeof whyFallBack>[0]
const failed: Fallible = {
  ...{ channel: 'whatsapp', direction: 'outbound', type: 'text', text: 'Hola', status: 'failed', fallbackOf: null, expiresAt: null },
  ...{ failedAt: iso(MORNING), planB: undefined },
}
const taken = { sms: true, byPolicy: true } as NonNullable<Message['planB']>

describe('an SMS in the place of a WhatsApp message', () => {
  test.each<[what: string, message: Partial<Fallible>, failure: Partial<Failure>, why: string | null]>([
    ['who is not on WhatsApp gets one', {}, {}, 'not_on_whatsapp'],
    ['so does who cannot be written to outside the window', {}, { reason: 'window' }, 'window'],
    ['a template too', { type: 'template' }, {}, 'not_on_whatsapp'],
    ['one that fails in this moment', { status: 'sending', failedAt: null }, {}, 'not_on_whatsapp'],
    ['one that was begun is finished', { planB: taken }, {}, 'not_on_whatsapp'],
    ['not for who blocked us', {}, { reason: 'blocked' }, null],
    ['not for who opted out', {}, { reason: 'opted_out' }, null],
    ['not of an SMS', { channel: 'sms' }, {}, null],
    ['not of what a client wrote', { direction: 'inbound' }, {}, null],
    ['not of a file', { type: 'media' }, {}, null],
    ['not without words', { text: '' }, {}, null],
    ['not where it arrived after all', { status: 'delivered' }, {}, null],
    ['nor where it was read', { status: 'read' }, {}, null],
    ['nor where it was taken back', { status: 'canceled' }, {}, null],
    ['not of what went in the place of another', { fallbackOf: 'm1' }, {}, null],
    ['not beside a plan B of its own', { planB: { sms: true } }, {}, null],
    ['not once its time is over', { expiresAt: iso(MORNING) }, {}, null],
    ['what failed a minute ago and is told again', { failedAt: iso(MORNING - 60_000) }, {}, 'not_on_whatsapp'],
    ['not an hour later', { failedAt: iso(MORNING - 3600_001) }, {}, null],
  ])('%s', (_, message, failure, why) => {
    expect(whyFallBack({ ...failed, ...message }, { ...notThere, ...failure }, MORNING)).toBe(why)
  })

  const all = { service: true, reminder: true, marketing: true, collection: true }
  const open = { service: anyTime, reminder: anyTime, marketing: anyTime, collection: anyTime }
  test.each<[what: string, purpose: Parameters<typeof mayFallBack>[0], policy: Partial<FallbackPolicy>, may: boolean]>([
    ['where the organization wants it', 'reminder', {}, true],
    ['not where it does not', 'reminder', { allowed: { ...all, reminder: false } }, false],
    ['never of a debt', 'collection', {}, false],
    ['as each purpose says for itself', 'service', { allowed: { ...all, reminder: false } }, true],
    ['not where one channel a week is allowed', 'marketing', { calendars: { ...open, marketing: { oneChannelAWeek: true } } }, false],
    ['not where nobody knows what it is for', null, {}, false],
  ])('%s', (_, purpose, policy, may) => {
    expect(mayFallBack(purpose, { allowed: all, calendars: open, ...policy })).toBe(may)
  })
})
