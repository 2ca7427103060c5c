// Unread: inboundCount − max(answeredCount, the caller's readCount), per agent, absolute, and never drifting.
import { expect } from 'vitest'
import type { RecordUnread, UnreadNumbers, Viewer } from '../../../server/store/records.ts'
import { ANA, LUIS, person, record, REMINDER } from '../../support/builders.ts'
import { createRandom } from '../../support/random.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

const noneUnfiled = { unfiled: 0, unfiledSince: null }
const nothing: RecordUnread = { unread: 0, awaitingSince: null, ...noneUnfiled }

async function numbers(w: World, viewer: Viewer): Promise<UnreadNumbers> {
  const [found] = await w.store.unread([viewer])
  if (!found) throw new Error('No numbers.')
  return found
}

/** Counts by looking at every message, as slowly and surely as can be. */
async function recount(w: World, viewer: Viewer): Promise<Omit<UnreadNumbers, 'version'> & { byRecord: Record<string, RecordUnread> }> {
  const byRecord: Record<string, RecordUnread> = {}
  let [total, conversations, awaitingReply] = [0, 0, 0]
  for (const one of await w.list({ automated: true }, viewer)) {
    const thread = await w.thread(one.id, viewer)
    const inbound = thread.filter((message) => message.direction === 'inbound')
    expect(one.inboundCount, 'inboundCount is the number of inbound messages').toBe(inbound.length)
    const read = inbound.filter((message) => (message.seq ?? 0) <= one.readSeq).length
    expect(one.readCount, 'readCount is the number of inbound messages up to readSeq').toBe(read)
    const unread = inbound.length - Math.max(one.answeredCount, read)
    expect(one.unread).toBe(Math.max(0, unread))
    total += one.unread
    if (one.unread > 0) conversations++
    if (one.awaitingReplySince !== null) awaitingReply++
    const firstUnanswered = inbound[one.answeredCount]
    expect(one.awaitingReplySince, 'waits since the first unanswered message').toBe(firstUnanswered?.createdAt ?? null)
    if (one.coordinationId === null) continue
    const counted = byRecord[one.coordinationId] ?? { ...nothing }
    byRecord[one.coordinationId] = counted
    counted.unread += one.unread
    if (one.awaitingReplySince === null) continue
    counted.awaitingSince = Math.min(counted.awaitingSince ?? Number.POSITIVE_INFINITY, Date.parse(one.awaitingReplySince))
  }
  return { total, conversations, awaitingReply, byRecord }
}

async function expectRecount(w: World, viewer: Viewer, records: string[]): Promise<void> {
  const { byRecord, ...counted } = await recount(w, viewer)
  const { version, ...told } = await numbers(w, viewer)
  expect(Number.isFinite(version)).toBe(true)
  expect(told).toEqual(counted)
  const asked = await w.store.unreadByCoordination(viewer, records)
  const visible = records.filter((id) => viewer.scope === null || viewer.scope.includes(id))
  const expected = visible.map(async (id) => [id, { ...(byRecord[id] ?? nothing), ...(await recountUnfiled(w, id)) }] as const)
  expect(asked).toEqual(Object.fromEntries(await Promise.all(expected)))
}

/** The messages without a record from the owner of the record's number, whoever looks. */
async function recountUnfiled(w: World, id: string): Promise<Pick<RecordUnread, 'unfiled' | 'unfiledSince'>> {
  const record = await w.store.coordination(w.all, id)
  const waiting = (await w.list({ automated: true, unfiled: true })).filter(
    (one) => one.awaitingReplySince !== null && one.contact.phone === record?.contact.phone,
  )
  if (waiting.length === 0) return noneUnfiled
  return {
    unfiled: waiting.reduce((sum, one) => sum + one.inboundCount - one.answeredCount, 0),
    unfiledSince: Math.min(...waiting.map((one) => Date.parse(one.awaitingReplySince ?? ''))),
  }
}

