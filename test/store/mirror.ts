// A client that keeps itself up to date by `sync` alone, as a browser without a socket does.
import { expect } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { OwnConversationState, Viewer } from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'
import { allPages } from './world.ts'

export interface Mirror {
  conversations: Map<string, OwnConversationState>
  /** How often it was told to begin anew. */
  fulls: number
  cursor: string | null
  sync(): Promise<void>
  /** Everything in the default list is here as it is there, and what is gone or out of scope is not. */
  expectEqual(): Promise<void>
}

export function createMirror(store: Store, viewer: Viewer, limit = 200): Mirror {
  const mirror: Mirror = {
    conversations: new Map(),
    fulls: 0,
    cursor: null,
    async sync() {
      const synced = await store.sync(viewer, mirror.cursor, limit)
      if (synced.full) {
        mirror.fulls++
        mirror.conversations.clear()
        // Only the first page comes along; the rest is paged for, as by scrolling.
        const rest = await allPages((cursor) => store.conversations(viewer, { sort: 'activity' }, { cursor, limit: 50 }))
        for (const one of rest) mirror.conversations.set(one.id, one)
      }
      for (const one of synced.conversations) mirror.conversations.set(one.id, one)
      for (const id of synced.removed) mirror.conversations.delete(id)
      mirror.cursor = synced.cursor
    },
    async expectEqual() {
      const server = await allPages((cursor) => store.conversations(viewer, { sort: 'activity' }, { cursor, limit: 100 }))
      const expected = new Map(server.map((one) => [one.id, one]))
      for (const [id, one] of expected) expect(mirror.conversations.get(id), 'a conversation as the client holds it').toEqual(one)
      for (const [id, one] of mirror.conversations) {
        if (expected.has(id)) continue
        // Those with nothing but automated messages are not in the default list, but may be told of.
        expect(await store.conversation(viewer, id), 'a conversation that the client holds and the list does not').toEqual(one)
        expect(one.activityAt).toBeNull()
      }
    },
  }
  return mirror
}

/** A client that shows one thread: what is after its last, and what changed since its cursor. */
export function createThreadMirror(store: Store, viewer: Viewer, conversationId: string) {
  const messages = new Map<string, Message>()
  let cursor: string | null = null
  async function take(range: { after: number; changedSince?: string }): Promise<void> {
    for (let { after } = range; ; ) {
      const page = await store.messages(viewer, conversationId, { ...range, after, limit: 20 })
      expect(page).not.toBeNull()
      for (const one of page?.items ?? []) if ((messages.get(one.id)?.rev ?? -1) <= one.rev) messages.set(one.id, one)
      const last = page?.items.at(-1)?.seq ?? null
      if (!page?.hasMore || last === null) return
      after = last
    }
  }
  return {
    async sync(): Promise<void> {
      const old = cursor
      cursor = (await store.sync(viewer, old, 200)).cursor
      await take({ after: Math.max(0, ...[...messages.values()].map((one) => one.seq ?? 0)) })
      if (old !== null) await take({ after: 0, changedSince: old })
    },
    thread: () => [...messages.values()].toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0)),
  }
}
