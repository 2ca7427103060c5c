// Filing a conversation, moving messages between threads of a line, and undoing it.
import { expect } from 'vitest'
import type { ConversationPatch } from '../../../server/store/records.ts'
import type { Message } from '../../../shared/model.ts'
import { ANA, LUIS, noChecks, person, record } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const by = { id: 'agent-ana', name: 'Ana Díaz' }

async function move(w: World, ids: string[], to: string | null, viewer = w.all) {
  const moved = await w.store.moveMessages(viewer, ids, to, by, w.now())
  if (moved === null) throw new Error('Nothing was moved.')
  return moved
}
const texts = (thread: Message[]) => thread.map((one) => (one.type === 'moved' ? `→${one.moved?.to ?? 'unfiled'}` : one.text))

/** An unfiled thread `m 1` to `m count`, of inbound messages. */
async function unfiledThread(w: World, count: number) {
  await w.save('ev-1', 'ev-2')
  const messages: Message[] = []
  let conversation = null
  for (let index = 1; index <= count; index++) {
    const received = await w.receive({ text: `m ${index}` })
    messages.push(received.message)
    conversation = received.conversation
  }
  if (!conversation) throw new Error('Empty.')
  return { conversation, messages, ids: messages.map((one) => one.id) }
}

export const movingCases = cases('moving', {
  async 'filing in place gives the thread its record'(w) {
    await w.save(record('ev-1'), record('ev-9', { status: 'done' }))
    const { conversation, message } = await w.receive({ hint: 'ev-9' })
    const filed = await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    expect(filed?.conversation).toMatchObject({
      id: conversation.id,
      coordinationId: 'ev-1',
      coordination: { id: 'ev-1', title: 'Boda ev-1' },
      hint: null,
      lastSeq: 1,
      inboundCount: 1,
      unread: 1,
      activityAt: conversation.activityAt,
    })
    expect(filed?.changes.left).toEqual([{ conversationId: conversation.id, from: null, to: 'ev-1' }])
    expect(filed?.changes.conversations).toMatchObject([{ id: conversation.id, coordinationId: 'ev-1' }])
    expect((await w.message(message.id)).coordinationId).toBe('ev-1')
    expect((await w.receive({ record: 'ev-1' })).conversation.id, 'one conversation per record').toBe(conversation.id)
    expect((await w.receive()).conversation.id, 'and a new one for what is unfiled').not.toBe(conversation.id)
  },

  async 'a place that a client’s message left goes on counting as one of theirs, also after undoing and filing'(w) {
    const { conversation, ids } = await unfiledThread(w, 2)
    const { undoId } = await move(w, ids.slice(0, 1), 'ev-1')
    const there = (await w.receive({ record: 'ev-1', text: 'de allá' })).conversation
    expect(await w.store.markRead(w.viewer('agent-1'), conversation.id, 1)).toMatchObject({ readCount: 1, readSeq: 1 })
    expect(await w.store.markRead(w.viewer('agent-1'), there.id, 1)).toMatchObject({ readCount: 1, readSeq: 1 })
    expect(await w.store.undoMove(w.all, undoId, by, w.now())).toMatchObject({ outcome: 'undone' })
    expect(await w.store.markRead(w.viewer('agent-2'), conversation.id, 1)).toMatchObject({ readCount: 1, readSeq: 1 })
    expect(await w.store.markRead(w.viewer('agent-2'), there.id, 1)).toMatchObject({ readCount: 1, readSeq: 1 })
    const filed = await w.store.updateConversation(w.all, there.id, { coordinationId: 'ev-2' })
    expect(filed?.conversation).toMatchObject({ id: there.id, lastSeq: 2, inboundCount: 2 })
    const joined = await w.store.updateConversation(w.all, there.id, { coordinationId: null })
    expect(joined?.conversation).toMatchObject({ id: conversation.id, lastSeq: 4, inboundCount: 4 })
    expect(await w.store.markRead(w.viewer('agent-2'), conversation.id, 3)).toMatchObject({ readCount: 3, readSeq: 3 })
  },

  async 'an answer that came into a thread by filing is one that nobody there has seen'(w) {
    const { conversation } = await unfiledThread(w, 1)
    await w.enter(conversation, { author: LUIS, text: 'de Luis' })
    const { conversation: target } = await w.receive({ record: 'ev-1' })
    await w.enter(target, { author: ANA })
    await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    const since = (ifNoAnswerSince: number) => ({ ...noChecks, ifNoAnswerSince })
    const held = await w.store.enter(w.draft(target, { author: ANA }), since(2))
    expect(held).toMatchObject({ outcome: 'answered', by: { text: 'de Luis', seq: 4 } })
    expect(await w.store.enter(w.draft(target, { author: LUIS }), since(2))).toMatchObject({ outcome: 'created', message: { seq: 5 } })
    expect(await w.store.enter(w.draft(target, { author: LUIS }), since(1))).toMatchObject({ outcome: 'answered', by: { author: ANA } })
  },

  async 'who has the joined thread keeps it, else who had the other; the tags of both are its own'(w) {
    const ana = { id: 'agent-ana', name: 'Ana Díaz' }
    const luis = { id: 'agent-luis', name: 'Luis' }
    const change = (id: string, patch: ConversationPatch) => w.store.updateConversation(w.all, id, patch)
    const join = async (there: ConversationPatch, here: ConversationPatch, record: string) => {
      const { conversation: unfiled } = await unfiledThread(w, 1)
      const { conversation: target } = await w.receive({ record })
      await change(unfiled.id, there)
      await change(target.id, here)
      return (await change(unfiled.id, { coordinationId: record }))?.conversation
    }
    expect(await join({ assignee: ana, tags: ['vip', '$x.y'] }, { tags: ['boda', 'vip'] }, 'ev-1')).toMatchObject({
      assignee: ana,
      tags: ['boda', 'vip', '$x.y'],
    })
    expect(await join({ assignee: ana, tags: ['a', 'b'] }, { assignee: luis }, 'ev-2')).toMatchObject({ assignee: luis, tags: ['a', 'b'] })
  },

  async 'who had read both threads has read the joined one; who had not read all of it reads on where he was'(w) {
    const { conversation: unfiled } = await unfiledThread(w, 2)
    const { conversation: target } = await w.receive({ record: 'ev-1' })
    const read = (agent: string, id: string, seq: number) => w.store.markRead(w.viewer(agent), id, seq)
    for (const agent of ['agent-1', 'agent-2']) await read(agent, unfiled.id, 2)
    for (const agent of ['agent-1', 'agent-3']) await read(agent, target.id, 1)
    const filed = await w.store.updateConversation(w.all, unfiled.id, { coordinationId: 'ev-1' })
    expect(filed?.reads).toEqual([{ agentId: 'agent-1', conversationId: target.id, readCount: 3, readSeq: 3 }])
    const seen = async (agent: string) => w.store.conversation(w.viewer(agent), target.id)
    expect(await seen('agent-1')).toMatchObject({ unread: 0, readCount: 3, readSeq: 3 })
    expect(await seen('agent-2')).toMatchObject({ unread: 3, readCount: 0, readSeq: 0 })
    expect(await seen('agent-3')).toMatchObject({ unread: 2, readCount: 1, readSeq: 1 })
  },

  async 'filing into a record that has a thread joins the two, and the emptied one is gone'(w) {
    const { conversation: unfiled, ids } = await unfiledThread(w, 3)
    const target = await w.receive({ record: 'ev-1', text: 'de antes' })
    await w.enter(target.conversation, { author: ANA, text: 'respuesta' })
    const filed = await w.store.updateConversation(w.all, unfiled.id, { coordinationId: 'ev-1', tags: ['vip'] })
    expect(filed?.conversation).toMatchObject({
      id: target.conversation.id,
      coordinationId: 'ev-1',
      lastSeq: 5,
      inboundCount: 4,
      tags: ['vip'],
    })
    expect(filed?.changes.left).toContainEqual({ conversationId: unfiled.id, from: null })
    expect(texts(await w.thread(target.conversation.id))).toEqual(['de antes', 'respuesta', 'm 1', 'm 2', 'm 3'])
    for (const [index, id] of ids.entries())
      expect(await w.message(id)).toMatchObject({
        conversationId: target.conversation.id,
        coordinationId: 'ev-1',
        seq: 3 + index,
        text: `m ${index + 1}`,
      })
    expect(await w.store.conversation(w.all, unfiled.id)).toBeNull()
    expect(await w.store.messages(w.all, unfiled.id, { limit: 5 })).toBeNull()
    expect((await w.list()).map((one) => one.id)).toEqual([target.conversation.id])
    expect(await w.conversation(target.conversation.id), 'what nobody answered is unread there').toMatchObject({ unread: 3 })
    expect((await w.conversation(target.conversation.id)).awaitingReplySince).not.toBeNull()
    expect((await w.receive()).conversation.id, 'a new unfiled thread, not the old one').not.toBe(unfiled.id)
  },

  async 'what is queued and planned goes along when threads are joined'(w) {
    const { conversation: unfiled } = await unfiledThread(w, 1)
    const target = await w.open({ record: 'ev-1' })
    const queued = await w.enter(unfiled, { text: 'en camino', key: 'k-1' })
    const planned = await w.store.schedule(w.draft(unfiled, { text: 'luego', dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    const joined = await w.store.updateConversation(w.all, unfiled.id, { coordinationId: 'ev-1' })
    expect(joined?.changes.messages.at(-1), 'what is planned is told').toMatchObject({
      id: planned.message.id,
      conversationId: target.id,
      coordinationId: 'ev-1',
      status: 'scheduled',
    })
    expect(await w.store.findByKey(w.orgId, 'k-1')).toMatchObject({
      message: { id: queued.message.id, conversationId: target.id, seq: 2 },
    })
    expect((await w.claimed(target)).message).toMatchObject({ id: queued.message.id, conversationId: target.id })
    const entered = await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { checks: noChecks })
    expect(entered).toMatchObject({ outcome: 'created', message: { conversationId: target.id, coordinationId: 'ev-1', seq: 3 } })
  },

  async 'what is planned is told of with its thread, where that is filed as a whole'(w) {
    const { conversation } = await w.receive()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    await w.save('ev-1')
    const filed = await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    expect(filed?.changes.messages.at(-1)).toEqual(await w.message(planned.message.id))
    expect(filed?.changes.messages.at(-1)).toMatchObject({ coordinationId: 'ev-1', status: 'scheduled' })
  },

  async 'a filed conversation can go back to unfiled, or to another record'(w) {
    await w.save('ev-1', 'ev-2')
    const { conversation } = await w.receive({ record: 'ev-1' })
    const other = await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-2' })
    expect(other?.conversation).toMatchObject({ id: conversation.id, coordinationId: 'ev-2' })
    const none = await w.store.updateConversation(w.all, conversation.id, { coordinationId: null })
    expect(none?.conversation).toMatchObject({ id: conversation.id, coordinationId: null, coordination: null })
    expect(none?.changes.left).toEqual([{ conversationId: conversation.id, from: 'ev-2', to: null }])
  },

  async 'filing where it is already changes nothing'(w) {
    await w.save('ev-1')
    const { conversation } = await w.receive({ record: 'ev-1' })
    const filed = await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    expect(filed?.conversation).toMatchObject({ id: conversation.id, coordinationId: 'ev-1' })
    expect(filed?.changes.left).toEqual([])
  },

  async 'moved messages keep id, time and text, get the next seq there and leave a line here'(w) {
    const { conversation, messages, ids } = await unfiledThread(w, 5)
    const target = await w.receive({ record: 'ev-1', text: 'allí' })
    const { moved, undoId, changes } = await move(w, [ids[3] ?? '', ids[1] ?? ''], 'ev-1')
    expect(undoId).toEqual(expect.any(String))
    expect(moved.map((one) => [one.id, one.seq]).toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
      [ids[1], 2],
      [ids[3], 3],
    ])
    for (const one of moved) {
      const { text, createdAt, author, twilioSid } = messages.find((each) => each.id === one.id) as Message
      expect(one).toMatchObject({ text, createdAt, author, twilioSid, conversationId: target.conversation.id, coordinationId: 'ev-1' })
    }
    const here = await w.thread(conversation.id)
    expect(texts(here)).toEqual(['m 1', '→ev-1', 'm 3', '→ev-1', 'm 5'])
    for (const [seq, id] of [
      [2, ids[1]],
      [4, ids[3]],
    ] as const) {
      const line = here.find((one) => one.seq === seq)
      expect(line).toMatchObject({ type: 'moved', direction: 'internal', moved: { to: 'ev-1', from: null, undoId } })
      expect(line?.moved?.messages).toContainEqual({ id, seq })
    }
    expect(texts(await w.thread(target.conversation.id))).toEqual(['allí', 'm 2', 'm 4'])
    expect(changes.conversations.map((one) => one.id).toSorted()).toEqual([conversation.id, target.conversation.id].toSorted())
    expect(changes.messages.map((one) => one.id)).toEqual(expect.arrayContaining([ids[1], ids[3]]))
    expect((await w.receive({ record: 'ev-1' })).message.seq).toBe(4)
    expect((await w.receive()).message.seq).toBe(6)
  },

  async 'who wrote what is moved away waits there; what stays waits where it is, until nothing unanswered is left'(w) {
    const { conversation, ids, messages } = await unfiledThread(w, 3)
    await move(w, [ids[0] ?? ''], 'ev-2')
    expect(await w.conversation(conversation.id), 'the two that stayed').toMatchObject({
      answeredCount: 1,
      awaitingReplySince: messages[1]?.createdAt,
      unread: 2,
    })
    await move(w, [ids[1] ?? ''], 'ev-2')
    expect(await w.conversation(conversation.id)).toMatchObject({ answeredCount: 2, awaitingReplySince: messages[2]?.createdAt })
    await move(w, [ids[2] ?? ''], 'ev-1')
    expect(await w.conversation(conversation.id), 'emptied').toMatchObject({
      inboundCount: 3,
      answeredCount: 3,
      awaitingReplySince: null,
      unread: 0,
      lastMessage: null,
      status: 'closed',
    })
    expect((await w.receive()).conversation, 'and opened by the next one').toMatchObject({ id: conversation.id, status: 'open' })
    const [there] = await w.list({ coordinationId: 'ev-1' })
    expect(there).toMatchObject({ inboundCount: 1, unread: 1, lastSeq: 1 })
    expect(there?.awaitingReplySince).not.toBeNull()
  },

  async 'what was answered stays answered where it is moved to'(w) {
    const { conversation, ids } = await unfiledThread(w, 1)
    await w.enter(conversation, { author: ANA })
    await move(w, ids, 'ev-2')
    const [answered] = await w.list({ coordinationId: 'ev-2' })
    expect(answered).toMatchObject({ inboundCount: 1, unread: 0, awaitingReplySince: null })
  },

  async 'what was moved says in its new thread who moved it from where, until that is undone'(w) {
    const { ids } = await unfiledThread(w, 2)
    const { undoId, moved } = await move(w, [ids[0] ?? ''], 'ev-1')
    const arrived = { from: null, by, at: expect.stringMatching(/Z$/), undoId }
    expect(moved[0]?.arrived).toEqual(arrived)
    expect((await w.message(ids[0] ?? '')).arrived).toEqual(arrived)
    await w.store.undoMove(w.all, undoId, by, w.now())
    expect(await w.message(ids[0] ?? '')).not.toHaveProperty('arrived')
  },

  async 'a move that is undone leaves nobody waiting unseen: who waited there waits where he came from'(w) {
    const { conversation, ids, messages } = await unfiledThread(w, 2)
    const { undoId } = await move(w, ids, 'ev-1')
    expect(await w.conversation(conversation.id)).toMatchObject({ status: 'closed', awaitingReplySince: null })
    await w.store.undoMove(w.all, undoId, by, w.now())
    expect(await w.conversation(conversation.id)).toMatchObject({
      status: 'open',
      answeredCount: 0,
      unread: 2,
      awaitingReplySince: messages[0]?.createdAt,
      lastMessage: { id: ids[1] },
    })
    expect((await w.list({ awaiting: true })).map((one) => one.id)).toEqual([conversation.id])
    const again = await move(w, ids, 'ev-1')
    const [there] = await w.list({ coordinationId: 'ev-1' })
    await w.enter(there ?? conversation, { author: ANA })
    await w.store.undoMove(w.all, again.undoId, by, w.now())
    expect(await w.conversation(conversation.id), 'answered there').toMatchObject({ awaitingReplySince: null, unread: 0 })
  },

  async 'filing by a move makes the record the one that the client’s next message is about, until that is undone'(w) {
    const { ids } = await unfiledThread(w, 1)
    const { undoId } = await move(w, ids, 'ev-1')
    expect((await w.factsFor()).lastOutbound).toEqual({ coordinationId: 'ev-1', open: true })
    await w.store.undoMove(w.all, undoId, by, w.now())
    expect((await w.factsFor()).lastOutbound?.coordinationId ?? null).toBeNull()
  },

  async 'the list shows the last of what is left, and of what came'(w) {
    const { conversation, ids } = await unfiledThread(w, 4)
    const { moved } = await move(w, [ids[3] ?? '', ids[1] ?? ''], 'ev-1')
    expect((await w.conversation(conversation.id)).lastMessage).toMatchObject({ id: ids[2], text: 'm 3' })
    expect((await w.conversation(moved[0]?.conversationId ?? '')).lastMessage).toMatchObject({ id: ids[3], text: 'm 4' })
  },

  async 'moving our own messages answers nothing'(w) {
    const { conversation } = await unfiledThread(w, 1)
    const note = await w.enter(conversation, { direction: 'internal', type: 'note' })
    await move(w, [note.message.id], 'ev-1')
    expect(await w.conversation(conversation.id)).toMatchObject({ answeredCount: 0, unread: 1 })
  },

  async 'undoing puts them back on their old places, and leaves the line in the other thread'(w) {
    const { conversation, ids } = await unfiledThread(w, 4)
    const target = await w.receive({ record: 'ev-1', text: 'allí' })
    const { undoId } = await move(w, [ids[1] ?? '', ids[2] ?? ''], 'ev-1')
    await w.receive({ record: 'ev-1', text: 'después' })
    await w.receive({ text: 'm 5' })
    const undone = await w.store.undoMove(w.all, undoId, by, w.now())
    if (undone.outcome !== 'undone') throw new Error(undone.outcome)
    expect(undone.moved.map((one) => one.id).toSorted()).toEqual([ids[1], ids[2]].toSorted())
    expect(texts(await w.thread(conversation.id))).toEqual(['m 1', 'm 2', 'm 3', 'm 4', 'm 5'])
    const there = await w.thread(target.conversation.id)
    expect(there.map((one) => one.type)).toEqual(['text', 'moved', 'moved', 'text'])
    expect(there[1]).toMatchObject({ moved: { to: null, from: 'ev-1' } })
    expect((await w.message(ids[1] ?? '')).coordinationId).toBeNull()
    expect(await w.conversation(conversation.id), 'as unanswered as before').toMatchObject({ inboundCount: 5, answeredCount: 0, unread: 5 })
    expect(await w.store.undoMove(w.all, undoId, by, w.now())).toEqual({ outcome: 'done_before' })
    expect(texts(await w.thread(conversation.id))).toEqual(['m 1', 'm 2', 'm 3', 'm 4', 'm 5'])
  },

  async 'two who move the same at once move it once, and that is undone'(w) {
    const { conversation, ids } = await unfiledThread(w, 2)
    const [id = ''] = ids
    const moves = await Promise.all([move(w, [id], 'ev-1'), move(w, [id], 'ev-1')])
    const there = moves[0]?.moved[0]?.conversationId ?? ''
    expect(texts(await w.thread(conversation.id))).toEqual(['→ev-1', 'm 2'])
    expect(texts(await w.thread(there))).toEqual(['m 1'])
    const real = moves.filter(({ changes }) => changes.messages.length > 0)
    expect(real).toHaveLength(1)
    for (const { undoId } of real) expect((await w.store.undoMove(w.all, undoId, by, w.now())).outcome).toBe('undone')
    expect(texts(await w.thread(conversation.id))).toEqual(['m 1', 'm 2'])
  },

  async 'two who undo at once undo once'(w) {
    const { conversation, ids } = await unfiledThread(w, 3)
    const { undoId } = await move(w, ids.slice(0, 2), 'ev-1')
    const outcomes = await Promise.all(times(4, () => w.store.undoMove(w.all, undoId, by, w.now())))
    expect(outcomes.map((one) => one.outcome).toSorted()).toEqual(['done_before', 'done_before', 'done_before', 'undone'])
    expect(texts(await w.thread(conversation.id))).toEqual(['m 1', 'm 2', 'm 3'])
  },

  async 'an undo that is not there, or not in scope, is missing'(w) {
    const { conversation, ids } = await unfiledThread(w, 2)
    const { undoId } = await move(w, ids, 'ev-1')
    expect(await w.store.undoMove(w.all, w.newId(), by, w.now())).toEqual({ outcome: 'missing' })
    expect(await w.store.undoMove(w.neighbour().all, undoId, by, w.now())).toEqual({ outcome: 'missing' })
    expect(await w.store.undoMove(w.viewer('b', ['ev-2']), undoId, by, w.now())).toEqual({ outcome: 'missing' })
    expect(await w.store.undoMove(w.viewer('a', ['ev-1']), undoId, by, w.now()), 'it would leave the scope').toEqual({ outcome: 'missing' })
    expect((await w.thread(conversation.id)).map((one) => one.type)).toEqual(['moved', 'moved'])
  },

  async 'moved on and back again: every thread keeps its seqs'(w) {
    const { conversation, ids } = await unfiledThread(w, 3)
    const first = await move(w, [ids[0] ?? ''], 'ev-1')
    const second = await move(w, [ids[0] ?? ''], 'ev-2')
    expect((await w.store.undoMove(w.all, second.undoId, by, w.now())).outcome).toBe('undone')
    expect(await w.message(ids[0] ?? '')).toMatchObject({ coordinationId: 'ev-1' })
    expect((await w.store.undoMove(w.all, first.undoId, by, w.now())).outcome).toBe('undone')
    expect(texts(await w.thread(conversation.id))).toEqual(['m 1', 'm 2', 'm 3'])
    for (const one of await w.list())
      expect((await w.thread(one.id)).map((each) => each.seq)).toEqual(times(one.lastSeq, (index) => index + 1))
  },

  async 'what is open, planned, a moved line, or not there moves nothing at all'(w) {
    const { conversation, ids } = await unfiledThread(w, 2)
    const queued = await w.enter(conversation)
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() + 1000 }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    await move(w, [ids[0] ?? ''], 'ev-2')
    const line = (await w.thread(conversation.id)).find((one) => one.type === 'moved')
    const before = await w.thread(conversation.id)
    for (const bad of [queued.message.id, planned.message.id, line?.id ?? '', w.newId(), '$ne'])
      expect(await w.store.moveMessages(w.all, [ids[1] ?? '', bad], 'ev-1', by, w.now())).toBeNull()
    expect(await w.store.moveMessages(w.neighbour().all, [ids[1] ?? ''], 'ev-1', by, w.now())).toBeNull()
    expect(await w.thread(conversation.id)).toEqual(before)
    expect(await w.list({ coordinationId: 'ev-1' })).toEqual([])
    await w.send(conversation)
    expect((await move(w, [queued.message.id], 'ev-1')).moved, 'once Twilio has it, it can').toHaveLength(1)
  },

  async 'statuses find a message where it was moved to'(w) {
    const { conversation } = await unfiledThread(w, 1)
    const { message } = await w.enter(conversation)
    const sent = await w.send(conversation)
    await move(w, [message.id], 'ev-1')
    const at = w.now()
    await w.store.applyStatus({ orgId: w.orgId, messageId: null, twilioSid: sent.twilioSid ?? '', status: 'read', failure: null, at })
    const [there] = await w.list({ coordinationId: 'ev-1' })
    expect(await w.message(message.id)).toMatchObject({ status: 'read', conversationId: there?.id })
    expect((await w.store.coordinationMessages(w.all, 'ev-1', { cursor: null, limit: 5 }))?.items.map((one) => one.id)).toEqual([
      message.id,
    ])
    expect(there?.lastMessage).toMatchObject({ id: message.id, status: 'read' })
  },

  async 'moving while both threads grow leaves no gap and loses nothing'(w) {
    const { conversation, ids } = await unfiledThread(w, 12)
    const target = await w.receive({ record: 'ev-1' })
    await Promise.all([
      ...times(4, (index) => w.store.moveMessages(w.all, ids.slice(index * 3, index * 3 + 3), 'ev-1', by, w.now())),
      ...times(10, () => w.receive()),
      ...times(10, () => w.receive({ record: 'ev-1' })),
    ])
    const here = await w.thread(conversation.id)
    const there = await w.thread(target.conversation.id)
    expect(here.map((one) => one.seq)).toEqual(times(22, (index) => index + 1))
    expect(there.map((one) => one.seq)).toEqual(times(23, (index) => index + 1))
    expect(there.filter((one) => ids.includes(one.id))).toHaveLength(12)
    expect(here.filter((one) => one.type === 'moved')).toHaveLength(12)
  },

  async 'a repeated SID is still known after its message moved, and after its thread is gone'(w) {
    const { conversation, messages, ids } = await unfiledThread(w, 2)
    await move(w, [ids[0] ?? ''], 'ev-2')
    await w.open({ record: 'ev-1' })
    await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    for (const one of messages) {
      const again = await w.receive({ twilioSid: one.twilioSid ?? '' })
      expect(again).toMatchObject({ outcome: 'repeated', message: { id: one.id } })
    }
  },

  async 'the parts of two clients go each to their own thread of the record'(w) {
    await w.save('ev-1')
    const one = await w.receive({ from: person(1) })
    const two = await w.receive({ from: person(2) })
    await move(w, [one.message.id, two.message.id], 'ev-1')
    const found = await w.list({ coordinationId: 'ev-1' })
    expect(found.map((each) => each.contact.name).toSorted()).toEqual([person(1).name, person(2).name].toSorted())
    expect(found.map((each) => each.lastSeq)).toEqual([1, 1])
  },
})
