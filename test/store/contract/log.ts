// The message log: every message of the organization, filtered and paged.
import { expect } from 'vitest'
import type { LogFilter } from '../../../server/store/records.ts'
import { ANA, HOUR, LUIS, person, record, REMINDER } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

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
      [{ status: 'received' }, ['chat', 'filed', 'note', 'sms']],
      [{ status: 'queued' }, ['answer']],
      [{ status: 'sending' }, ['reminder']],
      [{ status: 'scheduled' }, ['planned']],
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