export const unreadCases = cases('unread', {
  async 'reading clears it for the reader, an answer for all'(w) {
    const ana = w.viewer('agent-ana')
    const luis = w.viewer('agent-luis')
    await w.receive()
    await w.receive()
    const { conversation } = await w.receive()
    const id = conversation.id
    const unread = async (viewer: Viewer) => (await w.conversation(id, viewer)).unread
    expect([await unread(ana), await unread(luis)]).toEqual([3, 3])
    expect(await w.store.markRead(ana, id, 2)).toEqual({ unread: 1, readCount: 2, readSeq: 2, changed: true })
    expect([await unread(ana), await unread(luis)]).toEqual([1, 3])
    expect(await w.store.markRead(ana, id, 3)).toEqual({ unread: 0, readCount: 3, readSeq: 3, changed: true })
    expect(await numbers(w, luis)).toMatchObject({ total: 3, conversations: 1, awaitingReply: 1 })
    expect(await numbers(w, ana)).toMatchObject({ total: 0, conversations: 0, awaitingReply: 1 })
    await w.enter(conversation, { author: ANA })
    expect(await unread(luis), 'answered by a colleague').toBe(0)
    expect(await numbers(w, luis)).toMatchObject({ total: 0, conversations: 0, awaitingReply: 0 })
    await w.receive()
    expect([await unread(ana), await unread(luis)]).toEqual([1, 1])
  },

  async 'what an agent answered is read for all, however far each has read'(w) {
    await w.receive()
    const { conversation } = await w.receive()
    await w.enter(conversation, { author: ANA })
    await w.receive()
    const luis = w.viewer('agent-luis')
    expect(await w.store.markRead(luis, conversation.id, 1)).toEqual({ unread: 1, readCount: 1, readSeq: 1, changed: true })
    expect(await w.store.markRead(luis, conversation.id, 1)).toEqual({ unread: 1, readCount: 1, readSeq: 1, changed: false })
  },

  async 'the cursor never falls and goes at most to the last message'(w) {
    const ana = w.viewer('agent-ana')
    const { conversation } = await w.receive()
    await w.enter(conversation, { author: REMINDER })
    await w.receive()
    await w.receive()
    const id = conversation.id
    expect(await w.store.markRead(ana, id, 3)).toEqual({ unread: 1, readCount: 2, readSeq: 3, changed: true })
    expect(await w.store.markRead(ana, id, 1)).toEqual({ unread: 1, readCount: 2, readSeq: 3, changed: false })
    expect(await w.store.markRead(ana, id, 3)).toEqual({ unread: 1, readCount: 2, readSeq: 3, changed: false })
    expect(await w.conversation(id, ana)).toMatchObject({ readSeq: 3, readCount: 2, unread: 1 })
    expect(await w.store.markRead(ana, id, 1_000_000)).toEqual({ unread: 0, readCount: 3, readSeq: 4, changed: true })
    await w.receive()
    expect(await w.conversation(id, ana), 'what comes later is unread').toMatchObject({ readSeq: 4, readCount: 3, unread: 1 })
    expect(await w.store.markRead(ana, id, 0)).toMatchObject({ readSeq: 4, changed: false })
    expect(await w.store.markRead(ana, w.newId(), 1)).toBeNull()
    expect(await w.store.markRead(w.neighbour().all, id, 1)).toBeNull()
  },

  async 'reads at once end at the highest'(w) {
    const ana = w.viewer('agent-ana')
    await Promise.all(times(20, () => w.receive()))
    const [conversation] = await w.list()
    const id = conversation?.id ?? ''
    await Promise.all([13, 5, 17, 2, 11, 17, 8].map((seq) => w.store.markRead(ana, id, seq)))
    expect(await w.conversation(id, ana)).toMatchObject({ readSeq: 17, readCount: 17, unread: 3 })
  },

  async 'notes and automated messages clear nothing; closing does'(w) {
    const ana = w.viewer('agent-ana')
    const { conversation } = await w.receive()
    await w.enter(conversation, { author: REMINDER })
    await w.enter(conversation, { author: LUIS, direction: 'internal', type: 'note' })
    expect(await numbers(w, ana)).toMatchObject({ total: 1, conversations: 1, awaitingReply: 1 })
    await w.store.updateConversation(w.all, conversation.id, { status: 'closed' })
    expect(await numbers(w, ana)).toMatchObject({ total: 0, conversations: 0, awaitingReply: 0 })
  },

  async 'a repeated message counts once'(w) {
    const sent = w.inbound()
    const route = () => ({ coordinationId: null, hintId: null })
    await w.store.receive(sent, route)
    await w.store.receive({ ...sent, id: w.newId() }, route)
    await Promise.all(times(5, () => w.store.receive({ ...sent, id: w.newId() }, route)))
    expect(await numbers(w, w.all)).toMatchObject({ total: 1, conversations: 1, awaitingReply: 1 })
  },

  async 'numbers come in the order of the viewers, each with its own scope'(w) {
    await w.save('ev-1', 'ev-2')
    await w.receive({ record: 'ev-1' })
    await w.receive({ record: 'ev-1' })
    const two = await w.receive({ record: 'ev-2' })
    await w.receive({ from: person(2) })
    const viewers = [
      w.viewer('agent-b', ['ev-2']),
      w.viewer('agent-all'),
      w.viewer('agent-a', ['ev-1']),
      w.viewer('agent-none', []),
      w.viewer('agent-ab', ['ev-1', 'ev-2', 'ev-3']),
    ]
    expect((await w.store.unread(viewers)).map((one) => [one.total, one.conversations, one.awaitingReply])).toEqual([
      [1, 1, 1],
      [4, 3, 3],
      [2, 1, 1],
      [0, 0, 0],
      [3, 2, 2],
    ])
    await w.store.markRead(w.viewer('agent-b', ['ev-2']), two.conversation.id, 1)
    expect((await w.store.unread(viewers)).map((one) => one.total)).toEqual([0, 4, 2, 0, 3])
    expect(await w.store.unread([])).toEqual([])
  },

  async 'per record: those outside the scope are left out, those with none are 0'(w) {
    await w.save('ev-1', 'ev-2')
    const first = await w.receive({ record: 'ev-1' })
    const second = await w.receive({ record: 'ev-1', channel: 'sms' })
    const other = await w.receive({ record: 'ev-2' })
    const since = ({ message }: { message: { createdAt: string } }) => Date.parse(message.createdAt)
    const one = { unread: 2, awaitingSince: since(first), ...noneUnfiled }
    const two = { unread: 1, awaitingSince: since(other), ...noneUnfiled }
    expect(await w.store.unreadByCoordination(w.all, ['ev-1', 'ev-2', 'ev-9'])).toEqual({ 'ev-1': one, 'ev-2': two, 'ev-9': nothing })
    expect(await w.store.unreadByCoordination(w.viewer('a', ['ev-1', 'ev-9']), ['ev-1', 'ev-2', 'ev-9'])).toEqual({
      'ev-1': one,
      'ev-9': nothing,
    })
    await w.enter(first.conversation, { author: ANA })
    await w.store.markRead(w.all, other.conversation.id, 1)
    expect(await w.store.unreadByCoordination(w.all, ['ev-1', 'ev-2']), 'answered on one channel; read, not answered').toEqual({
      'ev-1': { unread: 1, awaitingSince: since(second), ...noneUnfiled },
      'ev-2': { unread: 0, awaitingSince: since(other), ...noneUnfiled },
    })
    expect(await w.store.unreadByCoordination(w.all, [])).toEqual({})
    expect(await w.store.unreadByCoordination(w.neighbour().all, ['ev-1'])).toEqual({ 'ev-1': nothing })
  },

  async 'what waits without a record is counted at each record of its client, whatever the scope and whoever read it'(w) {
    await w.save('ev-1', record('ev-2'), record('ev-3', { client: person(2) }))
    const first = await w.receive()
    await w.receive()
    const bySms = await w.receive({ channel: 'sms' })
    await w.receive({ from: person(3) })
    const unfiled = { unread: 0, awaitingSince: null, unfiled: 3, unfiledSince: Date.parse(first.message.createdAt) }
    await w.store.markRead(w.all, first.conversation.id, 2)
    expect(await w.store.unreadByCoordination(w.all, ['ev-1', 'ev-2', 'ev-3'])).toEqual({
      'ev-1': unfiled,
      'ev-2': unfiled,
      'ev-3': nothing,
    })
    expect(await w.store.unreadByCoordination(w.viewer('eva', ['ev-2', 'ev-3']), ['ev-1', 'ev-2'])).toEqual({ 'ev-2': unfiled })
    expect(await w.store.unreadByCoordination(w.neighbour().all, ['ev-1'])).toEqual({ 'ev-1': nothing })
    await w.enter(first.conversation, { author: ANA })
    const rest = { ...unfiled, unfiled: 1, unfiledSince: Date.parse(bySms.message.createdAt) }
    expect(await w.store.unreadByCoordination(w.all, ['ev-1']), 'one channel was answered').toEqual({ 'ev-1': rest })
    await w.store.updateConversation(w.all, bySms.conversation.id, { coordinationId: 'ev-2' })
    expect(await w.store.unreadByCoordination(w.all, ['ev-1', 'ev-2']), 'filed').toEqual({
      'ev-1': nothing,
      'ev-2': { unread: 1, awaitingSince: Date.parse(bySms.message.createdAt), ...noneUnfiled },
    })
    expect(
      (await w.store.recordsOfContacts(w.orgId, [first.conversation.contact.id])).sort(),
      'the records at which it is counted',
    ).toEqual(['ev-1', 'ev-2'])
    expect(await w.store.recordsOfContacts(w.neighbour().orgId, [first.conversation.contact.id])).toEqual([])
    expect(await w.store.recordsOfContacts(w.orgId, [w.newId()])).toEqual([])
  },

  async 'of a client by his number: over all his records, channels and what is unfiled, as far as the scope holds them'(w) {
    await w.save('ev-1', 'ev-2')
    const first = await w.receive({ record: 'ev-1' })
    const second = await w.receive({ record: 'ev-2', channel: 'sms' })
    await w.receive({ from: person(2) })
    const contactId = first.conversation.contact.id
    const [key = ''] = person(1).keys
    const since = ({ message }: { message: { createdAt: string } }) => Date.parse(message.createdAt)
    const of = async (viewer: Viewer, keys = [key]) => await w.store.unreadByKey(viewer, keys)
    const one = { key, contactId, unread: 1, awaitingSince: since(first) }
    expect(await of(w.all)).toEqual([{ ...one, unread: 2 }])
    expect(await of(w.viewer('a', ['ev-1']))).toEqual([one])
    expect(await of(w.viewer('a', ['ev-2', 'ev-9']))).toEqual([{ ...one, awaitingSince: since(second) }])
    expect(await of(w.viewer('a', ['ev-9']))).toEqual([])
    expect(await of(w.neighbour().all)).toEqual([])
    expect(await of(w.all, ['+5491100000000'])).toEqual([])
    expect(await of(w.all, [])).toEqual([])
    expect((await of(w.all, [key, ...person(2).keys])).map((row) => row.unread).sort()).toEqual([1, 2])
    await w.store.markRead(w.all, first.conversation.id, 1)
    await w.enter(second.conversation, { author: ANA })
    expect(await of(w.all), 'one read, one answered').toEqual([{ ...one, unread: 0 }])
  },

  async 'of two answers the one with the higher version is the newer one'(w) {
    const ana = w.viewer('agent-ana')
    const { conversation } = await w.receive()
    let before = await numbers(w, ana)
    const steps = [
      () => w.receive(),
      () => w.store.markRead(ana, conversation.id, 1),
      () => w.receive({ from: person(2) }),
      () => w.enter(conversation),
      () => w.store.updateConversation(w.all, conversation.id, { status: 'closed' }),
      () => w.receive(),
    ]
    for (const step of steps) {
      await step()
      const now = await numbers(w, ana)
      const { version: _before, ...old } = before
      const { version: _now, ...young } = now
      if (JSON.stringify(old) === JSON.stringify(young)) expect(now.version).toBeGreaterThanOrEqual(before.version)
      else expect(now.version).toBeGreaterThan(before.version)
      before = now
    }
  },

  async 'after a long random run the numbers are those of a recount'(w) {
    const records = ['ev-1', 'ev-2', 'ev-3']
    await w.save(...records)
    const viewers = [
      w.viewer('agent-ana'),
      w.viewer('agent-luis'),
      w.viewer('agent-eva', ['ev-1']),
      w.viewer('agent-tom', ['ev-2', 'ev-3']),
    ]
    const random = createRandom(20260302)
    const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T
    for (let step = 0; step < 160; step++) {
      const conversations = await w.list({ automated: true })
      const conversation = conversations.length === 0 ? null : pick(conversations)
      const kind = random(10)
      if (conversation === null || kind < 4) await w.receive({ from: person(random(4)), record: pick([...records, null]) })
      else if (kind < 7) {
        const viewer = pick(viewers)
        await w.store.markRead(viewer, conversation.id, random(conversation.lastSeq + 2))
      } else if (kind === 7) await w.enter(conversation, { author: pick([ANA, LUIS]) })
      else if (kind === 8)
        await w.enter(conversation, pick([{ author: REMINDER }, { direction: 'internal' as const, type: 'note' as const }]))
      else await w.store.updateConversation(w.all, conversation.id, pick([{ status: 'closed' as const }, { tags: ['x'] }]))
      if (step % 40 === 39) for (const viewer of viewers) await expectRecount(w, viewer, records)
    }
  },

  async 'after a random run of parallel writes the numbers are those of a recount'(w) {
    const records = ['ev-1', 'ev-2']
    await w.save(...records)
    const viewers = [w.viewer('agent-ana'), w.viewer('agent-luis'), w.viewer('agent-eva', ['ev-1'])]
    const random = createRandom(7)
    for (let round = 0; round < 5; round++) {
      const conversations = await w.list({ automated: true })
      await Promise.all(
        times(24, async () => {
          const conversation = conversations[random(Math.max(1, conversations.length))]
          const kind = random(8)
          if (conversation === undefined || kind < 4)
            await w.receive({ from: person(random(3)), record: ['ev-1', 'ev-2', null][random(3)] ?? null })
          else if (kind < 6) await w.store.markRead(viewers[random(2)] ?? w.all, conversation.id, random(conversation.lastSeq + 1))
          else if (kind === 6) await w.enter(conversation, { author: ANA })
          else await w.enter(conversation, { author: REMINDER })
        }),
      )
      for (const viewer of viewers) await expectRecountWithoutWait(w, viewer, records)
    }
  },
})

