// Taking messages in: once, in order, verbatim, also when many arrive at the same moment.
import { expect } from 'vitest'
import { HOUR, OUR_WHATSAPP, person } from '../../support/builders.ts'
import { cases } from '../case.ts'

const unfiled = () => ({ coordinationId: null, hintId: null })
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

export const inboundCases = cases('inbound', {
  async 'a first message makes contact, conversation and message'(w) {
    const from = person(1)
    const sent = w.inbound({ from, text: 'Hola' })
    const at = new Date(sent.createdAt).toISOString()
    const received = await w.store.receive(sent, unfiled)
    if (received.outcome !== 'created') throw new Error(received.outcome)
    const { message, conversation, changes } = received
    expect(message).toMatchObject({
      id: sent.id,
      conversationId: conversation.id,
      coordinationId: null,
      seq: 1,
      direction: 'inbound',
      type: 'text',
      channel: 'whatsapp',
      author: { type: 'contact', name: from.name },
      text: 'Hola',
      media: [],
      replyToId: null,
      status: 'received',
      error: null,
      twilioSid: sent.twilioSid,
      clientMessageId: null,
      recovered: false,
      createdAt: at,
    })
    expect(conversation).toMatchObject({
      channel: 'whatsapp',
      sender: OUR_WHATSAPP,
      contact: { name: from.name, phone: from.phone, address: from.address },
      coordinationId: null,
      coordination: null,
      status: 'open',
      assignee: null,
      inboundCount: 1,
      answeredCount: 0,
      awaitingReplySince: at,
      optedOut: false,
      hint: null,
      lastMessage: { id: sent.id, seq: 1, direction: 'inbound', type: 'text', text: 'Hola', status: 'received', createdAt: at },
      lastSeq: 1,
      activityAt: at,
      tags: [],
      lastInboundAt: sent.createdAt,
    })
    expect(changes.conversations).toEqual([conversation])
    expect(changes.messages).toEqual([message])
    expect(await w.store.contact(w.all, conversation.contact.id)).toMatchObject({
      name: from.name,
      addresses: [{ channel: 'whatsapp', address: from.address, phone: from.phone }],
      conflict: null,
    })
  },

  async 'the next messages are appended, and rev rises by one with each'(w) {
    const first = await w.receive({ text: 'uno' })
    const second = await w.receive({ text: 'dos' })
    const third = await w.receive({ text: 'tres' })
    expect([first, second, third].map((one) => one.message.seq)).toEqual([1, 2, 3])
    expect(third.conversation.id).toBe(first.conversation.id)
    expect(third.conversation.rev - first.conversation.rev).toBe(2)
    expect(third.conversation).toMatchObject({ inboundCount: 3, lastSeq: 3, lastMessage: { text: 'tres' } })
    expect(third.conversation.activityAt).toBe(third.message.createdAt)
    expect(third.conversation.awaitingReplySince, 'since the first unanswered one').toBe(first.message.createdAt)
    expect((await w.thread(first.conversation.id)).map((one) => one.text)).toEqual(['uno', 'dos', 'tres'])
  },

  async '50 parallel appends to one conversation get seq 1 to 50'(w) {
    const all = await Promise.all(range(50).map((index) => w.receive({ text: `mensaje ${index}` })))
    expect(new Set(all.map((one) => one.conversation.id)).size).toBe(1)
    expect(all.map((one) => one.message.seq).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(range(50).map((index) => index + 1))
    const conversation = await w.conversation(all[0]?.conversation.id ?? '')
    expect(conversation).toMatchObject({ inboundCount: 50, lastSeq: 50, unread: 50 })
    const thread = await w.thread(conversation.id)
    expect(thread.map((one) => one.seq)).toEqual(range(50).map((index) => index + 1))
    expect(new Set(thread.map((one) => one.text)).size).toBe(50)
    expect(conversation.lastMessage).toMatchObject({ id: thread.at(-1)?.id, seq: 50 })
  },

  async 'parallel appends to an existing conversation mixed with answers leave no gap'(w) {
    const { conversation } = await w.receive()
    await Promise.all(
      range(40).map((index) => (index % 4 === 3 ? w.enter(conversation, { text: `r ${index}` }) : w.receive({ text: `m ${index}` }))),
    )
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 41, inboundCount: 31 })
    expect((await w.thread(conversation.id)).map((one) => one.seq)).toEqual(range(41).map((index) => index + 1))
  },

  async 'a message SID that comes again is one message'(w) {
    const sent = w.inbound()
    const first = await w.store.receive(sent, unfiled)
    const again = await w.store.receive({ ...sent, id: w.newId(), createdAt: w.now() }, unfiled)
    if (first.outcome !== 'created' || again.outcome !== 'repeated') throw new Error(`${first.outcome}, then ${again.outcome}`)
    expect(again.message).toEqual(first.message)
    expect(again.conversation).toEqual(first.conversation)
    expect(again.changes).toMatchObject({ conversations: [], messages: [] })
    expect(await w.conversation(first.conversation.id)).toMatchObject({ inboundCount: 1, lastSeq: 1, unread: 1 })
  },

  async 'the same SID 20 times at once is one message, one unread'(w) {
    const sent = w.inbound()
    const answers = await Promise.all(range(20).map(() => w.store.receive({ ...sent, id: w.newId() }, unfiled)))
    expect(answers.filter((one) => one.outcome === 'created')).toHaveLength(1)
    expect(answers.filter((one) => one.outcome === 'repeated')).toHaveLength(19)
    const ids = new Set(answers.map((one) => (one.outcome === 'ignored' ? null : one.message.id)))
    expect(ids.size, 'all answers name the one message').toBe(1)
    const list = await w.list()
    expect(list).toHaveLength(1)
    expect(list[0]).toMatchObject({ inboundCount: 1, lastSeq: 1, unread: 1 })
    expect(await w.log()).toHaveLength(1)
  },

  async 'repeated SIDs among parallel ones in an existing conversation are each taken once'(w) {
    const { conversation } = await w.receive()
    const texts = range(10).map((index) => w.inbound({ text: `m ${index}` }))
    await Promise.all([...texts, ...texts, ...texts].map((one) => w.store.receive({ ...one, id: w.newId() }, unfiled)))
    expect(await w.conversation(conversation.id)).toMatchObject({ inboundCount: 11, lastSeq: 11, unread: 11 })
    expect(new Set((await w.thread(conversation.id)).map((one) => one.twilioSid)).size).toBe(11)
  },

  async 'a SID that comes again after 200 other messages is still one message'(w) {
    const sent = w.inbound({ text: 'la primera' })
    const first = await w.store.receive(sent, unfiled)
    if (first.outcome !== 'created') throw new Error(first.outcome)
    for (let round = 0; round < 10; round++) await Promise.all(range(20).map((index) => w.receive({ text: `${round}.${index}` })))
    const again = await Promise.all(range(5).map(() => w.store.receive({ ...sent, id: w.newId() }, unfiled)))
    for (const one of again) expect(one).toMatchObject({ outcome: 'repeated', message: { id: first.message.id, seq: 1 } })
    expect(await w.conversation(first.conversation.id)).toMatchObject({ inboundCount: 201, lastSeq: 201, unread: 201 })
  },

  async 'a SID repeated to another conversation is the first message'(w) {
    const sent = w.inbound({ from: person(1) })
    await w.store.receive(sent, unfiled)
    const again = await w.store.receive(w.inbound({ from: person(2), twilioSid: sent.twilioSid }), unfiled)
    expect(again).toMatchObject({ outcome: 'repeated', message: { id: sent.id } })
    expect(await w.log()).toHaveLength(1)
  },

  async 'two organizations with the same phone and SID do not know of each other'(w) {
    const other = w.neighbour()
    const sent = w.inbound({ text: 'para la primera' })
    const theirs = { ...sent, orgId: other.orgId, id: w.newId(), text: 'para la segunda' }
    const [mine, yours] = await Promise.all([w.store.receive(sent, unfiled), w.store.receive(theirs, unfiled)])
    if (mine.outcome !== 'created' || yours.outcome !== 'created') throw new Error(`${mine.outcome}, ${yours.outcome}`)
    expect(mine.conversation.id).not.toBe(yours.conversation.id)
    expect(mine.conversation.contact.id).not.toBe(yours.conversation.contact.id)
    expect((await w.log()).map((one) => one.text)).toEqual(['para la primera'])
    expect((await other.log()).map((one) => one.text)).toEqual(['para la segunda'])
    expect(await w.store.conversation(w.all, yours.conversation.id)).toBeNull()
    expect(await w.store.message(other.all, mine.message.id)).toBeNull()
  },

  async 'a message on a closed or snoozed conversation opens it again'(w) {
    const { conversation } = await w.receive()
    const id = conversation.id
    await w.store.updateConversation(w.all, id, { status: 'closed' })
    expect((await w.receive()).conversation).toMatchObject({ id, status: 'open', answeredCount: 1, inboundCount: 2 })
    await w.store.updateConversation(w.all, id, { status: 'snoozed', snoozedUntil: w.now() + HOUR })
    expect((await w.receive()).conversation).toMatchObject({ id, status: 'open', snoozedUntil: null })
  },

  async 'the window of a line is that of its newest inbound message, over all its conversations'(w) {
    await w.save('ev-1')
    const first = await w.receive({ record: 'ev-1' })
    const late = await w.receive({ recovered: true, createdAt: Date.parse(first.message.createdAt) - HOUR })
    expect(late.message).toMatchObject({ seq: 1, recovered: true })
    expect(late.conversation.lastInboundAt, 'an older, recovered message does not move it back').toBe(Date.parse(first.message.createdAt))
    expect(late.conversation.id).not.toBe(first.conversation.id)
    const newest = await w.receive()
    expect((await w.conversation(first.conversation.id)).lastInboundAt).toBe(Date.parse(newest.message.createdAt))
    await w.enter(first.conversation, { createdAt: w.now() })
    expect((await w.conversation(first.conversation.id)).lastInboundAt, 'our own messages do not open it').toBe(
      Date.parse(newest.message.createdAt),
    )
    expect((await w.open({ client: person(2) })).lastInboundAt).toBeNull()
  },

  async 'another conversation of the line that shows the window is among what changed'(w) {
    await w.save('ev-1')
    const { conversation } = await w.receive({ record: 'ev-1' })
    const sent = w.inbound()
    const received = await w.store.receive(sent, unfiled)
    if (received.outcome !== 'created') throw new Error(received.outcome)
    const sibling = received.changes.conversations.find((one) => one.id === conversation.id)
    expect(sibling?.lastInboundAt).toBe(sent.createdAt)
  },

  async 'text is stored as it came'(w) {
    const texts = [
      '👩‍👩‍👧‍👦 ¡feliz! 🎉 ‏שלום עולם‏ مرحبا',
      '  spaces \t around\r\nand\nlines  ',
      `<script>alert("x")</script> & 'quotes' \\ %s \${x} $set.$where {"$gt": ""} --; DROP TABLE messages`,
      'ñ́ decomposed: e\u0301 and composed: é',
      `${'a'.repeat(1599)}🙂${'ñ'.repeat(2000)}`,
      '',
      '$',
      '__proto__',
    ]
    for (const text of texts) {
      const { message, conversation } = await w.receive({ text })
      expect((await w.message(message.id)).text).toBe(text)
      expect((await w.enter(conversation, { text })).message.text).toBe(text)
    }
    const { conversation } = await w.receive()
    expect(
      (await w.thread(conversation.id))
        .filter((one) => one.direction === 'inbound')
        .map((one) => one.text)
        .slice(0, -1),
    ).toEqual(texts)
  },

  async 'what came beside the text is kept'(w) {
    const kept = {
      button: { text: 'Sí', payload: 'confirm:apt_42' },
      location: { latitude: 0, longitude: -58.381592, label: 'Obelisco', address: 'Av. 9 de Julio' },
      contacts: [{ name: 'Tía $Marta', phones: ['+5491144500099'] }],
      referral: { sourceId: '120', sourceType: 'ad', sourceUrl: 'https://example.com/a?b=1', headline: 'Promo', body: '2x1' },
    }
    for (const [name, value] of Object.entries(kept)) {
      const { message } = await w.receive({ [name]: value, type: 'text', forwarded: true })
      const found = await w.message(message.id)
      expect(found).toMatchObject({ [name]: value, forwarded: true })
      for (const other of Object.keys(kept)) if (other !== name) expect(found).not.toHaveProperty(other)
    }
  },

  async 'a stranger is ignored where only known clients are taken, and leaves no trace'(w) {
    expect(await w.store.receive(w.inbound({ onlyIfKnown: true, type: 'unsupported' }), unfiled)).toEqual({ outcome: 'ignored' })
    expect(await w.list()).toEqual([])
    expect((await w.store.contacts(w.all, null, { cursor: null, limit: 10 })).items).toEqual([])
    const { conversation } = await w.receive()
    expect(await w.store.receive(w.inbound({ onlyIfKnown: true, type: 'unsupported' }), unfiled)).toMatchObject({
      outcome: 'created',
      message: { seq: 2, type: 'unsupported', conversationId: conversation.id },
    })
  },

  async 'known SIDs are told from unknown ones'(w) {
    const { message, conversation } = await w.receive()
    await w.enter(conversation)
    const sent = await w.send(conversation)
    const asked = [message.twilioSid ?? '', sent.twilioSid ?? '', w.newSid()]
    expect(await w.store.knownSids(w.orgId, asked)).toEqual(new Set(asked.slice(0, 2)))
    expect(await w.store.knownSids(w.neighbour().orgId, asked)).toEqual(new Set())
    expect(await w.store.knownSids(w.orgId, [])).toEqual(new Set())
  },
})
