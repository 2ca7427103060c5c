// The change feed of a whole organization: a process that reads it knows in the end what others wrote to the store.
import { expect, vi } from 'vitest'
import type { Message } from '../../../shared/model.ts'
import { recordKey, readKey, readRev } from '../../../server/store/news-keys.ts'
import type { ConversationState, Feed, IsNews } from '../../../server/store/records.ts'
import { ANA, HOUR, noChecks, person, record } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { broadcast } from '../watch.ts'
import { allPages, type World } from '../world.ts'
import { underWriters } from './sync.ts'

const all = () => true
const by = { id: 'agent-ana', name: 'Ana Díaz' }

/** Another process: holds what it was told, by `rev`, and asks for nothing twice. */
function createListener(w: World) {
  const conversations = new Map<string, ConversationState>()
  const messages = new Map<string, Message>()
  const reads = new Map<string, number>()
  const known = new Map<string, number>()
  let cursor: string | null = null
  const isNews = (key: string, rev: number) => (known.get(key) ?? 0) < rev
  const listener = {
    conversations,
    messages,
    /** @param alsoNews to this process, which told something of it by itself. */
    async sync(alsoNews: IsNews = () => true): Promise<Feed> {
      const feed: Feed = await w.store.changesSince(w.orgId, cursor, (key, rev) => isNews(key, rev) && alsoNews(key, rev))
      expect(feed.full).toBe(false)
      cursor = feed.cursor
      for (const one of feed.left) {
        known.set(one.key, 1)
        if (one.to === undefined) conversations.delete(one.conversationId)
      }
      for (const one of feed.conversations) {
        known.set(one.id, one.rev)
        conversations.set(one.id, one)
      }
      for (const { message } of feed.messages) {
        known.set(message.id, message.rev)
        messages.set(message.id, message)
      }
      for (const one of feed.reads) {
        known.set(readKey(one), readRev(one))
        reads.set(`${one.agentId} ${one.conversationId}`, one.readSeq)
      }
      for (const one of feed.coordinations) known.set(recordKey(one.id), one.rev)
      return feed
    },
    readSeq: (agentId: string, conversationId: string) => reads.get(`${agentId} ${conversationId}`),
    async expectEqual(): Promise<void> {
      const there = await allPages((from) => w.store.conversations(w.all, { sort: 'activity' }, { cursor: from, limit: 100 }))
      for (const one of there) {
        expect(conversations.get(one.id), 'a conversation as it was told').toEqual(broadcast(one))
        for (const message of await w.thread(one.id)) expect(messages.get(message.id), 'a message as it was told').toEqual(message)
      }
      for (const [id, one] of conversations) {
        const now = await w.store.conversation(w.all, id)
        expect(now && broadcast(now), 'a conversation that was told and is not in the list').toEqual(one)
      }
    },
  }
  return listener
}

async function listening(w: World) {
  const listener = createListener(w)
  await listener.sync()
  return listener
}