/** In parallel runs the order of a thread need not be that of `createdAt`: who waits since when is left out. */
async function expectRecountWithoutWait(w: World, viewer: Viewer, records: string[]): Promise<void> {
  let total = 0
  for (const one of await w.list({ automated: true }, viewer)) {
    const inbound = (await w.thread(one.id, viewer)).filter((message) => message.direction === 'inbound')
    const read = inbound.filter((message) => (message.seq ?? 0) <= one.readSeq).length
    expect({ inboundCount: one.inboundCount, readCount: one.readCount }).toEqual({ inboundCount: inbound.length, readCount: read })
    expect(one.unread).toBe(Math.max(0, inbound.length - Math.max(one.answeredCount, read)))
    expect(one.awaitingReplySince === null, 'nobody waits where all is answered').toBe(one.answeredCount === one.inboundCount)
    total += one.unread
  }
  expect(await numbers(w, viewer)).toMatchObject({ total })
  const byRecord = await w.store.unreadByCoordination(viewer, records)
  for (const [id, { unread, awaitingSince }] of Object.entries(byRecord)) {
    const found = await w.list({ coordinationId: id, automated: true }, viewer)
    expect(unread).toBe(found.reduce((sum, one) => sum + one.unread, 0))
    const waits = found.flatMap((one) => (one.awaitingReplySince === null ? [] : [Date.parse(one.awaitingReplySince)]))
    expect(awaitingSince).toBe(waits.length === 0 ? null : Math.min(...waits))
  }
}
