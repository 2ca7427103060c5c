// Faults in scope, pages, unread, the change feed, moving and saving records.
import { setImmediate as turn } from 'node:timers/promises'
import type { Coordination } from '../../../shared/model.ts'
import type { CoordinationSaved, OwnConversationState, Viewer } from '../../../server/store/records.ts'
import { noChanges } from '../../../server/store/no-changes.ts'
import type { Fault } from '../faulty-store.ts'
import { rewriting } from './rewrite.ts'

const unscoped = (viewer: Viewer): Viewer => ({ ...viewer, scope: null })

export const readingFaults: readonly Fault[] = [
  {
    name: 'scope leak: a search looks everywhere',
    likely: 'scope: every list, count, search and history holds only what is in scope',
    wrap: (store) => ({
      ...store,
      conversations: (viewer, filter, page) => store.conversations(filter.q === undefined ? viewer : unscoped(viewer), filter, page),
    }),
  },
  {
    name: 'scope leak: a message is read by its id alone',
    likely: 'scope: one by one, what is outside is as if it were not there',
    wrap: (store) => ({ ...store, message: (viewer, id) => store.message(unscoped(viewer), id) }),
  },
  {
    name: 'scope leak: unread counts everything',
    likely: 'unread: numbers come in the order of the viewers, each with its own scope',
    wrap: (store) => ({ ...store, unread: (viewers) => store.unread(viewers.map(unscoped)) }),
  },
  {
    name: 'scope leak: sync tells of what it should not',
    likely: 'scope: what a scoped sync tells later is in scope, too',
    wrap: (store) => ({
      ...store,
      async sync(viewer, since, limit) {
        const synced = await store.sync(viewer, since, limit)
        if (synced.full) return synced
        const all = await store.conversations(unscoped(viewer), { sort: 'activity' }, { cursor: null, limit })
        return { ...synced, conversations: all.items }
      },
    }),
  },
  {
    name: 'a cursor that skips the first of each further page',
    likely: 'conversations: pages hold everything once, also where many moved at the same moment',
    wrap: (store) => ({
      ...store,
      async conversations(viewer, filter, page) {
        const found = await store.conversations(viewer, filter, page)
        return page.cursor === null ? found : { ...found, items: found.items.slice(1) }
      },
    }),
  },
  {
    name: 'a cursor that skips what moved at the same moment as its last',
    likely: 'conversations: pages hold everything once, also where many moved at the same moment',
    wrap(store) {
      const ends = new Map<string, string | null>()
      return {
        ...store,
        async conversations(viewer, filter, page) {
          const found = await store.conversations(viewer, filter, page)
          const end = page.cursor === null ? undefined : ends.get(page.cursor)
          const last = found.items.at(-1)
          if (found.nextCursor !== null && last) ends.set(found.nextCursor, last.activityAt)
          return end === undefined ? found : { ...found, items: found.items.filter((one) => one.activityAt !== end) }
        },
      }
    },
  },
  {
    name: 'the log repeats what a page ended with',
    likely: 'log: paging while others write repeats nothing and misses nothing that was there',
    wrap(store) {
      const ends = new Map<string, Awaited<ReturnType<typeof store.messageLog>>['items'][number]>()
      return {
        ...store,
        async messageLog(viewer, filter, page) {
          const found = await store.messageLog(viewer, filter, page)
          const end = ends.get(page.cursor ?? '')
          const last = found.items.at(-1)
          if (found.nextCursor !== null && last) ends.set(found.nextCursor, last)
          return end ? { ...found, items: [end, ...found.items] } : found
        },
      }
    },
  },
  {
    name: 'a read that falls: the last reading counts, not the furthest',
    likely: 'unread: the cursor never falls and goes at most to the last message',
    wrap: (store) => ({
      ...store,
      async markRead(viewer, conversationId, seq) {
        const read = await store.markRead(viewer, conversationId, seq)
        return read && { ...read, readSeq: Math.min(seq, read.readSeq) }
      },
    }),
  },
  {
    name: 'a read past the end counts what is not there yet',
    likely: 'unread: the cursor never falls and goes at most to the last message',
    wrap: (store) => ({
      ...store,
      async markRead(viewer, conversationId, seq) {
        const read = await store.markRead(viewer, conversationId, seq)
        return read && { ...read, readSeq: Math.max(seq, read.readSeq) }
      },
    }),
  },
  {
    name: 'unread drift: a repeated message counts again',
    likely: 'unread: a repeated message counts once',
    wrap(store) {
      const repeats = new Map<string, number>()
      return {
        ...store,
        async receive(inbound, route) {
          const received = await store.receive(inbound, route)
          if (received.outcome === 'repeated') repeats.set(inbound.orgId, (repeats.get(inbound.orgId) ?? 0) + 1)
          return received
        },
        async unread(viewers) {
          const numbers = await store.unread(viewers)
          return numbers.map((one, index) => ({ ...one, total: one.total + (repeats.get(viewers[index]?.orgId ?? '') ?? 0) }))
        },
      }
    },
  },
  {
    name: 'unread drift: an answer clears it for its author alone',
    likely: 'unread: reading clears it for the reader, an answer for all',
    wrap: (store) =>
      rewriting(store, {
        conversation: (one) =>
          'unread' in one
            ? {
                ...one,
                unread: (one as OwnConversationState & typeof one).inboundCount - (one as OwnConversationState & typeof one).readCount,
              }
            : one,
      }),
  },
  {
    name: 'the sync misses one',
    likely: 'sync: everything that changed since is told, with the caller’s own numbers',
    wrap: (store) => ({
      ...store,
      async sync(viewer, since, limit) {
        const synced = await store.sync(viewer, since, limit)
        return synced.full ? synced : { ...synced, conversations: synced.conversations.slice(1) }
      },
    }),
  },
  {
    name: 'the sync misses what is written while it reads',
    likely: 'sync: a client that syncs while eight writers write ends with what the server holds',
    wrap: (store) => ({
      ...store,
      async sync(viewer, since, limit) {
        const synced = await store.sync(viewer, since, limit)
        await turn()
        await turn()
        const { cursor } = await store.sync(viewer, null, 1)
        return { ...synced, cursor }
      },
    }),
  },
  {
    name: 'the sync forgets the caller’s own cursor',
    likely: 'sync: what was unread before the viewer read it elsewhere is told as read',
    wrap(store) {
      const told = new Map<string, number>()
      return {
        ...store,
        async sync(viewer, since, limit) {
          const synced = await store.sync(viewer, since, limit)
          const fresh = synced.conversations.filter((one) => synced.full || told.get(`${viewer.agentId}|${one.id}`) !== one.rev)
          for (const one of synced.conversations) told.set(`${viewer.agentId}|${one.id}`, one.rev)
          return { ...synced, conversations: fresh }
        },
      }
    },
  },
  {
    name: 'the sync never tells what is gone',
    likely: 'sync: a joined conversation is removed',
    wrap: (store) => ({
      ...store,
      sync: async (viewer, since, limit) => ({ ...(await store.sync(viewer, since, limit)), removed: [] }),
    }),
  },
  {
    name: 'a move can be undone again and again',
    likely: 'moving: two who undo at once undo once',
    wrap: (store) => ({
      ...store,
      async undoMove(viewer, undoId, by, now) {
        const undone = await store.undoMove(viewer, undoId, by, now)
        if (undone.outcome !== 'done_before') return undone
        return { outcome: 'undone', moved: [], changes: noChanges(viewer.orgId) }
      },
    }),
  },
  {
    name: 'half a batch of records is kept',
    likely: 'coordinations: all or nothing: one that cannot be kept keeps none',
    wrap: (store) => ({
      ...store,
      async saveCoordinations(orgId, inputs, now) {
        const saved: CoordinationSaved[] = []
        let changes = noChanges(orgId)
        for (const input of inputs) {
          const one = await store.saveCoordinations(orgId, [input], now)
          saved.push(...one.saved)
          changes = { ...changes, conversations: [...changes.conversations, ...one.changes.conversations] }
        }
        return { saved, changes }
      },
    }),
  },
  {
    name: 'a record replaced by many at once loses some of them',
    likely: 'coordinations: the same record saved by many at once is one, and rev counts them',
    wrap: (store) => ({
      ...store,
      async saveCoordinations(orgId, inputs, now) {
        const { saved, changes } = await store.saveCoordinations(orgId, inputs, now)
        const lost = (coordination: Coordination): Coordination => ({ ...coordination, rev: Math.min(2, coordination.rev) })
        return { saved: saved.map((one) => ({ ...one, coordination: lost(one.coordination) })), changes }
      },
    }),
  },
  {
    name: 'a search that finds words inside of words',
    likely: 'searching: words are found at the beginnings of words, in any order, not inside of them or over them',
    wrap: (store) => ({
      ...store,
      async messageLog(viewer, filter, page) {
        const { q, ...rest } = filter
        const all = await store.messageLog(viewer, rest, page)
        const holds = (one: { text: string; author: { name: string } }) => `${one.text} ${one.author.name}`.toLowerCase().includes(q ?? '')
        return { ...all, items: all.items.filter(holds) }
      },
    }),
  },
  {
    name: 'a log that holds its end',
    likely: 'searching: the log holds what was written from a time on, and before another',
    wrap: (store) => ({
      ...store,
      messageLog: (viewer, filter, page) =>
        store.messageLog(viewer, filter.to === undefined ? filter : { ...filter, to: filter.to + 1 }, page),
    }),
  },
  {
    name: 'contacts with accents come last',
    likely: 'searching: contacts are listed by name without case and accents, page by page',
    wrap: (store) => ({
      ...store,
      async contacts(viewer, q, page) {
        const all = await store.contacts(viewer, q, page)
        return { ...all, items: all.items.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)) }
      },
    }),
  },
  {
    name: 'a record that is saved as it is rises',
    likely: 'searching: records are listed by their last save, the newest first; saving one as it is changes nothing',
    wrap: (store) => ({
      ...store,
      async saveCoordinations(orgId, inputs, now) {
        const touched = inputs.map((input) => ({ ...input, data: { ...input.data, saved: now } }))
        return store.saveCoordinations(orgId, touched, now)
      },
    }),
  },
]
