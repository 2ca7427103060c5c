// What is left of a message that is older than it is kept, and when it is looked for; by tables.
import { describe, expect, test } from 'vitest'
import { eraseOld, eraseParts, keptSince, nextNight } from '../../server/rules/retention.ts'
import type { MessageFacts } from '../../server/rules/message.ts'
import { HOUR } from '../support/builders.ts'

const facts = (over: Partial<MessageFacts> = {}) =>
  ({
    status: 'read',
    direction: 'outbound',
    type: 'text',
    text: 'Hola',
    twilioSid: 'SM1',
    template: null,
    planB: null,
    ...over,
  }) as MessageFacts

describe('a message', () => {
  test('says nothing any more, nor do its template and plan B; which they were stays', () => {
    const template = { name: 'saludo', language: 'es', variables: { nombre: 'Ana' } }
    const planB = { sms: true, text: 'Hola', template } as unknown as NonNullable<MessageFacts['planB']>
    expect(eraseOld(facts({ template, planB }))).toEqual({
      ...{ text: '', content: null, media: [], erased: true, template: { ...template, variables: {} } },
      planB: { sms: true, template: { ...template, variables: {} } },
    })
    expect(eraseOld(facts({ status: 'received', direction: 'inbound', twilioSid: 'SM2' }))).toMatchObject({ text: '', template: null })
  })

  test.each<[string, Partial<MessageFacts>]>([
    ['is erased already', { erased: true }],
    ['is planned', { status: 'scheduled', twilioSid: null }],
    ['waits to be sent', { status: 'queued', twilioSid: null }],
    ['is looked up', { status: 'unconfirmed', twilioSid: null }],
  ])('that %s stays as it is', (_, over) => {
    expect(eraseOld(facts(over))).toBeNull()
  })

  test('keeps what happened and where it was, and loses what a client sent with it', () => {
    const moved = { to: 'ev-2', from: null, messages: [], undoId: null }
    const sent = {
      location: { latitude: 1, longitude: 2 },
      contacts: [{ name: 'Ana', phones: [] }],
      button: { text: 'Sí', payload: 'yes' },
    }
    expect(eraseParts({ ...sent, moved })).toEqual({ moved })
    expect(eraseParts({ event: { name: 'record', type: 'paid', data: { amount: 3 } } })).toEqual({
      event: { name: 'record', type: 'paid' },
    })
    const out = { name: 'opted_out', scope: 'all', source: 'client' } as const
    expect(eraseParts({ event: out as never })).toEqual({ event: out })
  })
})

test.each<[string, string, string, string]>([
  ['later the same night', '2026-03-02T05:00:00Z', 'America/Argentina/Buenos_Aires', '2026-03-02T06:00:00Z'],
  ['the next one, at three exactly', '2026-03-02T06:00:00Z', 'America/Argentina/Buenos_Aires', '2026-03-03T06:00:00Z'],
  ['by the clock on the wall where it goes forward', '2026-03-29T00:30:00Z', 'Europe/Madrid', '2026-03-29T01:00:00Z'],
])('the next night: %s', (_, after, zone, next) => {
  expect(new Date(nextNight(Date.parse(after), zone)).toISOString()).toBe(new Date(next).toISOString())
})

test('nothing is old where all is kept', () => {
  expect([keptSince({ retentionDays: 0 }, 100 * HOUR), keptSince({ retentionDays: 1 }, 100 * HOUR)]).toEqual([null, 76 * HOUR])
})
