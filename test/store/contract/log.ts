// The message log: every message of the organization, filtered and paged.
import { expect } from 'vitest'
import { messageColumns } from '../../../server/rules/log-table.ts'
import { putAwayMessage } from '../../../server/rules/message.ts'
import { linesOf } from '../../../server/rules/text-table.ts'
import type { LogFilter, Page } from '../../../server/store/records.ts'
import type { Failure, LogThread } from '../../../shared/model.ts'
import { ANA, HOUR, LUIS, person, record, REMINDER } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const allThreads = async (read: (cursor: string | null) => Promise<Page<LogThread>>) =>
  (
    await allPages(async (cursor) => {
      const { items, nextCursor } = await read(cursor)
      return { items: items.map((thread) => ({ id: thread.conversationId, thread })), nextCursor }
    })
  ).map(({ thread }) => thread)

export const logCases = cases('log', {
  async 'a cursor that is none of this list is refused, on every list, rather than begun anew'(w) {
    const { store, all } = w
    await w.receive({ from: person(0), text: 'hola' })
    const lists = {
      log: (cursor: string) => store.messageLog(all, {}, { cursor, limit: 9 }),
      conversations: (cursor: string) => store.conversations(all, { sort: 'activity' }, { cursor, limit: 9 }),
      contacts: (cursor: string) => store.contacts(all, null, { cursor, limit: 9 }),
      coordinations: (cursor: string) => store.coordinations(all, {}, { cursor, limit: 9 }),
    }
    for (const [name, list] of Object.entries(lists))
      for (const cursor of [
        '',
        'x',
        '%00',
        encoded({}),
        encoded([]),
        encoded([{ $gt: '' }, 'x']),
        encoded([[], [], []]),
        encoded('x'),
        'n'.repeat(400),
      ])
        await expect(list(cursor), `${name} ${cursor}`).rejects.toMatchObject({ code: 'validation_failed' })
  },

  async 'each filter holds what it says'(w) {
    await w.save(record('ev-1', { client: person(1) }))
    const start = w.now()
    const chat = await w.receive({ from: person(0), text: '¿Hay ESTACIONAMIENTO?' })
    const filed = await w.receive({ from: person(1), record: 'ev-1', text: 'gracias' })
    const middle = w.now()
    const answer = await w.enter(chat.conversation, { author: ANA, text: 'Sí, en el subsuelo' })
    const reminder = await w.enter(filed.conversation, { author: REMINDER, text: 'Recordatorio' })
    const note = await w.enter(filed.conversation, { author: LUIS, direction: 'internal', type: 'note', text: 'VIP' })
    const sms = await w.receive({ from: person(0), channel: 'sms', text: 'por sms' })
    await w.send(filed.conversation)
    const planned = await w.store.schedule(w.draft(chat.conversation, { dueAt: w.now() + HOUR, author: LUIS, text: 'luego' }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    const all = { chat, filed, answer, reminder, note, sms, planned }
    const names = new Map(Object.entries(all).map(([name, one]) => [one.message.id, name]))
    const expected: [LogFilter, string[]][] = [
      [{}, ['answer', 'chat', 'filed', 'note', 'planned', 'reminder', 'sms']],
      [{ statuses: ['received'] }, ['chat', 'filed', 'note', 'sms']],
      [{ statuses: ['queued'] }, ['answer']],
      [{ statuses: ['sending'] }, ['reminder']],
      [{ statuses: ['scheduled'] }, ['planned']],
      [{ direction: 'inbound' }, ['chat', 'filed', 'sms']],
      [{ direction: 'outbound' }, ['answer', 'planned', 'reminder']],
      [{ direction: 'internal' }, ['note']],
      [{ channel: 'sms' }, ['sms']],
      [{ authorType: 'automation' }, ['reminder']],
      [{ authorType: 'agent' }, ['answer', 'note', 'planned']],
      [{ authorId: 'agent-luis' }, ['note', 'planned']],
      [{ conversationId: chat.conversation.id }, ['answer', 'chat', 'planned']],
      [{ coordinationId: 'ev-1' }, ['filed', 'note', 'reminder']],
      [{ contactId: chat.conversation.contact.id }, ['answer', 'chat', 'planned', 'sms']],
      [{ from: middle }, ['answer', 'note', 'planned', 'reminder', 'sms']],
      [{ from: start, to: middle }, ['chat', 'filed']],
      [{ to: start }, []],
      [{ q: 'estacionamiento' }, ['chat']],
      [{ q: 'subsuelo', direction: 'outbound' }, ['answer']],
      [{ q: 'nada de esto' }, []],
      [{ q: '%' }, []],
      [{ q: '" OR 1=1 --' }, []],
      [{ direction: 'inbound', channel: 'whatsapp', coordinationId: 'ev-1' }, ['filed']],
      [{ conversationId: '$ne' }, []],
    ]
    for (const [filter, expectedNames] of expected)
      for (const limit of [2, 50]) {
        const found = await w.log(filter, w.all, limit)
        expect(found.map((one) => names.get(one.id)).toSorted(), JSON.stringify(filter)).toEqual(expectedNames)
      }
    expect(await w.neighbour().log()).toEqual([])
  },

  async 'several states, the reason and the code of a failure, and what may be tried again'(w) {
    const { conversation } = await w.receive({ from: person(0) })
    const failed = async (reason: Failure['reason'], code: number | null, action: Failure['action'], over = {}) => {
      const { message } = await w.enter(conversation, { author: ANA, text: reason, ...over })
      const failure = { code, reason, message: '', action }
      await w.store.accepted(await w.claimed(conversation), { twilioSid: w.newSid(), status: 'failed', at: w.now(), failure })
      return message.id
    }
    const off = await failed('carrier', 30003, 'retry')
    const gone = await failed('invalid_number', 30005, 'fix_number')
    const unclear = await failed('unknown', null, 'retry', { author: REMINDER })
    const done = await failed('carrier', 30008, 'retry')
    await w.change({ id: done }, putAwayMessage)
    const queued = await w.enter(conversation, { author: ANA })
    const expected: [LogFilter, string[]][] = [
      [{ statuses: ['failed'] }, [off, gone, unclear, done]],
      [{ statuses: ['failed', 'queued'] }, [off, gone, unclear, done, queued.message.id]],
      [{ statuses: ['failed', 'queued'], authorType: 'automation' }, [unclear]],
      [{ statuses: ['canceled', 'read'] }, []],
      [{ errorReason: 'carrier' }, [off, done]],
      [{ errorCode: 30003 }, [off]],
      [{ errorCode: 30003, errorReason: 'unknown' }, []],
      [{ errorCode: 30003, statuses: ['delivered'] }, []],
      [{ errorReason: 'unknown', authorId: REMINDER.id ?? '' }, [unclear]],
      [{ errorReason: 'carrier', direction: 'inbound' }, []],
      [{ retryable: true }, [off, unclear]],
      [{ retryable: true, errorReason: 'carrier' }, [off]],
      [{ retryable: true, authorType: 'agent', channel: 'sms' }, []],
      [{ retryable: true, conversationId: conversation.id, statuses: ['failed', 'sent'] }, [off, unclear]],
      [{ errorReason: 'carrier', contactId: conversation.contact.id }, [off, done]],
    ]
    for (const [filter, ids] of expected)
      for (const limit of [1, 50]) {
        const found = (await w.log(filter, w.all, limit)).map((one) => one.id)
        expect(found.toSorted(), JSON.stringify(filter)).toEqual(ids.toSorted())
      }
  },

  async 'by conversation: how many, in which states, since when, the last state and the cost, of what the filter holds'(w) {
    await w.save('ev-1')
    const one = await w.receive({ from: person(0), text: 'hola' })
    const other = await w.receive({ from: person(1), record: 'ev-1' })
    const idle = await w.open({ client: person(2) })
    await w.enter(one.conversation)
    const first = await w.send(one.conversation)
    const price = { amount: 0.05, currency: 'USD' }
    await w.store.applyStatus({
      ...{ orgId: w.orgId, messageId: null, twilioSid: first.twilioSid ?? '', status: 'read', failure: null, at: w.now() },
      price,
    })
    const answer = await w.enter(one.conversation)
    await w.store.schedule(w.draft(idle, { dueAt: w.now() + HOUR }))
    const threadsOf = (filter: LogFilter, viewer = w.all, limit = 50) =>
      allThreads((cursor) => w.store.logThreads(viewer, filter, { cursor, limit }))
    for (const limit of [1, 2, 50]) {
      const all = await threadsOf({}, w.all, limit)
      expect(all.map((thread) => thread.conversationId)).toEqual([one.conversation.id, other.conversation.id, idle.id])
      expect(all[0]).toEqual({
        ...{ conversationId: one.conversation.id, channel: 'whatsapp', coordinationId: null },
        contact: one.conversation.contact,
        ...{ messages: 3, inbound: 1, outbound: 2, byStatus: { read: 1, queued: 1 }, cost: { USD: 0.05 } },
        ...{ firstAt: one.message.createdAt, lastAt: answer.message.createdAt, lastStatus: 'queued' },
      })
      expect(all[2]).toMatchObject({ messages: 1, outbound: 1, byStatus: { scheduled: 1 }, cost: {} })
    }
    const holding = async (filter: LogFilter, viewer = w.all) => (await threadsOf(filter, viewer, 1)).map((thread) => thread.conversationId)
    expect(await holding({ statuses: ['read'] })).toEqual([one.conversation.id])
    expect(await holding({ q: 'hola' })).toEqual([one.conversation.id])
    expect(await holding({ coordinationId: 'ev-1' })).toEqual([other.conversation.id])
    expect(await holding({ contactId: other.conversation.contact.id, direction: 'outbound' })).toEqual([])
    expect(await holding({ conversationId: one.conversation.id })).toEqual([one.conversation.id])
    expect(await holding({}, w.viewer('agent-scoped', ['ev-1']))).toEqual([other.conversation.id])
    expect(await holding({ direction: 'inbound', from: w.now() })).toEqual([])
    expect(await threadsOf({}, w.neighbour().all)).toEqual([])
  },

  async 'as a table: its lines are those of the pages, whatever their size'(w) {
    const { conversation } = await w.receive({ text: 'uno, "dos"' })
    for (let index = 0; index < 4; index++) await w.enter(conversation, { text: `línea ${index}` })
    const tableOf = async (of: 'messages' | 'conversations', limit: number) => {
      let text = ''
      for (let cursor: string | null = null; ; ) {
        const page = await w.store.logTable(w.all, {}, { of, locale: 'es' }, { cursor, limit })
        text += page.text
        if (page.nextCursor === null) return text
        cursor = page.nextCursor
      }
    }
    const items = await w.log()
    for (const limit of [2, 50]) {
      expect(await tableOf('messages', limit)).toBe(linesOf(messageColumns('es'), items))
      expect((await tableOf('conversations', limit)).split('\r\n')).toHaveLength(2)
    }
    expect(await w.store.logTable(w.neighbour().all, {}, { of: 'messages', locale: 'es' }, { cursor: null, limit: 9 })).toEqual({
      ...{ text: '', nextCursor: null },
    })
    const wrong = w.store.logTable(w.all, {}, { of: 'messages', locale: 'es' }, { cursor: 'x', limit: 9 })
    await expect(wrong).rejects.toMatchObject({ code: 'validation_failed' })
  },

  async 'it is listed newest first, and each is what reading it alone gives'(w) {
    const { conversation } = await w.receive()
    for (let index = 0; index < 6; index++) await (index % 2 ? w.enter(conversation) : w.receive())
    const found = await w.log({}, w.all, 3)
    expect(found.map((one) => one.createdAt)).toEqual(
      found
        .map((one) => one.createdAt)
        .toSorted()
        .toReversed(),
    )
    for (const one of found) expect(await w.store.message(w.all, one.id)).toEqual(one)
  },

  async 'paging while others write repeats nothing and misses nothing that was there'(w) {
    await Promise.all(times(30, (index) => w.receive({ from: person(index % 5) })))
    const before = new Set((await w.log()).map((one) => one.id))
    const seen = await allPages(async (cursor) => {
      const page = await w.store.messageLog(w.all, {}, { cursor, limit: 4 })
      await Promise.all(times(3, (index) => w.receive({ from: person(index) })))
      return page
    })
    const ids = new Set(seen.map((one) => one.id))
    expect([...before].filter((id) => !ids.has(id))).toEqual([])
  },

  async 'pages hold all of what was written in the same millisecond'(w) {
    const createdAt = w.now()
    await Promise.all(times(20, (index) => w.receive({ from: person(index), createdAt })))
    for (const limit of [1, 6]) expect(await w.log({}, w.all, limit)).toHaveLength(20)
  },

  async 'a history is what was said: without plans, and without the lines that tell of moves'(w) {
    await w.save('ev-1', 'ev-2')
    const { conversation, message } = await w.receive({ record: 'ev-1' })
    const moved = await w.receive({ record: 'ev-1' })
    const answer = await w.enter(conversation)
    await w.store.schedule(w.draft(conversation, { dueAt: w.now() + HOUR }))
    await w.store.moveMessages(w.all, [moved.message.id], 'ev-2', { id: 'agent-ana', name: ANA.name }, w.now())
    const page = { cursor: null, limit: 50 }
    const idsOf = (found: { items: { id: string }[] } | null) => found?.items.map((one) => one.id)
    expect(idsOf(await w.store.coordinationMessages(w.all, 'ev-1', page))).toEqual([answer.message.id, message.id])
    expect(idsOf(await w.store.coordinationMessages(w.all, 'ev-2', page))).toEqual([moved.message.id])
    expect(idsOf(await w.store.contactMessages(w.all, conversation.contact.id, page))).toEqual([
      answer.message.id,
      moved.message.id,
      message.id,
    ])
  },

  async 'one message is read by its id in its organization'(w) {
    const { message } = await w.receive()
    expect(await w.store.message(w.all, message.id)).toEqual(message)
    for (const id of [w.newId(), '', '$ne', message.twilioSid ?? '']) expect(await w.store.message(w.all, id)).toBeNull()
    expect(await w.store.message(w.neighbour().all, message.id)).toBeNull()
  },
})
