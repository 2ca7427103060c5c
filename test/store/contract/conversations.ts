// Conversations: the list with its filters and pages, one of them, and changing its state.
import { expect } from 'vitest'
import { failAttempt } from '../../../server/rules/message.ts'
import type { ConversationFilter, OwnConversationState, Viewer } from '../../../server/store/records.ts'
import { ANA, carrierFailure, HOUR, LUIS, MORNING, noChecks, numbered, person, record, REMINDER } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages, type World } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const ana = { id: 'agent-ana', name: 'Ana Díaz' }
const luis = { id: 'agent-luis', name: 'Luis Ortega' }

/** A small inbox with something for every filter. */
async function inbox(w: World): Promise<Record<'chat' | 'sms' | 'filed' | 'closed' | 'snoozed' | 'reminded', string>> {
  await w.save(record('ev-1', { client: person(1), title: 'Boda en Los Álamos' }))
  const chat = await w.receive({ from: person(0), text: '¿Hay ESTACIONAMIENTO?' })
  const sms = await w.receive({ from: person(0), channel: 'sms', text: 'hola por sms', profileName: null })
  const filed = await w.receive({ from: person(1), record: 'ev-1', text: 'gracias' })
  const closed = await w.receive({ from: person(2), text: 'chau' })
  const snoozed = await w.receive({ from: person(3), text: 'mañana' })
  const reminded = await w.open({ client: person(4), name: 'Elena Müller' })
  await w.enter(reminded, { author: REMINDER, text: 'Su turno' })
  await w.enter(filed.conversation, { author: ANA })
  const failing = await w.claimed(filed.conversation)
  await w.change(failing.message, failAttempt(failing, carrierFailure, w.now()))
  const change = (id: string, patch: Parameters<typeof w.store.updateConversation>[2]) => w.store.updateConversation(w.all, id, patch)
  await change(closed.conversation.id, { status: 'closed', assignee: luis })
  await change(snoozed.conversation.id, { status: 'snoozed', snoozedUntil: w.now() + HOUR, tags: ['vip', 'a.b$c'] })
  await change(filed.conversation.id, { assignee: ana, tags: ['vip'] })
  return {
    chat: chat.conversation.id,
    sms: sms.conversation.id,
    filed: filed.conversation.id,
    closed: closed.conversation.id,
    snoozed: snoozed.conversation.id,
    reminded: reminded.id,
  }
}

const byActivity = (a: OwnConversationState, b: OwnConversationState) => (b.activityAt ?? '').localeCompare(a.activityAt ?? '')

