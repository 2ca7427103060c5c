// What messages come with: stored with them, found when it is due, changed by a rule as the rest of a message is.
import { hash } from 'node:crypto'
import { expect } from 'vitest'
import { beginMedia, type Fetched, retryMedia, settleMedia } from '../../../server/rules/media.ts'
import type { MessageMedia } from '../../../server/store/records.ts'
import { eraseOld } from '../../../server/rules/retention.ts'
import { HOUR, MORNING, noChecks } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const sourceOf = (n: number) => ({
  sourceUrl: `https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME${n}`,
  contentType: 'image/jpeg',
})
const kept: Fetched = { outcome: 'kept', hash: 'b'.repeat(64), size: 12, contentType: 'image/png', filename: null, width: 4, height: 3 }

/** A fetch of this item begins and ends. */
async function fetched(w: World, { id }: { id: string }, place: number, outcome: Fetched, now: number = MORNING) {
  const item = (await w.store.messageMedia(id))?.items[place]
  if (item) await w.change({ id }, beginMedia(item))
  return w.change({ id }, settleMedia({ id: `${id}-${place}`, attempts: (item?.attempts ?? 0) + 1 }, outcome, now))
}

const file = (name: string) => ({
  ...{ hash: name.repeat(64), size: 12, contentType: 'image/png', filename: `${name}.png`, sourceUrl: null, width: 4, height: 3 },
})

/** Those of this case's organization. */
async function due(w: World, now: number): Promise<MessageMedia[]> {
  const waiting = (await w.store.mediaToFetch(500)).filter(({ orgId }) => orgId === w.orgId)
  return waiting.filter(({ items }) => items.some(({ nextTryAt }) => nextTryAt !== null && nextTryAt <= now))
}

