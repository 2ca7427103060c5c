// The host's records: created or replaced all or nothing, searched, shown by their conversations, with their history.
import { expect } from 'vitest'
import { MORNING, person, record } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

export const coordinationCases = cases('coordinations', {
  async 'a conversation shows the record’s own form of its client’s number, where it is another one'(w) {
    const client = person(3)
    const own = client.address.replace('+549', '+54')
    const written = record('ev-1', { client, contact: { name: client.name, phone: own } })
    await w.save(written, record('ev-2', { client }))
    const { conversation: first } = await w.receive({ from: client, record: 'ev-1' })
    const { conversation: second } = await w.receive({ from: client, record: 'ev-2' })
    expect([first.coordination?.phone, second.coordination?.phone]).toEqual([own, undefined])
    expect((await w.conversation(first.id)).coordination).toEqual(first.coordination)
    const { changes } = await w.store.saveCoordinations(
      w.orgId,
      [{ ...written, contact: { name: client.name, phone: client.address } }],
      w.now(),
    )
    expect(changes.conversations.map(({ id, coordination }) => [id, coordination?.phone])).toEqual([[first.id, undefined]])
  },

  async 'a provisional one is made where there is none, replaces none, and is created anew when the host saves it'(w) {
    const conversation = await w.open({ record: 'ev-1' })
    const provisional = record('ev-1', { title: 'ev-1', provisional: true })
    const save = async (input: ReturnType<typeof record>) => (await w.store.saveCoordinations(w.orgId, [input], w.now())).saved[0]
    expect(await save(provisional)).toMatchObject({ created: true, changed: true, coordination: { provisional: true, rev: 1 } })
    expect(await w.conversation(conversation.id)).toMatchObject({ coordination: { id: 'ev-1', title: 'ev-1' } })
    expect(await save({ ...provisional, title: 'otro' })).toMatchObject({
      created: false,
      changed: false,
      coordination: { title: 'ev-1', rev: 1 },
    })
    // The same words: still the host's first save.
    const { provisional: _, ...real } = provisional
    const first = await save(real)
    expect(first).toMatchObject({ created: true, changed: true, coordination: { title: 'ev-1', rev: 2 } })
    expect(first?.coordination).not.toHaveProperty('provisional')
    expect(await save({ ...provisional, title: 'otro' })).toMatchObject({ created: false, changed: false })
    expect(await w.store.coordination(w.all, 'ev-1')).toEqual(first?.coordination)
    expect((await w.store.coordinations(w.all, {}, { cursor: null, limit: 10 })).items).toEqual([first?.coordination])
  },

  async 'one provisional record asked for twenty times at once is made once'(w) {
    const asked = times(20, () => w.store.saveCoordinations(w.orgId, [record('ev-1', { provisional: true })], w.now()))
    const saved = (await Promise.all(asked)).map((one) => one.saved[0])
    expect(saved.filter((one) => one?.created)).toHaveLength(1)
    expect(new Set(saved.map((one) => one?.coordination.rev))).toEqual(new Set([1]))
  },

  async 'they are created, then replaced, and answered in their order'(w) {
    const at = w.now()
    const first = await w.store.saveCoordinations(
      w.orgId,
      [record('ev-2'), record('ev-1', { agent: { id: 'agent-ana', name: 'Ana Díaz' } })],
      at,
    )
    expect(first.saved).toMatchObject([
      { created: true, coordination: { id: 'ev-2' } },
      { created: true, coordination: { id: 'ev-1', agent: { id: 'agent-ana', name: 'Ana Díaz' } } },
    ])
    const { title, contact, startsAt, timezone, status, data } = record('ev-1')
    const iso = new Date(at).toISOString()
    const one = first.saved[1]?.coordination
    expect(one).toMatchObject({ id: 'ev-1', title, contact, startsAt, timezone, status, data, createdAt: iso, updatedAt: iso })
    expect(await w.store.coordination(w.all, 'ev-1')).toEqual(one)
    const later = w.now()
    const again = await w.store.saveCoordinations(
      w.orgId,
      [record('ev-3'), record('ev-1', { title: 'Boda Ana & Luis', startsAt: null, timezone: null, data: { mesa: 4 } })],
      later,
    )
    expect(again.saved.map((each) => each.created)).toEqual([true, false])
    const replaced = again.saved[1]?.coordination
    expect(replaced).toMatchObject({
      title: 'Boda Ana & Luis',
      startsAt: null,
      data: { mesa: 4 },
      createdAt: iso,
      updatedAt: new Date(later).toISOString(),
    })
    expect(replaced).not.toHaveProperty('agent')
    expect(replaced).not.toHaveProperty('timezone')
    expect(replaced?.rev).toBeGreaterThan(one?.rev ?? 0)
    expect(await w.store.coordination(w.all, 'ev-1')).toEqual(replaced)
  },

  async 'the host’s page of a record is kept, changed and taken away with it'(w) {
    const url = 'https://app.example.com/eventos/1042?a=1#ñ'
    await w.save('ev-2', record('ev-1', { url }))
    expect(await w.store.coordination(w.all, 'ev-1')).toMatchObject({ url })
    expect(await w.store.coordination(w.all, 'ev-2')).not.toHaveProperty('url')
    const again = (to: string | null) => w.store.saveCoordinations(w.orgId, [record('ev-1', { url: to })], w.now())
    expect((await again(url)).saved[0]).toMatchObject({ changed: false })
    expect((await again('https://app.example.com/2')).saved[0]).toMatchObject({
      changed: true,
      coordination: { url: 'https://app.example.com/2' },
    })
    await again(null)
    expect(await w.store.coordination(w.all, 'ev-1')).not.toHaveProperty('url')
  },

  async 'whatever names and values the host gives are kept'(w) {
    const data = {
      $where: '1==1',
      'a.b.c': 1.5,
      $set: null,
      'ñ "x"': true,
      '': '',
      __proto__x: 'p',
      texto: "Robert'); DROP TABLE--",
      emoji: '🎂',
    }
    const contact = {
      name: 'Ana',
      phone: '+5491144500001',
      externalId: '$gt',
      channel: 'sms' as const,
      phones: { whatsapp: '+5491144500001', sms: '+5491144500002' },
    }
    const id = 'a.b$c/d "e" ñ🎂'
    await w.save(record(id, { data, contact, title: '$title.$x' }))
    expect(await w.store.coordination(w.all, id)).toMatchObject({ id, contact, title: '$title.$x' })
    expect((await w.store.coordination(w.all, id))?.data).toEqual(data)
    const { conversation } = await w.receive({ record: id })
    expect(conversation.coordination).toMatchObject({ id, title: '$title.$x' })
    expect(await w.list({ coordinationId: id })).toHaveLength(1)
    expect(await w.store.unreadByCoordination(w.viewer('a', [id]), [id])).toMatchObject({ [id]: { unread: 1 } })
  },

  async 'all or nothing: one that cannot be kept keeps none'(w) {
    await w.save('ev-0')
    const unkeepable = record('ev-bad')
    Object.defineProperty(unkeepable, 'data', {
      enumerable: true,
      get() {
        throw new Error('cannot be read')
      },
    })
    const batch = [record('ev-0', { title: 'changed' }), ...times(5, (index) => record(`ev-new-${index}`)), unkeepable, record('ev-after')]
    await expect(w.store.saveCoordinations(w.orgId, batch, w.now())).rejects.toThrow()
    expect((await w.store.coordination(w.all, 'ev-0'))?.title).toBe('Boda ev-0')
    const page = await w.store.coordinations(w.all, {}, { cursor: null, limit: 50 })
    expect(page.items.map((one) => one.id)).toEqual(['ev-0'])
  },

  async 'the same record twice in one batch: each is answered, the last one counts'(w) {
    const batch = [record('ev-1', { title: 'una' }), record('ev-2'), record('ev-1', { title: 'otra' })]
    const { saved } = await w.store.saveCoordinations(w.orgId, batch, w.now())
    expect(saved.map((one) => [one.coordination.id, one.created])).toEqual([
      ['ev-1', true],
      ['ev-2', true],
      ['ev-1', false],
    ])
    expect(await w.store.coordination(w.all, 'ev-1')).toEqual(saved[2]?.coordination)
    expect(saved[2]?.coordination.title).toBe('otra')
  },

  async 'conversations that show a record change with it'(w) {
    const early = await w.open({ record: 'ev-1' })
    expect(early.coordination, 'its record is not known yet').toBeNull()
    const sms = await w.receive({ record: 'ev-1', channel: 'sms' })
    await w.receive()
    const created = await w.store.saveCoordinations(w.orgId, [record('ev-1'), record('ev-2')], w.now())
    const both = [early.id, sms.conversation.id].toSorted()
    expect(created.changes.conversations.map((one) => one.id).toSorted()).toEqual(both)
    for (const told of created.changes.conversations)
      expect(told.coordination).toMatchObject({ id: 'ev-1', title: 'Boda ev-1', status: 'active' })
    const startsAt = new Date(MORNING).toISOString()
    const changed = await w.store.saveCoordinations(w.orgId, [record('ev-1', { title: 'Otra', status: 'canceled', startsAt })], w.now())
    expect(changed.changes.conversations.map((one) => one.id).toSorted()).toEqual(both)
    const shown = await w.conversation(sms.conversation.id)
    expect(shown.coordination).toEqual({ id: 'ev-1', title: 'Otra', startsAt, status: 'canceled' })
    expect((await w.list({ q: 'otra' })).length).toBe(2)
    expect(shown.activityAt, 'that is no activity').toBe(sms.conversation.activityAt)
  },

  async 'the hint of an unfiled conversation shows the record as it is'(w) {
    await w.save(record('ev-1', { status: 'done', title: 'Boda' }))
    const { conversation } = await w.receive({ hint: 'ev-1' })
    await w.save(record('ev-1', { status: 'done', title: 'Boda de Ana' }))
    expect((await w.conversation(conversation.id)).hint).toEqual({ coordinationId: 'ev-1', title: 'Boda de Ana' })
  },

  async 'they are searched by title, name, number and id, by status and by the keys of a number'(w) {
    await w.save(
      record('ev-1', { client: person(1), title: 'Boda en Los Álamos' }),
      record('ev-2', { client: person(2), status: 'done', title: 'Cumpleaños' }),
      record('ev-3', { client: person(1), status: 'canceled', title: '100% $fiesta_' }),
    )
    const find = async (filter: Parameters<typeof w.store.coordinations>[1]) =>
      (await allPages((cursor) => w.store.coordinations(w.all, filter, { cursor, limit: 1 }))).map((one) => one.id).toSorted()
    expect(await find({})).toEqual(['ev-1', 'ev-2', 'ev-3'])
    expect(await find({ q: 'alamos' })).toEqual(['ev-1'])
    expect(await find({ q: 'NUNEZ' })).toEqual(['ev-2'])
    expect(await find({ q: '100%' })).toEqual(['ev-3'])
    for (const q of ['%', '.*', '$ne']) expect(await find({ q }), q).toEqual(q === '%' ? ['ev-3'] : [])
    expect(await find({ status: 'done' })).toEqual(['ev-2'])
    expect(await find({ phoneKeys: person(1).keys })).toEqual(['ev-1', 'ev-3'])
    expect(await find({ phoneKeys: person(1).keys, status: 'active' })).toEqual(['ev-1'])
    expect(await find({ phoneKeys: person(9).keys })).toEqual([])
    expect((await w.store.coordinations(w.neighbour().all, {}, { cursor: null, limit: 9 })).items).toEqual([])
    expect(await w.store.coordination(w.neighbour().all, 'ev-1')).toBeNull()
    expect(await w.store.coordination(w.all, '$ne')).toBeNull()
  },

  async 'pages hold all of them once'(w) {
    await w.save(...times(25, (index) => record(`ev-${index}`)))
    for (const limit of [1, 6, 25]) {
      const found = await allPages((cursor) => w.store.coordinations(w.all, {}, { cursor, limit }))
      expect(found).toHaveLength(25)
    }
  },

  async 'the same record saved by many at once is one, and rev counts them'(w) {
    const saved = await Promise.all(
      times(10, (index) => w.store.saveCoordinations(w.orgId, [record('ev-1', { title: `t ${index}` })], w.now())),
    )
    expect(saved.filter((one) => one.saved[0]?.created)).toHaveLength(1)
    expect(new Set(saved.map((one) => one.saved[0]?.coordination.rev)).size).toBe(10)
    expect((await w.store.coordinations(w.all, {}, { cursor: null, limit: 50 })).items).toHaveLength(1)
  },

  async 'the history of a record is read newest first over all its conversations'(w) {
    await w.save('ev-1', 'ev-2')
    const texts = []
    for (let index = 0; index < 6; index++) {
      await w.receive({ record: 'ev-1', channel: index % 2 ? 'sms' : 'whatsapp', text: `m ${index}`, from: person(index % 3 ? 1 : 2) })
      texts.unshift(`m ${index}`)
    }
    await w.receive({ record: 'ev-2', text: 'de otro' })
    const read = (id: string, limit: number) =>
      allPages(async (cursor) => (await w.store.coordinationMessages(w.all, id, { cursor, limit })) ?? { items: [], nextCursor: null })
    for (const limit of [2, 50]) expect((await read('ev-1', limit)).map((one) => one.text)).toEqual(texts)
    expect((await read('ev-2', 5)).map((one) => one.text)).toEqual(['de otro'])
    expect(await w.neighbour().store.coordinationMessages(w.viewer('a', ['ev-2']), 'ev-1', { cursor: null, limit: 5 })).toBeNull()
  },
})
