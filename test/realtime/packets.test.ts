// Who hears what of one turn, against a slow and obvious reading of the rule.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { ConversationState } from '../../server/store/records.ts'
import { createPackets } from '../../server/realtime/packets.ts'
import type { Turn } from '../../server/realtime/publish.ts'

const contact = { id: 'c1', phone: '+525512345678' }
const record = fc.constantFrom(null, 'ev-1', 'ev-2', 'ev-3')
const conversationId = fc.constantFrom('k1', 'k2', 'k3')
const turns = fc.record({
  conversations: fc.uniqueArray(fc.record({ id: conversationId, coordinationId: record, toAll: fc.boolean() }), {
    selector: (one) => one.id,
  }),
  messages: fc.uniqueArray(
    fc.record({ id: fc.constantFrom('m1', 'm2', 'm3', 'm4'), conversationId, coordinationId: record, toAll: fc.boolean() }),
    { selector: (one) => one.id },
  ),
  left: fc.array(
    fc.record({ conversationId: fc.constantFrom('k8', 'k9'), from: record, to: fc.option(record, { nil: undefined, freq: 3 }) }),
    {
      maxLength: 3,
    },
  ),
})
const scopes = fc.option(fc.uniqueArray(fc.constantFrom<string>('ev-1', 'ev-2', 'ev-3')), { nil: null })

test('a packet holds exactly what its scope holds, and viewers get theirs on top', () => {
  fc.assert(
    fc.property(turns, scopes, (given, names) => {
      const scope = names === null ? null : new Set(names)
      const inScope = (coordinationId: string | null) => scope === null || (coordinationId !== null && scope.has(coordinationId))
      const turn = {
        orgId: 'default',
        conversations: new Map(
          given.conversations.map(({ toAll, ...item }) => [item.id, { item: { ...item, contact } as ConversationState, toAll }]),
        ),
        messages: new Map(
          given.messages.map(({ toAll, ...item }) => [item.id, { item: { ...item, media: [] as Message['media'] } as Message, toAll }]),
        ),
        left: given.left,
      } as Turn
      const packets = createPackets(turn, (state) => state as never, { mediaUrl: (id) => `/media/${id}` })
      const general = packets.general(scope)
      const idsOf = (items: readonly { id: string }[] | undefined) => (items ?? []).map((item) => item.id).sort()
      expect(idsOf(general?.event.conversations)).toEqual(
        idsOf(given.conversations.filter((one) => one.toAll && inScope(one.coordinationId))),
      )
      expect(idsOf(general?.event.messages)).toEqual(idsOf(given.messages.filter((one) => one.toAll && inScope(one.coordinationId))))
      const moved = [...new Set(given.left.map((one) => one.conversationId))]
      const gone = moved.filter((id) => {
        const steps = given.left.filter((one) => one.conversationId === id)
        const end = steps.at(-1)?.to
        return steps.some((one) => inScope(one.from)) && (end === undefined || !inScope(end))
      })
      expect([...(general?.event.removed ?? [])].sort()).toEqual(gone.sort())
      if (general)
        expect(general.event.conversations.length + general.event.messages.length + general.event.removed.length).toBeGreaterThan(0)

      for (const shown of ['k1', 'k2', 'k3']) {
        const more = packets.forViewers(scope, shown, general)
        const quietRows = given.conversations.filter((one) => !one.toAll && one.id === shown && inScope(one.coordinationId))
        const quietMessages = given.messages.filter((one) => !one.toAll && one.conversationId === shown && inScope(one.coordinationId))
        if (quietRows.length + quietMessages.length === 0) expect(more).toBeNull()
        else {
          expect(idsOf(more?.event.conversations)).toEqual([...idsOf(general?.event.conversations), ...idsOf(quietRows)].sort())
          expect(idsOf(more?.event.messages)).toEqual([...idsOf(general?.event.messages), ...idsOf(quietMessages)].sort())
          expect(more?.event.removed).toEqual(general?.event.removed ?? [])
          expect(more?.key).not.toBe(general?.key)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('scopes that are told the same share one packet', () => {
  const item = { id: 'k1', coordinationId: 'ev-1', contact } as ConversationState
  const turn: Turn = { orgId: 'default', conversations: new Map([['k1', { item, toAll: true }]]), messages: new Map(), left: [] }
  const packets = createPackets(turn, (state) => state as never, { mediaUrl: (id) => `/media/${id}` })
  const keys = [null, new Set(['ev-1']), new Set(['ev-1', 'ev-2'])].map((scope) => packets.general(scope)?.key)
  expect(new Set(keys).size).toBe(1)
  expect(packets.general(new Set(['ev-2']))).toBeNull()
})

test('what was erased in this very turn is told as gone alone', () => {
  const item = { id: 'k1', coordinationId: 'ev-1', contact } as ConversationState
  const turn = {
    orgId: 'default',
    conversations: new Map([['k1', { item, toAll: true }]]),
    messages: new Map(),
    left: [{ conversationId: 'k1', from: 'ev-1' }],
  } as Turn
  expect(createPackets(turn, (state) => state as never, { mediaUrl: (id) => `/media/${id}` }).general(null)?.event).toEqual({
    conversations: [],
    messages: [],
    removed: ['k1'],
  })
})

test.each([true, false])('a moved line names the other record to who may see all, and to no other (told to all: %s)', (toAll) => {
  const moved = { to: 'ev-2', from: null, undoId: 'u', places: [1] }
  const item = { id: 'm1', conversationId: 'k1', coordinationId: 'ev-1', media: [], moved } as unknown as Message
  const turn = { orgId: 'default', conversations: new Map(), messages: new Map([['m1', { item, toAll }]]), left: [] } as Turn
  const packets = createPackets(turn, (state) => state as never, { mediaUrl: (id) => `/media/${id}` })
  const toldTo = (scope: ReadonlySet<string> | null) => {
    const general = packets.general(scope)
    return packets.forViewers(scope, 'k1', general) ?? general
  }
  const [whole, limited] = [toldTo(null), toldTo(new Set(['ev-1']))]
  expect([whole, limited].map((packet) => packet?.event.messages[0]?.moved)).toEqual([moved, { ...moved, to: null, undoId: null }])
  expect(whole?.key).not.toBe(limited?.key)
})

test('the badges of a record and of its client are told anew where a row of it changed, left it or came to it', () => {
  const row = (id: string, coordinationId: string | null, toAll = true) =>
    [id, { item: { id, coordinationId, contact } as ConversationState, toAll }] as const
  const turn = {
    orgId: 'default',
    conversations: new Map([row('k1', 'changed'), row('k2', null), row('k3', 'unchanged', false)]),
    messages: new Map(),
    left: [
      { conversationId: 'k4', from: 'left', to: 'came' },
      { conversationId: 'k5', from: null, to: null },
    ],
  } as Turn
  expect([...createPackets(turn, (state) => state as never, { mediaUrl: (id) => `/media/${id}` }).touched].sort()).toEqual([
    'came',
    'changed',
    'contact:c1',
    'left',
    'phone:+525512345678',
  ])
})