export const mediaCases = cases('media', {
  async 'erased, a message has nothing that it said or came with, names no file, and its thread shows so; place and times stay'(w) {
    const button = { text: 'Confirmar', payload: 'confirm' }
    const { message, conversation } = await w.receive({ type: 'media', text: 'mirá', media: [sourceOf(0)], button, createdAt: MORNING + 5 })
    // Others may keep the same file.
    const own = hash('sha256', w.orgId)
    await fetched(w, message, 0, { ...kept, hash: own })
    expect(await w.store.namedFiles([own])).toEqual(new Set([own]))
    const changed = await w.store.changeMessage(w.orgId, message.id, eraseOld)
    expect(changed?.changed).toBe(true)
    const after = await w.message(message.id)
    expect(after).toMatchObject({
      text: '',
      media: [],
      erased: true,
      seq: message.seq,
      createdAt: message.createdAt,
      status: message.status,
    })
    expect(after).not.toHaveProperty('button')
    expect(changed?.message).toEqual(after)
    expect(await w.store.namedFiles([own])).toEqual(new Set())
    const shown = await w.conversation(conversation.id)
    expect([shown.lastMessage?.text, shown.lastMessage?.attachment, shown.inboundCount]).toEqual(['', undefined, 1])
    expect((await w.store.changeMessage(w.orgId, message.id, eraseOld))?.changed).toBe(false)
  },

  async 'M1, M2, M9: a message is stored with what it came with, in its order, and is due at once; where it is from is not told'(w) {
    const { message } = await w.receive({ type: 'media', text: 'mirá', media: [sourceOf(0), sourceOf(1)], createdAt: MORNING + 5 })
    expect(message.media).toEqual(
      [0, 1].map((n) => ({ id: `${message.id}-${n}`, url: '', contentType: 'image/jpeg', filename: null, size: null, state: 'pending' })),
    )
    expect(await w.message(message.id)).toEqual(message)
    expect(await due(w, MORNING + 4)).toEqual([])
    const [found, ...more] = await due(w, MORNING + 5)
    expect(more).toEqual([])
    expect(found?.message.id).toBe(message.id)
    expect(found?.items).toMatchObject([sourceOf(0), sourceOf(1)])
    expect(JSON.stringify([await w.thread(message.conversationId), await w.log()])).not.toContain('api.twilio.com')
  },

  async 'a message without media is never due, and shows none'(w) {
    const { message } = await w.receive()
    expect(message.media).toEqual([])
    expect(await due(w, MORNING + HOUR)).toEqual([])
    expect((await w.store.messageMedia(message.id))?.items).toEqual([])
  },

  async 'what became of an item is one change of its message: rev and feed rise, and only what is left stays due'(w) {
    const { message, conversation } = await w.receive({ type: 'media', media: [sourceOf(0), sourceOf(1)] })
    const before = await w.store.changesSince(w.orgId, null, () => true)
    const changes = await fetched(w, message, 0, kept)
    expect(changes.changed).toBe(true)
    expect(changes.message).toMatchObject({
      rev: message.rev + 2,
      media: [{ state: 'ready', width: 4, height: 3, size: 12 }, { state: 'pending' }],
    })
    expect(changes.messages).toHaveLength(1)
    const feed = await w.store.changesSince(w.orgId, before.cursor, (_, rev) => rev > message.rev + 1)
    expect(feed.messages.map((one) => one.message)).toContainEqual(changes.message)
    expect(await w.conversation(conversation.id)).toMatchObject({ lastMessage: { id: message.id } })
    const again = MORNING + HOUR
    await fetched(w, message, 1, { outcome: 'failed', retry: true }, again)
    expect(await due(w, again + 999)).toEqual([])
    expect(await due(w, again + 1_000)).toMatchObject([{ message: { id: message.id }, items: [{ hash: kept.hash }, { attempts: 1 }] }])
    await fetched(w, message, 1, { outcome: 'blocked', reason: 'type' }, again)
    expect(await due(w, again + HOUR)).toEqual([])
    expect((await w.message(message.id)).media).toMatchObject([{ state: 'ready' }, { state: 'blocked', reason: 'type' }])
  },

  async 'a list says what the last message’s media are, and follows what they are found to be'(w) {
    const declared = { sourceUrl: 'https://x.example.com/1', contentType: 'image/jpeg' }
    const { message, conversation } = await w.receive({ type: 'media', text: '', media: [declared] })
    expect(conversation.lastMessage).toMatchObject({ type: 'media', attachment: { kind: 'image', filename: null } })
    const found = { ...kept, contentType: 'application/pdf', filename: 'presupuesto.pdf' }
    const changes = await fetched(w, message, 0, found)
    const shown = { lastMessage: { attachment: { kind: 'document', filename: 'presupuesto.pdf' } }, rev: conversation.rev + 1 }
    expect(changes.conversations).toMatchObject([shown])
    expect(await w.list()).toMatchObject([shown])
    const text = await w.receive({ text: 'ahí va' })
    expect(text.conversation.lastMessage).not.toHaveProperty('attachment')
    const pair = await w.receive({ type: 'media', text: '', media: [sourceOf(0), declared] })
    const second = await fetched(w, pair.message, 1, found)
    expect(second.conversations, 'the list shows the first').toEqual([])
  },

  async 'a message of the provider’s list whose media nobody knows says so, until its webhook tells'(w) {
    const { message, conversation } = await w.receive({
      listed: true,
      type: 'media',
      text: '',
      media: [{ sourceUrl: null, contentType: '' }],
    })
    expect(conversation.lastMessage).not.toHaveProperty('attachment')
    const enriched = await w.receive({ twilioSid: message.twilioSid ?? '', type: 'media', text: '', media: [sourceOf(0)] })
    expect(enriched.conversation.lastMessage).toMatchObject({ attachment: { kind: 'image' } })
    expect(enriched.conversation.rev).toBe(conversation.rev + 1)
  },

  async 'M17: contacts of a card that was fetched are those of its message'(w) {
    const { message } = await w.receive({ type: 'contacts', media: [{ sourceUrl: 'https://x.example.com/1', contentType: 'text/vcard' }] })
    const contacts = [{ name: '$Ana', phones: [] }]
    await fetched(w, message, 0, { ...kept, contacts })
    expect((await w.message(message.id)).contacts).toEqual(contacts)
  },

  async 'of two outcomes of one fetch, also at once, one counts'(w) {
    const { message } = await w.receive({ type: 'media', media: [sourceOf(0)] })
    await w.change(message, beginMedia({ id: `${message.id}-0`, attempts: 0 }))
    const rule = settleMedia({ id: `${message.id}-0`, attempts: 1 }, kept, MORNING)
    const changed = await Promise.all([w.change(message, rule), w.change(message, rule)])
    expect(changed.filter((one) => one.changed)).toHaveLength(1)
    expect((await w.message(message.id)).rev).toBe(message.rev + 2)
  },

  async 'the earliest is fetched first, and of all it is known when'(w) {
    const late = await w.receive({ type: 'media', media: [sourceOf(0)], createdAt: MORNING - 1_000 })
    const early = await w.receive({ type: 'media', media: [sourceOf(0)], createdAt: MORNING - 2_000 })
    const order = (await due(w, MORNING)).map(({ message }) => message.id)
    expect(order).toEqual([early.message.id, late.message.id])
    const [first, ...more] = await w.store.mediaToFetch(1)
    expect(more).toEqual([])
    expect(first?.items[0]?.nextTryAt ?? MORNING).toBeLessThanOrEqual(MORNING - 2_000)
    await w.receive({ type: 'media', media: [sourceOf(0)], createdAt: MORNING + HOUR })
    const all = (await w.store.mediaToFetch(500)).flatMap(({ items }) => items.map(({ nextTryAt }) => nextTryAt ?? 0))
    expect(all, 'what is to be fetched later, too').toContain(MORNING + HOUR)
  },

  async 'an item is found by its message’s id alone; of none there is none'(w) {
    const { message } = await w.receive({ type: 'media', media: [sourceOf(0)] })
    await fetched(w, message, 0, kept)
    expect(await w.store.messageMedia(message.id)).toMatchObject({
      orgId: w.orgId,
      message: { id: message.id },
      items: [{ hash: kept.hash }],
    })
    expect(await w.store.messageMedia(w.newId())).toBeNull()
  },

  async 'what the list gave gets its media once: the webhook adds what the list did not know, and fetches nothing again'(w) {
    const media = [{ sourceUrl: null, contentType: '' }]
    const listed = await w.receive({ listed: true, type: 'media', media })
    const enriched = await w.receive({ twilioSid: listed.message.twilioSid ?? '', type: 'media', media: [sourceOf(0)] })
    expect(enriched.message.media).toMatchObject([{ id: `${listed.message.id}-0`, contentType: 'image/jpeg', state: 'pending' }])
    const other = await w.receive({ listed: true, type: 'media', media: [sourceOf(3)] })
    await fetched(w, other.message, 0, kept)
    const later = await w.receive({ twilioSid: other.message.twilioSid ?? '', type: 'media', media: [sourceOf(3)] })
    expect(later.message.media).toMatchObject([{ state: 'ready', contentType: 'image/png' }])
    expect((await due(w, Date.now())).map(({ message }) => message.id)).toEqual([listed.message.id])
  },

  async 'what goes with a message of ours is kept with it, and is never due'(w) {
    const { conversation } = await w.receive()
    const { message } = await w.enter(conversation, { type: 'media', text: 'Mirá', media: [file('a'), file('b')] })
    expect(message.media.map(({ id, filename, state }) => [id, filename, state])).toEqual([
      [`${message.id}-0`, 'a.png', 'ready'],
      [`${message.id}-1`, 'b.png', 'ready'],
    ])
    expect(await w.message(message.id)).toEqual(message)
    expect((await w.store.messageMedia(message.id))?.items).toMatchObject([{ hash: file('a').hash, nextTryAt: null }, { size: 12 }])
    expect(await due(w, MORNING + HOUR)).toEqual([])
  },

  async 'what is sent together enters together: in its order, with nothing between, and once'(w) {
    const { conversation } = await w.receive()
    const parts = ['b', 'c'].map((name) => ({ type: 'media' as const, text: '', cost: 1, media: [file(name)] }))
    const sent = () => w.draft(conversation, { key: 'client|a|1', clientMessageId: 'm-1', text: 'Va todo', parts })
    const others = [1, 2, 3, 4].map((n) => w.enter(conversation, { text: `otra ${n}` }))
    const [one, two] = await Promise.all([w.store.enter(sent(), noChecks), w.store.enter(sent(), noChecks), ...others])
    expect([one, two].map((entered) => entered?.outcome).toSorted()).toEqual(['created', 'repeated'])
    const created = one?.outcome === 'created' ? one : two
    if (created?.outcome !== 'created') throw new Error('nothing entered')
    const { message, changes } = created
    expect(changes.messages.map(({ id, text, clientMessageId, seq }) => [id, text, clientMessageId, seq])).toEqual([
      [message.id, 'Va todo', 'm-1', message.seq],
      [`${message.id}_02`, '', 'm-1_02', (message.seq ?? 0) + 1],
      [`${message.id}_03`, '', 'm-1_03', (message.seq ?? 0) + 2],
    ])
    const thread = await w.thread(conversation.id)
    expect(thread).toHaveLength(1 + 3 + 4)
    expect(thread.filter(({ clientMessageId }) => clientMessageId !== null)).toEqual(changes.messages)
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 8, awaitingReplySince: null })
    expect((await w.store.messageMedia(`${message.id}_03`))?.items).toMatchObject([{ filename: 'c.png' }])
  },

  async 'what is planned together is kept together, and each enters with what it goes with'(w) {
    const { conversation } = await w.receive()
    const parts = [{ type: 'media' as const, text: '', cost: 1, media: [file('b')] }]
    const planned = w.draft(conversation, { key: 'client|a|2', text: 'Luego', dueAt: MORNING + HOUR, parts })
    const first = await w.store.schedule(planned)
    expect(first.outcome === 'created' && first.changes.messages.map(({ status }) => status)).toEqual(['scheduled', 'scheduled'])
    expect((await w.store.schedule({ ...planned, id: w.newId() })).outcome).toBe('repeated')
    const found = (await w.store.dueMessages(MORNING + HOUR, 100)).filter(({ message }) => message.conversationId === conversation.id)
    expect(found.map(({ message }) => message.id)).toEqual([planned.id, `${planned.id}_02`])
    for (const { message } of found) await w.store.enterScheduled(w.orgId, message.id, MORNING + HOUR, { checks: noChecks })
    expect((await w.thread(conversation.id)).slice(-1)).toMatchObject([
      { status: 'queued', media: [{ filename: 'b.png', state: 'ready' }] },
    ])
  },

  async 'a file is named by what came in, what went out, what goes with it and what is only planned; by nothing else'(w) {
    // Files have no organization: hashes of this case alone.
    const hashOf = (n: number) => hash('sha256', `${w.orgId} ${n}`)
    const fileOf = (n: number) => ({ ...file('x'), hash: hashOf(n) })
    const all = [0, 1, 2, 3, 4, 5].map(hashOf)
    const named = async () => {
      const found = await w.store.namedFiles(all)
      return all.flatMap((one, n) => (found.has(one) ? n : []))
    }
    expect(await named()).toEqual([])
    const { message, conversation } = await w.receive({ type: 'media', media: [sourceOf(0)] })
    expect(await named(), 'fetched by nobody yet').toEqual([])
    await fetched(w, message, 0, { ...kept, hash: hashOf(0) })
    const parts = [{ type: 'media' as const, text: '', cost: 1, media: [fileOf(2)] }]
    await w.enter(conversation, { type: 'media', text: 'Mirá', media: [fileOf(1)], parts })
    expect(await named()).toEqual([0, 1, 2])
    const planned = w.draft(conversation, { type: 'media', media: [fileOf(3)], dueAt: MORNING + HOUR })
    await w.store.schedule(planned)
    expect(await named()).toEqual([0, 1, 2, 3])
    await w.store.enterScheduled(w.orgId, planned.id, MORNING + HOUR, { checks: noChecks })
    expect(await named(), 'when it has entered').toEqual([0, 1, 2, 3])
    await w.save('ev-1')
    await w.store.moveMessages(w.all, [message.id], 'ev-1', { id: 'a', name: 'A' }, w.now())
    expect(await named(), 'when it was moved').toEqual([0, 1, 2, 3])
    expect(await w.store.namedFiles([])).toEqual(new Set())
  },

  async 'a repeat of the message brings nothing a second time, and one that moved keeps what it came with'(w) {
    await w.save('ev-1')
    const first = await w.receive({ type: 'media', media: [sourceOf(0)] })
    const twilioSid = first.message.twilioSid ?? ''
    expect((await w.receive({ twilioSid, type: 'media', media: [sourceOf(1)] })).outcome).toBe('repeated')
    const moved = await w.store.moveMessages(w.all, [first.message.id], 'ev-1', { id: 'a', name: 'A' }, w.now())
    expect(moved?.moved[0]?.media).toEqual(first.message.media)
    await fetched(w, first.message, 0, { outcome: 'failed', retry: false })
    await w.change(first.message, retryMedia(`${first.message.id}-0`, MORNING))
    expect(await due(w, MORNING)).toHaveLength(1)
  },
})