export const conversationCases = cases('conversations', {
  async 'each filter holds what it says'(w) {
    const ids = await inbox(w)
    const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]))
    const expected: [Partial<ConversationFilter>, string[]][] = [
      [{}, ['chat', 'closed', 'filed', 'sms', 'snoozed']],
      [{ automated: true }, ['chat', 'closed', 'filed', 'reminded', 'sms', 'snoozed']],
      [{ channel: 'sms' }, ['sms']],
      [{ channel: 'whatsapp' }, ['chat', 'closed', 'filed', 'snoozed']],
      [{ status: 'open' }, ['chat', 'filed', 'sms']],
      [{ status: 'closed' }, ['closed']],
      [{ status: 'snoozed' }, ['snoozed']],
      [{ assignee: 'none' }, ['chat', 'sms', 'snoozed']],
      [{ assignee: 'agent-ana' }, ['filed']],
      [{ assignee: 'agent-luis' }, ['closed']],
      [{ coordinationId: 'ev-1' }, ['filed']],
      [{ coordinationId: 'ev-none' }, []],
      [{ phoneKeys: person(0).keys }, ['chat', 'sms']],
      [{ phoneKeys: person(7).keys }, []],
      [{ tag: 'vip' }, ['filed', 'snoozed']],
      [{ tag: 'a.b$c' }, ['snoozed']],
      [{ unread: true }, ['chat', 'sms', 'snoozed']],
      [{ awaiting: true }, ['chat', 'sms', 'snoozed']],
      [{ unfiled: true }, ['chat', 'closed', 'sms', 'snoozed']],
      [{ failed: true }, ['filed']],
      [{ q: 'estacionamiento' }, ['chat']],
      [{ q: 'peña' }, ['filed']],
      [{ q: 'PENA' }, ['filed']],
      [{ q: 'alamos' }, ['filed']],
      [{ q: 'manana' }, ['snoozed']],
      [{ q: person(2).phone.slice(-6) }, ['closed']],
      [{ q: 'no such thing' }, []],
      [{ q: '$where' }, []],
      [{ q: '.*' }, []],
      [{ q: '%' }, []],
      [{ q: '"' }, []],
      [{ q: 'muller', automated: true }, ['reminded']],
      [{ tag: 'vip', status: 'open' }, ['filed']],
      [{ channel: 'whatsapp', unread: true, q: 'hola' }, []],
    ]
    for (const [filter, names_] of expected) {
      const found = await w.list({ automated: false, ...filter }, w.all, 2)
      expect(found.map((one) => names.get(one.id)).toSorted(), JSON.stringify(filter)).toEqual(names_)
    }
    const contactId = (await w.conversation(ids.chat)).contact.id
    expect((await w.list({ contactId })).map((one) => names.get(one.id)).toSorted()).toEqual(['chat', 'sms'])
  },

  async 'the numbers of the filters are those of their lists, for each caller and scope'(w) {
    const none = { open: 0, awaiting: 0, mine: 0, unassigned: 0, unfiled: 0, failed: 0, snoozed: 0 }
    const ids = await inbox(w)
    const counted = async (viewer: Viewer) => {
      const length = async (filter: Partial<ConversationFilter>) => (await w.list({ automated: false, ...filter }, viewer)).length
      expect(await w.store.countConversations(viewer)).toEqual({
        open: await length({ status: 'open' }),
        awaiting: new Set((await w.list({ status: 'open', awaiting: true }, viewer)).map((one) => one.contact.id)).size,
        mine: await length({ status: 'open', assignee: viewer.agentId }),
        unassigned: await length({ status: 'open', assignee: 'none' }),
        unfiled: await length({ status: 'open', unfiled: true }),
        failed: await length({ failed: true, automated: true }),
        snoozed: await length({ status: 'snoozed' }),
      })
    }
    const viewers = [w.viewer('agent-ana'), w.viewer('agent-luis'), w.viewer('agent-ana', ['ev-1']), w.viewer('agent-ana', [])]
    for (const viewer of viewers) await counted(viewer)
    expect(await w.store.countConversations(w.viewer('agent-ana'))).toEqual({
      ...none,
      open: 3,
      awaiting: 1,
      mine: 1,
      unassigned: 2,
      unfiled: 2,
      failed: 1,
      snoozed: 1,
    })
    expect(await w.store.countConversations(w.viewer('agent-ana', ['ev-1']))).toMatchObject({ open: 1, mine: 1, unfiled: 0, failed: 1 })
    await w.store.updateConversation(w.all, ids.filed, { status: 'closed' })
    await w.store.updateConversation(w.all, ids.snoozed, { status: 'open', assignee: ana })
    await w.receive({ from: person(2), text: 'otra cosa' })
    await w.enter(await w.conversation(ids.reminded), { author: REMINDER })
    for (const viewer of viewers) await counted(viewer)
    expect(await w.store.countConversations(w.neighbour().all)).toEqual(none)
  },

  async 'the numbers of the filters end at a hundred'(w) {
    await Promise.all(times(103, (index) => w.receive({ from: numbered(`+54911540${10_000 + index}`, `Cliente ${index}`) })))
    expect(await w.store.countConversations(w.all)).toMatchObject({ open: 100, unassigned: 100, mine: 0 })
  },

  async 'the list is ordered by activity, the newest first, or by who waits longest'(w) {
    const opened: string[] = []
    for (const index of [1, 2, 3, 4, 5]) opened.push((await w.receive({ from: person(index) })).conversation.id)
    await w.receive({ from: person(2) })
    await w.enter({ id: opened[3] ?? '' })
    expect((await w.list({ automated: false })).map((one) => opened.indexOf(one.id) + 1)).toEqual([4, 2, 5, 3, 1])
    expect((await w.list({ sort: 'waiting', awaiting: true })).map((one) => opened.indexOf(one.id) + 1)).toEqual([1, 2, 3, 5])
    expect((await w.list({ sort: 'waiting', awaiting: true }, w.all, 1)).map((one) => opened.indexOf(one.id) + 1)).toEqual([1, 2, 3, 5])
  },

  async 'pages hold everything once, also where many moved at the same moment'(w) {
    const createdAt = w.now()
    await Promise.all(times(23, (index) => w.receive({ from: person(index), createdAt: index < 15 ? createdAt : createdAt - index })))
    await w.open({ client: person(100) })
    for (const limit of [1, 4, 7, 23, 100]) {
      const found = await allPages((cursor) => w.store.conversations(w.all, { sort: 'activity' }, { cursor, limit }))
      expect(found).toHaveLength(23)
      expect(found).toEqual(found.toSorted(byActivity))
      expect(await w.list({ sort: 'waiting' }, w.all, limit)).toHaveLength(24)
    }
    const page = await w.store.conversations(w.all, { sort: 'activity' }, { cursor: null, limit: 5 })
    expect(page.items.length).toBeLessThanOrEqual(5)
  },

  async 'paging while others write repeats nothing and misses nothing that was left alone'(w) {
    const before: string[] = []
    for (const index of times(30, (each) => each)) before.push((await w.receive({ from: person(index) })).conversation.id)
    const newestFirst = before.toReversed()
    const touched = new Set<string>()
    const seen: string[] = []
    let cursor: string | null = null
    let turn = 0
    do {
      const page = await w.store.conversations(w.all, { sort: 'activity' }, { cursor, limit: 4 })
      seen.push(...page.items.map((one) => one.id))
      cursor = page.nextCursor
      // One that was seen moves up, one that was not does too, and a new one comes in.
      const [old, young] = [seen[turn] ?? '', before[turn] ?? '']
      touched.add(young)
      await Promise.all([w.enter({ id: old }), w.receive({ from: person(turn) }), w.receive({ from: person(200 + turn) })])
      turn++
    } while (cursor !== null)
    expect(new Set(seen).size, 'nothing twice').toBe(seen.length)
    const missed = newestFirst.filter((id) => !seen.includes(id) && !touched.has(id))
    expect(missed).toEqual([])
  },

  async 'one is what the list shows, with the caller’s own numbers'(w) {
    const ids = await inbox(w)
    await w.store.markRead(w.viewer('agent-ana'), ids.chat, 1)
    for (const agent of ['agent-ana', 'agent-luis']) {
      const viewer = w.viewer(agent)
      for (const listed of await w.list({}, viewer)) expect(await w.store.conversation(viewer, listed.id)).toEqual(listed)
    }
    for (const id of [w.newId(), 'nothing', '', '$gt']) expect(await w.store.conversation(w.all, id)).toBeNull()
    expect(await w.store.conversation(w.neighbour().all, ids.chat)).toBeNull()
  },

  async 'state, assignee and tags change, and only what was asked'(w) {
    const { conversation } = await w.receive()
    const until = w.now() + HOUR
    const steps: [Parameters<typeof w.store.updateConversation>[2], Partial<OwnConversationState>][] = [
      [
        { status: 'snoozed', snoozedUntil: until },
        { status: 'snoozed', snoozedUntil: new Date(until).toISOString(), assignee: null, tags: [] },
      ],
      [{ assignee: ana }, { assignee: ana, status: 'snoozed' }],
      [{ tags: ['vip', 'ñandú', '$x.y'] }, { tags: ['vip', 'ñandú', '$x.y'], assignee: ana }],
      [
        { status: 'open', snoozedUntil: null },
        { status: 'open', snoozedUntil: null },
      ],
      [
        { assignee: null, tags: [] },
        { assignee: null, tags: [] },
      ],
    ]
    let rev = conversation.rev
    for (const [patch, after] of steps) {
      const updated = await w.store.updateConversation(w.all, conversation.id, patch)
      expect(updated?.conversation, JSON.stringify(patch)).toMatchObject({ id: conversation.id, ...after })
      expect(updated?.conversation.rev).toBe(rev + 1)
      expect(updated?.changes.conversations).toMatchObject([{ id: conversation.id, ...after }])
      expect(updated?.changes.conversations[0]).not.toHaveProperty('unread')
      rev++
    }
    expect(await w.conversation(conversation.id)).toMatchObject({ inboundCount: 1, answeredCount: 0, activityAt: conversation.activityAt })
    expect(await w.store.updateConversation(w.all, w.newId(), { tags: [] })).toBeNull()
    expect(await w.store.updateConversation(w.neighbour().all, conversation.id, { tags: ['x'] })).toBeNull()
  },

  async 'closing answers the conversation; snoozing does not'(w) {
    await w.receive()
    const { conversation } = await w.receive()
    await w.store.updateConversation(w.all, conversation.id, { status: 'snoozed', snoozedUntil: w.now() + HOUR })
    expect(await w.conversation(conversation.id)).toMatchObject({ answeredCount: 0, unread: 2 })
    const closed = await w.store.updateConversation(w.all, conversation.id, { status: 'closed' })
    expect(closed?.conversation).toMatchObject({ status: 'closed', answeredCount: 2, awaitingReplySince: null, unread: 0, inboundCount: 2 })
  },

  async 'changes at once do not undo each other'(w) {
    const { conversation } = await w.receive()
    const patches = [{ assignee: luis }, { tags: ['vip'] }, { status: 'snoozed' as const, snoozedUntil: MORNING + HOUR * 48 }]
    await Promise.all([
      ...patches.map((patch) => w.store.updateConversation(w.all, conversation.id, patch)),
      ...times(10, () => w.store.enter(w.draft(conversation, { direction: 'internal', type: 'note', author: LUIS }), noChecks)),
    ])
    expect(await w.conversation(conversation.id)).toMatchObject({ assignee: luis, tags: ['vip'], status: 'snoozed', lastSeq: 11 })
  },

  async 'a thread is read from the newest, before, after, and says whether there is more'(w) {
    const { conversation } = await w.receive({ text: 'm 1' })
    for (let index = 2; index <= 12; index++) await w.receive({ text: `m ${index}` })
    const seqs = async (range: { before?: number; after?: number; limit: number }) => {
      const page = await w.store.messages(w.all, conversation.id, range)
      return [page?.items.map((one) => one.seq), page?.hasMore]
    }
    expect(await seqs({ limit: 5 })).toEqual([[8, 9, 10, 11, 12], true])
    expect(await seqs({ limit: 12 })).toEqual([times(12, (index) => index + 1), false])
    expect(await seqs({ before: 8, limit: 5 })).toEqual([[3, 4, 5, 6, 7], true])
    expect(await seqs({ before: 3, limit: 5 })).toEqual([[1, 2], false])
    expect(await seqs({ before: 1, limit: 5 })).toEqual([[], false])
    expect(await seqs({ after: 0, limit: 5 })).toEqual([[1, 2, 3, 4, 5], true])
    expect(await seqs({ after: 9, limit: 5 })).toEqual([[10, 11, 12], false])
    expect(await seqs({ after: 7, limit: 5 })).toEqual([[8, 9, 10, 11, 12], false])
    expect(await seqs({ after: 99, limit: 5 })).toEqual([[], false])
    expect(await w.store.messages(w.all, w.newId(), { limit: 5 })).toBeNull()
    expect(await w.store.messages(w.neighbour().all, conversation.id, { limit: 5 })).toBeNull()
    expect(await w.store.messages(w.all, (await w.open({ client: person(9) })).id, { limit: 5 })).toEqual({ items: [], hasMore: false })
  },

  async 'a thread that is paged back while messages arrive has no hole and no repeat'(w) {
    const { conversation } = await w.receive()
    await Promise.all(times(39, () => w.receive()))
    const seen: (number | null)[] = []
    for (let before: number | undefined; ; ) {
      const page = await w.store.messages(w.all, conversation.id, before === undefined ? { limit: 7 } : { before, limit: 7 })
      await Promise.all([w.receive(), w.enter(conversation)])
      const found = page?.items.map((one) => one.seq) ?? []
      seen.unshift(...found)
      before = found[0] ?? 0
      if (!page?.hasMore) break
    }
    expect(seen).toEqual(times(40, (index) => index + 1))
  },

  async 'what was snoozed is due at its time, the earliest first, and no more once it is open'(w) {
    const snooze = async (index: number, until: number) => {
      const { conversation } = await w.receive({ from: person(index) })
      await w.store.updateConversation(w.all, conversation.id, { status: 'snoozed', snoozedUntil: until })
      return conversation.id
    }
    const at = w.now() + HOUR
    const [later, sooner, written] = [await snooze(1, at + 2), await snooze(2, at + 1), await snooze(3, at)]
    await w.receive({ from: person(3) })
    const due = async (now: number, limit = 100) =>
      (await w.store.snoozeEnds(now, limit)).filter((one) => one.orgId === w.orgId).map((one) => one.conversationId)
    expect(await due(at)).toEqual([])
    expect(await due(at + 1)).toEqual([sooner])
    expect(await due(at + 2)).toEqual([sooner, later])
    await w.store.updateConversation(w.all, sooner, { status: 'open' })
    expect(await due(at + 2)).toEqual([later])
    expect((await w.conversation(written)).status).toBe('open')
  },

  async 'names with unusual characters are found by their words, whatever signs stand around them'(w) {
    await w.receive({ from: numbered('+5491100000077', `O'Brien "el" (50%) [x]_`) })
    for (const q of [`o'brien`, '"el"', '(50%)', '[x]_', '50%', '50_', '(50%) el']) expect(await w.list({ q }), q).toHaveLength(1)
    for (const q of ['[a-z]', '50 ela', 'rien']) expect(await w.list({ q }), q).toHaveLength(0)
  },
})
