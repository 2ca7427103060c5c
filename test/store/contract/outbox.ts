// Entering what agents and automations write: the place in the thread, what it answers, and the rules of the moment.
import { eraseText } from '../../../server/rules/message.ts'
import { expect } from 'vitest'
import { ANA, CAMPAIGN, HOUR, LUIS, MINUTE, MORNING, noChecks, person, REMINDER } from '../../support/builders.ts'
import { WINDOW_MARGIN_MS } from '../../../shared/window.ts'
import { cases } from '../case.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

export const outboxCases = cases('outbox', {
  async 'a draft gets the next seq and is queued, as it was written'(w) {
    const { message: asked, conversation } = await w.receive()
    const template = { name: 'recordatorio', variables: { nombre: 'Ana $1', 'a.b': '{{x}}', $gt: '' } }
    const written = w.draft(conversation, {
      type: 'template',
      text: 'Hola Ana $1',
      template,
      content: { sid: 'HX1', variables: { 1: 'Ana $1' } },
      replyToId: asked.id,
      clientMessageId: 'c-1',
      key: 'agent-ana|c-1',
      sensitive: true,
      cost: 3,
      expiresInMs: HOUR,
    })
    const entered = await w.store.enter(written, noChecks)
    if (entered.outcome !== 'created') throw new Error(entered.outcome)
    expect(entered.message).toMatchObject({
      id: written.id,
      conversationId: conversation.id,
      coordinationId: null,
      seq: 2,
      direction: 'outbound',
      type: 'template',
      channel: 'whatsapp',
      author: ANA,
      text: 'Hola Ana $1',
      template,
      replyToId: asked.id,
      status: 'queued',
      delay: null,
      error: null,
      retryOf: null,
      fallbackOf: null,
      twilioSid: null,
      clientMessageId: 'c-1',
      sensitive: true,
      createdAt: new Date(written.createdAt).toISOString(),
      expiresAt: new Date(written.createdAt + HOUR).toISOString(),
      sentAt: null,
      deliveredAt: null,
      readAt: null,
      failedAt: null,
    })
    expect(entered.changes.messages).toEqual([entered.message])
    expect(entered.changes.conversations).toContainEqual(entered.conversation)
    const claim = await w.claimed(conversation)
    expect(claim).toMatchObject({ content: { sid: 'HX1', variables: { 1: 'Ana $1' } }, cost: 3, lane: 0 })
  },

  async 'an answer by an agent answers the conversation for all'(w) {
    await w.receive()
    const { conversation } = await w.receive()
    const { message, conversation: after } = await w.enter(conversation)
    expect(after).toMatchObject({ inboundCount: 2, answeredCount: 2, awaitingReplySince: null, activityAt: message.createdAt, lastSeq: 3 })
    expect(after.rev).toBe(conversation.rev + 1)
    expect(after.lastMessage).toMatchObject({ id: message.id, seq: 3, direction: 'outbound', status: 'queued', author: ANA })
    const later = await w.receive()
    expect(later.conversation).toMatchObject({ inboundCount: 3, answeredCount: 2, awaitingReplySince: later.message.createdAt })
  },

  async 'an automated message answers nothing and moves no activity, but is the last message'(w) {
    const { message: asked, conversation } = await w.receive()
    for (const author of [REMINDER, CAMPAIGN]) {
      const { message, conversation: after } = await w.enter(conversation, { author, text: 'Recordatorio' })
      expect(after).toMatchObject({ answeredCount: 0, awaitingReplySince: asked.createdAt, activityAt: asked.createdAt })
      expect(after.lastMessage?.id).toBe(message.id)
    }
    const empty = await w.open({ client: person(2) })
    expect((await w.enter(empty, { author: REMINDER })).conversation.activityAt).toBeNull()
    expect(await w.list({ automated: false }), 'not in the default list').toMatchObject([{ id: conversation.id }])
    expect(await w.list({ automated: true })).toHaveLength(2)
  },

  async 'a note is in the thread at once, answers nothing and is never sent'(w) {
    const { message: asked, conversation } = await w.receive()
    const { message, conversation: after } = await w.enter(conversation, { direction: 'internal', type: 'note', text: 'Cliente VIP' })
    expect(message).toMatchObject({ direction: 'internal', type: 'note', status: 'received', seq: 2 })
    expect(after).toMatchObject({ answeredCount: 0, inboundCount: 1, awaitingReplySince: asked.createdAt, lastSeq: 2 })
    expect((await w.claim(conversation)).state).toBe('empty')
    expect((await w.store.openLines(null, 1000)).filter((line) => line.orgId === w.orgId)).toEqual([])
  },

  async 'an agent’s message opens a closed or snoozed conversation again'(w) {
    const { conversation } = await w.receive()
    await w.store.updateConversation(w.all, conversation.id, { status: 'closed' })
    expect((await w.enter(conversation)).conversation.status).toBe('open')
    await w.store.updateConversation(w.all, conversation.id, { status: 'snoozed', snoozedUntil: w.now() + HOUR })
    expect((await w.enter(conversation)).conversation).toMatchObject({ status: 'open', snoozedUntil: null })
  },

  async 'the same key again gives the first message, whatever else it says'(w) {
    const { conversation } = await w.receive()
    const other = await w.open({ client: person(2) })
    const first = await w.enter(conversation, { key: 'agent-ana|k-1', clientMessageId: 'k-1', text: 'una vez' })
    const again = await w.enter(other, { key: 'agent-ana|k-1', clientMessageId: 'k-1', text: 'otra cosa', author: LUIS })
    expect(again).toMatchObject({ outcome: 'repeated', message: first.message, conversation: { id: conversation.id } })
    const planned = await w.store.schedule(w.draft(other, { key: 'agent-ana|k-1', dueAt: w.now() + HOUR }))
    expect(planned).toMatchObject({ outcome: 'repeated', message: { id: first.message.id, status: 'queued' } })
    expect(await w.store.findByKey(w.orgId, 'agent-ana|k-1')).toMatchObject({ message: first.message })
    expect(await w.store.findByKey(w.orgId, 'agent-luis|k-1')).toBeNull()
    expect(await w.store.findByKey(w.neighbour().orgId, 'agent-ana|k-1')).toBeNull()
    expect(await w.log()).toHaveLength(2)
    await w.send(conversation)
    expect((await w.enter(conversation, { key: 'agent-ana|k-1' })).message, 'as it is now').toMatchObject({ status: 'sending' })
  },

  async 'a key remembers which thread and which record it was used for, also when its message has gone elsewhere'(w) {
    await w.save('ev-1', 'ev-2')
    const thread = await w.open({ record: 'ev-1' })
    const asked = { conversationId: thread.id, coordinationId: 'ev-1' }
    const note = await w.enter(thread, { key: 'n', askedRecord: 'ev-1', direction: 'internal', type: 'note' })
    const planned = await w.store.schedule(w.draft(thread, { key: 'p', askedRecord: 'ev-1', dueAt: w.now() + HOUR }))
    expect(planned.outcome).toBe('created')
    for (const key of ['n', 'p']) expect(await w.store.findByKey(w.orgId, key), key).toMatchObject({ asked })
    expect(await w.store.moveMessages(w.all, [note.message.id], 'ev-2', { id: 'ana', name: 'Ana' }, w.now())).not.toBeNull()
    expect(await w.store.findByKey(w.orgId, 'n')).toMatchObject({ message: { coordinationId: 'ev-2' }, asked })
  },

  async 'a repeat is told so before any rule is looked at'(w) {
    const { conversation, message } = await w.receive()
    const first = await w.enter(conversation, { key: 'k', author: ANA })
    await w.enter(conversation, { author: LUIS })
    const checks = { ifNoAnswerSince: message.seq, consent: null, openWindow: true, contactLimit: { max: 1, since: 0 } }
    expect(await w.store.enter(w.draft(conversation, { key: 'k', author: ANA }), checks)).toMatchObject({
      outcome: 'repeated',
      message: { id: first.message.id },
    })
  },

  async 'the same key 20 times at once is one message'(w) {
    const { conversation } = await w.receive()
    const all = await Promise.all(times(20, () => w.enter(conversation, { key: 'agent-ana|k-2' })))
    expect(all.filter((one) => one.outcome === 'created')).toHaveLength(1)
    expect(new Set(all.map((one) => one.message.id)).size).toBe(1)
    expect(await w.thread(conversation.id)).toHaveLength(2)
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 2 })
  },

  async 'the same key at once to two conversations is one message'(w) {
    const one = await w.open({ client: person(1) })
    const two = await w.open({ client: person(2) })
    const all = await Promise.all(times(12, (index) => w.enter(index % 2 ? one : two, { key: 'agent-ana|k-3' })))
    expect(new Set(all.map((each) => each.message.id)).size).toBe(1)
    expect(await w.log()).toHaveLength(1)
    const threads = [...(await w.thread(one.id)), ...(await w.thread(two.id))]
    expect(threads).toHaveLength(1)
  },

  async 'a key is the organization’s own'(w) {
    const other = w.neighbour()
    const mine = await w.enter(await w.open(), { key: 'agent-ana|k-4' })
    const theirs = await other.enter(await other.open(), { key: 'agent-ana|k-4' })
    expect(theirs).toMatchObject({ outcome: 'created' })
    expect(theirs.message.id).not.toBe(mine.message.id)
  },

  async 'messages without a key never repeat each other'(w) {
    const conversation = await w.open()
    const all = await Promise.all(times(5, () => w.enter(conversation, { text: 'igual' })))
    expect(all.every((one) => one.outcome === 'created')).toBe(true)
    expect(await w.thread(conversation.id)).toHaveLength(5)
  },

  async 'a conversation that is not there, or is another organization’s, takes no message'(w) {
    const theirs = await w.neighbour().open()
    for (const id of [theirs.id, w.newId(), 'no such id', '$ne', '']) {
      expect(await w.store.enter(w.draft({ id }), noChecks)).toEqual({ outcome: 'missing' })
      expect(await w.store.schedule(w.draft({ id }, { dueAt: w.now() }))).toEqual({ outcome: 'missing' })
    }
    expect(await w.log()).toEqual([])
  },

  async 'a send is held when another agent answered meanwhile'(w) {
    const { conversation, message: asked } = await w.receive()
    const since = { ifNoAnswerSince: asked.seq }
    await w.enter(conversation, { direction: 'internal', type: 'note', author: LUIS })
    await w.enter(conversation, { author: REMINDER })
    await w.enter(conversation, { author: ANA }, since)
    await w.enter(conversation, { author: ANA, text: 'y otra cosa' }, since)
    const held = await w.store.enter(w.draft(conversation, { author: LUIS }), { ...noChecks, ...since })
    expect(held).toMatchObject({ outcome: 'answered', by: { author: ANA } })
    expect((await w.conversation(conversation.id)).lastSeq).toBe(5)
    const seen = await w.store.enter(w.draft(conversation, { author: LUIS }), { ...noChecks, ifNoAnswerSince: 5 })
    expect(seen).toMatchObject({ outcome: 'created', message: { seq: 6 } })
  },

  async 'of two agents who answer the same message at once exactly one wins'(w) {
    for (let round = 0; round < 10; round++) {
      const { conversation, message } = await w.receive({ from: person(round) })
      const checks = { ...noChecks, ifNoAnswerSince: message.seq }
      const answers = await Promise.all(
        [ANA, LUIS].map((author) => w.store.enter(w.draft(conversation, { author, text: author.name }), checks)),
      )
      expect(answers.map((one) => one.outcome).sort()).toEqual(['answered', 'created'])
      const winner = answers.find((one) => one.outcome === 'created')
      const loser = answers.find((one) => one.outcome === 'answered')
      expect(loser?.outcome === 'answered' && loser.by.id).toBe(winner?.outcome === 'created' && winner.message.id)
      expect((await w.conversation(conversation.id)).lastSeq).toBe(2)
    }
  },

  async 'free text needs the window of its line, whichever conversation opened it; the margin is refused'(w) {
    await w.save('ev-1')
    const other = await w.open({ record: 'ev-1' })
    const enter = (createdAt: number) => w.store.enter(w.draft(other, { createdAt }), { ...noChecks, openWindow: true })
    expect(await enter(w.now())).toEqual({ outcome: 'closed' })
    const { message } = await w.receive()
    const ends = Date.parse(message.createdAt) + 24 * HOUR - WINDOW_MARGIN_MS
    expect(await enter(ends)).toEqual({ outcome: 'closed' })
    expect((await enter(ends - 1)).outcome).toBe('created')
    const sms = await w.open({ channel: 'sms' })
    expect((await w.store.enter(w.draft(sms), { ...noChecks, openWindow: true })).outcome).toBe('created')
  },

  async 'of several reasons to refuse, the answer of a colleague comes first, then the window, then the limit'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation, { author: LUIS })
    const checks = { ifNoAnswerSince: 0, consent: null, openWindow: true, contactLimit: { max: 1, since: 0 } }
    const enter = (less: Partial<typeof noChecks>) => w.store.enter(w.draft(conversation, { author: ANA }), { ...checks, ...less })
    expect(await enter({})).toMatchObject({ outcome: 'answered', by: { id: message.id } })
    expect(await enter({ ifNoAnswerSince: null })).toEqual({ outcome: 'closed' })
    expect(await enter({ ifNoAnswerSince: null, consent: null, openWindow: false })).toMatchObject({ outcome: 'limited' })
  },

  async 'the limit per contact is exact under parallel sends, over all the contact’s conversations'(w) {
    await w.save('ev-1')
    const threads = [await w.open(), await w.open({ record: 'ev-1' }), await w.open({ channel: 'sms' })]
    const since = MORNING - HOUR
    const entered = await Promise.all(
      times(20, (index) => {
        const conversation = threads[index % 3] ?? { id: '' }
        return w.store.enter(w.draft(conversation), { ...noChecks, contactLimit: { max: 7, since } })
      }),
    )
    expect(entered.filter((one) => one.outcome === 'created')).toHaveLength(7)
    expect(entered.filter((one) => one.outcome === 'limited')).toHaveLength(13)
    expect(await w.log()).toHaveLength(7)
    const stranger = await w.open({ client: person(2) })
    expect(await w.store.enter(w.draft(stranger), { ...noChecks, contactLimit: { max: 7, since } })).toMatchObject({ outcome: 'created' })
  },

  async 'the limit counts what agents sent within the time, and says when the next is possible'(w) {
    const conversation = await w.open()
    await w.enter(conversation, { author: REMINDER })
    await w.enter(conversation, { direction: 'internal', type: 'note' })
    await w.receive()
    const first = w.now()
    await w.enter(conversation, { createdAt: first })
    await w.enter(conversation, { createdAt: first + MINUTE, author: LUIS })
    const at = first + 10 * MINUTE
    const limit = (now: number) => ({ ...noChecks, contactLimit: { max: 2, since: now - HOUR } })
    const limited = await w.store.enter(w.draft(conversation, { createdAt: at }), limit(at))
    if (limited.outcome !== 'limited') throw new Error(limited.outcome)
    const note = w.draft(conversation, { direction: 'internal', type: 'note', createdAt: at })
    expect(await w.store.enter(note, limit(at)), 'a note goes to nobody').toMatchObject({ outcome: 'created' })
    const reminder = w.draft(conversation, { author: REMINDER, createdAt: at })
    expect(await w.store.enter(reminder, limit(at)), 'automations count apart').toMatchObject({ outcome: 'created' })
    expect(limited.until).toBeGreaterThanOrEqual(first + HOUR)
    expect(limited.until).toBeLessThanOrEqual(first + HOUR + 1000)
    expect(await w.store.enter(w.draft(conversation, { createdAt: limited.until }), limit(limited.until))).toMatchObject({
      outcome: 'created',
    })
    expect(await w.store.enter(w.draft(conversation, { createdAt: limited.until }), limit(limited.until))).toMatchObject({
      outcome: 'limited',
    })
  },

  async 'the text of a sensitive message can be erased everywhere'(w) {
    const { conversation } = await w.receive()
    const { message } = await w.enter(conversation, { text: 'Su código es 918273', sensitive: true })
    await w.send(conversation)
    const changes = await w.change(message, eraseText)
    expect(changes.messages).toMatchObject([{ id: message.id, text: '' }])
    const places = [
      await w.message(message.id),
      await w.thread(conversation.id),
      await w.list(),
      await w.log(),
      await w.log({ q: '918273' }),
      await w.list({ q: '918273' }),
    ]
    expect(JSON.stringify(places)).not.toContain('918273')
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 2 })
  },

  async 'sensitive messages that still say something are found by id, until they say nothing'(w) {
    const conversation = await w.open()
    const secret = { text: 'Su código es 918273', sensitive: true }
    const entered = []
    for (let n = 0; n < 3; n++) entered.push((await w.enter(conversation, secret)).message)
    await w.enter(conversation, { text: 'Hola' })
    await w.store.schedule(w.draft(conversation, { ...secret, dueAt: w.now() + HOUR }))
    const [first, second, third] = entered
    const found = async (after: string | null, limit = 500) =>
      (await w.store.sensitiveTexts(after, limit)).filter(({ orgId }) => orgId === w.orgId).map(({ id }) => id)
    expect(await found(null)).toEqual(entered.map(({ id }) => id).toSorted())
    expect(await found(first?.id ?? '')).toEqual([second?.id, third?.id])
    expect((await w.store.sensitiveTexts(null, 2)).length).toBe(2)
    await w.change(second ?? { id: '' }, eraseText)
    expect(await found(null)).toEqual([first?.id, third?.id])
  },

  async 'the text of a sensitive message is in its thread alone: in no row, list or history, told live or read'(w) {
    await w.save('ev-1')
    const { conversation } = await w.receive({ record: 'ev-1' })
    const code = { text: 'Su código es 918273', sensitive: true }
    const entered = await w.enter(conversation, code)
    await w.store.schedule(w.draft(conversation, { ...code, dueAt: w.now() + HOUR }))
    const worded = await w.enter(conversation, { ...code, type: 'template', template: { name: 'code', variables: { code: '918273' } } })
    const { contact } = conversation
    const page = { cursor: null, limit: 50 }
    // Everybody is told exactly what a write answers.
    const rows = [entered.conversation, worded.conversation, await w.conversation(conversation.id), ...(await w.list())]
    expect(rows.map((row) => row.lastMessage?.id)).toEqual([entered, worded, worded, worded].map(({ message }) => message.id))
    const places = [
      rows,
      await w.log(),
      await w.store.sync(w.all, null, 50),
      await w.store.contactMessages(w.all, contact.id, page),
      await w.store.coordinationMessages(w.all, 'ev-1', page),
    ]
    expect(JSON.stringify(places)).not.toContain('918273')
    expect(JSON.stringify(await w.thread(conversation.id))).toContain('918273')
  },

  async 'what a sensitive message says is found by no search; what stands beside it is'(w) {
    const { conversation } = await w.receive({ text: 'el turno 918274' })
    await w.enter(conversation, { text: 'Su código es 918273', sensitive: true })
    for (const q of ['918273', 'código', 'Su código']) {
      expect(await w.list({ q }), q).toEqual([])
      expect(await w.log({ q }), q).toEqual([])
    }
    expect(await w.log({ q: '918274' })).toHaveLength(1)
    await w.enter(conversation, { text: 'Nada secreto: 918275' })
    expect(await w.list({ q: '918275' })).toHaveLength(1)
  },

  async 'how long the oldest waits is known per sender'(w) {
    expect(await w.store.oldestQueued(w.orgId)).toEqual([])
    const chat = await w.open()
    const text = await w.open({ channel: 'sms' })
    const first = await w.enter(chat)
    await w.enter(chat)
    const other = await w.enter(text)
    await w.store.schedule(w.draft(chat, { dueAt: w.now() + HOUR }))
    const waiting = (await w.store.oldestQueued(w.orgId)).toSorted((a, b) => (a.channel < b.channel ? -1 : 1))
    expect(waiting).toEqual([
      { channel: 'sms', sender: text.sender, since: Date.parse(other.message.createdAt) },
      { channel: 'whatsapp', sender: chat.sender, since: Date.parse(first.message.createdAt) },
    ])
    await w.send(text)
    expect((await w.store.oldestQueued(w.orgId)).map((one) => one.channel)).toEqual(['whatsapp'])
  },
})