export const feedCases = cases('feed', {
  async 'without a cursor it begins now; with one that is none of its own, anything may have changed'(w) {
    await w.receive()
    const begun = await w.store.changesSince(w.orgId, null, all)
    expect(begun).toMatchObject({ full: false, conversations: [], messages: [], left: [], reads: [], coordinations: [], agents: [] })
    const { cursor: forBrowsers } = await w.store.sync(w.all, null, 5)
    for (const since of ['', 'nonsense', '0', forBrowsers, 'x'.repeat(400), '{"$gt":""}', '\u0000']) {
      const feed = await w.store.changesSince(w.orgId, since, all)
      expect(feed, since).toMatchObject({ full: true, conversations: [], messages: [] })
      expect(await w.store.changesSince(w.orgId, feed.cursor, all), 'it goes on from there').toMatchObject({ full: false })
    }
  },

  async 'whatever changed is told: rows, messages, older messages, what is planned, who read, records, what agents chose'(w) {
    const listener = await listening(w)
    await w.save('ev-1')
    const { conversation } = await w.receive({ record: 'ev-1' })
    await w.enter(conversation)
    await listener.sync()
    const told = async (step: () => Promise<unknown>) => {
      await step()
      return listener.sync()
    }
    const idsOf = (feed: Feed) => feed.messages.map(({ message }) => message.id)

    const older = await w.send(conversation)
    await w.receive({ record: 'ev-1' })
    await listener.sync()
    const risen = await told(() =>
      w.store.applyStatus({
        orgId: w.orgId,
        messageId: null,
        twilioSid: older.twilioSid ?? '',
        status: 'delivered',
        failure: null,
        at: w.now(),
      }),
    )
    expect(idsOf(risen), 'a message that is not the last of its thread').toEqual([older.id])
    expect(risen.messages[0]).toMatchObject({ lineId: conversation.lineId, sender: conversation.sender, message: { status: 'delivered' } })

    const draft = w.draft(conversation, { dueAt: w.now() + HOUR, author: ANA })
    expect(idsOf(await told(() => w.store.schedule(draft)))).toEqual([draft.id])
    await w.store.enterScheduled(w.orgId, draft.id, w.now() + HOUR, { checks: noChecks })
    expect((await listener.sync()).messages.find(({ message }) => message.id === draft.id)?.message).toMatchObject({ status: 'queued' })

    const read = await told(() => w.store.markRead(w.viewer('agent-luis'), conversation.id, 2))
    expect(read.reads).toEqual([{ agentId: 'agent-luis', conversationId: conversation.id, readCount: 1, readSeq: 2 }])

    const saved = await told(() => w.save(record('ev-1', { title: 'Otra' }), record('ev-2')))
    expect(saved.coordinations.map((one) => one.title).toSorted()).toEqual(['Boda ev-2', 'Otra'])
    expect(
      saved.conversations.map((one) => one.coordination?.title),
      'the row that shows it',
    ).toEqual(['Otra'])

    const chosen = await told(() => w.store.updateAgent(w.orgId, by, { presence: 'away', settings: { sound: false } }, w.now()))
    expect(chosen.agents).toMatchObject([{ id: by.id, presence: 'away', settings: { sound: false } }])
    await listener.expectEqual()
  },

  async 'of what came to another thread or record it says so, of what only went on in its way out it does not'(w) {
    await w.save('ev-1', 'ev-2')
    const { conversation } = await w.receive({ text: 'hola' })
    await w.enter(conversation)
    const sent = await w.send(conversation)
    const there = (await w.receive({ record: 'ev-1', text: 'de allá' })).conversation
    const listener = await listening(w)
    const told = async (step: () => Promise<unknown>) => {
      await step()
      return (await listener.sync()).messages.find(({ message }) => message.id === sent.id)
    }
    const status = { orgId: w.orgId, messageId: null, twilioSid: sent.twilioSid ?? '', failure: null, at: w.now() }
    expect(await told(() => w.store.applyStatus({ ...status, status: 'delivered' }))).toMatchObject({ moved: false })
    let undoId = ''
    const moving = async () => {
      undoId = (await w.store.moveMessages(w.all, [sent.id], 'ev-1', by, w.now()))?.undoId ?? ''
    }
    expect(await told(moving), 'a move').toMatchObject({ moved: true, message: { conversationId: there.id } })
    const undone = await told(() => w.store.undoMove(w.all, undoId, by, w.now()))
    expect(undone, 'its undoing').toMatchObject({ moved: true, message: { conversationId: conversation.id } })
    const file = (coordinationId: string) => w.store.updateConversation(w.all, conversation.id, { coordinationId })
    expect(await told(() => file('ev-2')), 'a filing').toMatchObject({ moved: true, message: { coordinationId: 'ev-2' } })
    expect(await told(() => file('ev-1')), 'a joining').toMatchObject({ moved: true, message: { conversationId: there.id } })
  },

  async 'what is known is not told again, until it changes'(w) {
    const { cursor } = await w.store.changesSince(w.orgId, null, all)
    const { conversation, message } = await w.receive()
    const known = new Map([
      [conversation.id, conversation.rev],
      [message.id, message.rev],
    ])
    const isNews = (key: string, rev: number) => (known.get(key) ?? 0) < rev
    expect(await w.store.changesSince(w.orgId, cursor, isNews)).toMatchObject({ conversations: [], messages: [] })
    const { changes } = (await w.store.updateConversation(w.all, conversation.id, { tags: ['vip'] })) ?? {}
    const feed = await w.store.changesSince(w.orgId, cursor, isNews)
    expect(feed.conversations).toEqual(changes?.conversations)
    expect(feed.messages).toEqual([])
  },

  async 'what went to another record, and what is no more, is told with where it came from'(w) {
    const listener = await listening(w)
    await w.save('ev-1', 'ev-2')
    const filed = await w.receive({ from: person(1) })
    const merged = await w.receive({ from: person(2) })
    const into = await w.receive({ from: person(2), record: 'ev-2' })
    await listener.sync()
    await w.store.updateConversation(w.all, filed.conversation.id, { coordinationId: 'ev-1' })
    await w.store.updateConversation(w.all, merged.conversation.id, { coordinationId: 'ev-2' })
    const { left, conversations } = await listener.sync()
    expect(left).toContainEqual({ key: expect.any(String), conversationId: filed.conversation.id, from: null, to: 'ev-1' })
    expect(left).toContainEqual({ key: expect.any(String), conversationId: merged.conversation.id, from: null })
    expect(conversations.map((one) => one.id).toSorted()).toEqual([filed.conversation.id, into.conversation.id].toSorted())
    expect((await listener.sync()).left, 'once').toEqual([])
    await listener.expectEqual()
  },

  async 'whoever reads while eight write holds in the end what the store holds'(w) {
    await w.save('ev-1', 'ev-2', 'ev-3')
    const listener = await listening(w)
    await underWriters(w, [listener], { filing: true })
    // A write that a database shows late is found by a reading that looks further back, one in five seconds.
    const told = async () => {
      await listener.sync()
      await listener.expectEqual()
    }
    await vi.waitFor(told, { timeout: 12_000, interval: 250 })
    expect(listener.messages.size).toBeGreaterThan(60)
  },

  async 'what another wrote is told although this one has changed the same row since'(w) {
    const listener = await listening(w)
    await w.receive()
    await listener.sync()
    const theirs = await w.receive()
    const ours = await w.receive()
    const known = new Map([ours.conversation, ours.message].map(({ id, rev }) => [id, rev]))
    const feed = await listener.sync((key, rev) => (known.get(key) ?? 0) < rev)
    expect(feed.messages.map(({ message }) => message.id)).toEqual([theirs.message.id])
    expect(feed.conversations).toEqual([])
  },

  async 'a cursor is used again and again: nothing is lost by asking twice'(w) {
    const { cursor } = await w.store.changesSince(w.orgId, null, all)
    const one = await w.receive({ from: person(1) })
    const first = await w.store.changesSince(w.orgId, cursor, all)
    const two = await w.receive({ from: person(2) })
    const second = await w.store.changesSince(w.orgId, cursor, all)
    expect(first.messages.map(({ message }) => message.id)).toEqual([one.message.id])
    expect(second.messages.map(({ message }) => message.id).toSorted()).toEqual([one.message.id, two.message.id].toSorted())
  },

  async 'nothing of another organization is told'(w) {
    const other = w.neighbour()
    const listener = await listening(w)
    await other.save('ev-1')
    const { conversation } = await other.receive({ record: 'ev-1' })
    await other.store.markRead(other.all, conversation.id, 1)
    await other.store.updateAgent(other.orgId, by, { presence: 'away' }, other.now())
    await other.store.updateConversation(other.all, conversation.id, { coordinationId: null })
    const feed = await listener.sync()
    expect(feed).toMatchObject({ conversations: [], messages: [], left: [], reads: [], coordinations: [], agents: [] })
  },
})
