// Which entry of Twilio's list is the message whose answer was lost: each rule by a list written down.
import { expect, test } from 'vitest'
import { findInList } from '../../server/outbox/find-in-list.ts'
import type { ListedMessage } from '../../server/outbox/gateway.ts'
import type { Claim } from '../../server/store/records.ts'
import { createManualClock } from '../support/manual-clock.ts'

const NOW = Date.UTC(2026, 2, 2, 10)
const SENDER = '+14155238886'
const text = 'A las 18:30'
const claim = {
  orgId: 'default',
  channel: 'whatsapp',
  sender: SENDER,
  address: '+5491133330001',
  content: null,
  message: { text },
  claimedAt: NOW,
  firstClaimedAt: NOW,
} as unknown as Claim
const template = (variables: Record<string, string>) => ({ ...claim, content: { sid: 'HX1', variables } })
const words = (said: string) => ({ ...claim, message: { text: said } as Claim['message'] })
const entry = (over: Partial<ListedMessage> = {}) =>
  ({ twilioSid: 'SM1', direction: 'outbound', from: SENDER, text, createdAt: NOW + 500, ...over }) as ListedMessage

function found(asked: Claim, listed: ListedMessage[], known: string[] = [], now = NOW + 3_000) {
  const clock = createManualClock(now)
  const parts = {
    clock,
    organizationOf: () => ({
      gateway: { listSent: async ({ since }: { since: number }) => listed.filter((one) => one.createdAt >= since) },
    }),
    store: { knownSids: async () => new Set(known) },
  } as unknown as Parameters<typeof findInList>[0]
  return findInList(parts, asked).then((one) => one?.twilioSid ?? null)
}

test.each<[what: string, ours: boolean, asked: Claim, listed: ListedMessage]>([
  ['the same text', true, claim, entry()],
  ['another text', false, claim, entry({ text: 'A las 19:30' })],
  ['what the client wrote', false, claim, entry({ direction: 'inbound' })],
  ['what another sender of the account sent', false, claim, entry({ from: '+15550009999' })],
  ['one whose sender is not chosen yet', true, claim, entry({ from: null })],
  ['what a service sent by the number it chose', true, { ...claim, sender: 'MG1' }, entry({ from: '+15550009999' })],
  ['a trial account’s text', true, claim, entry({ text: `Sent from your Twilio trial account - ${text}` })],
  ['apostrophes that SMS made plain', true, words('l’hora'), entry({ text: "l'hora" })],
  ['quotes that SMS made plain', true, words('«sí» “no”'), entry({ text: '"sí" "no"' })],
  ['dashes that SMS made plain', true, words('18–19 — sí'), entry({ text: '18-19 - sí' })],
  ['white space that was joined', true, words('a  las\n18:30 '), entry({ text: 'a las 18:30' })],
  ['a template worded a little differently', true, template({ 1: 'Ana', 2: '18:30' }), entry({ text: 'Ana, te esperamos a las 18:30!' })],
  ['a template with one other value', false, template({ 1: 'Ana', 2: '18:30' }), entry({ text: 'Ana, te esperamos a las 19:30!' })],
  ['a template without values, shortened', true, template({}), entry({ text: 'A las 18:30, sí' })],
  ['another template without values', false, template({}), entry({ text: 'Gracias por venir' })],
  ['an entry without a text, for a template', false, template({}), entry({ text: '' })],
  ['two minutes before, by another clock', true, claim, entry({ createdAt: NOW - 119_000 })],
  ['long before', false, claim, entry({ createdAt: NOW - 121_000 })],
])('%s is ours: %s', async (_what, ours, asked, listed) => {
  expect(await found(asked, [listed])).toBe(ours ? 'SM1' : null)
})

test('of several the nearest to a request of ours is it, of equals the older, and never one that another message has', async () => {
  const early = entry({ twilioSid: 'SM-early', createdAt: NOW - 60_000 })
  const first = entry({ twilioSid: 'SM-first', createdAt: NOW + 1_000 })
  const second = entry({ twilioSid: 'SM-second', createdAt: NOW + 61_500 })
  const twice = { ...claim, claimedAt: NOW + 61_000 }
  expect(await found(claim, [second, early, first])).toBe('SM-first')
  expect(await found(twice, [second, early, first])).toBe('SM-second')
  expect(await found(twice, [second, early, first], ['SM-second'])).toBe('SM-first')
  expect(await found(claim, [first, early], ['SM-first', 'SM-early'])).toBeNull()
  expect(await found(claim, [entry({ twilioSid: 'SM-after' }), entry({ twilioSid: 'SM-before', createdAt: NOW - 500 })])).toBe('SM-before')
})

test('it is found also where our clock was set back since', async () => {
  expect(await found(claim, [entry({ createdAt: NOW - 3600_000 })], [], NOW - 3600_000)).toBe('SM1')
})
