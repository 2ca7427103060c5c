// Conversations as they are known here, each a signal. A lower `rev` is ignored; the agent's own numbers only rise.
import { unreadOf } from '../../shared/unread.ts'
import { type Signal, signal } from '@preact/signals-core'
import type { ReadCursor } from '../../shared/events.ts'
import type { Conversation, OwnConversation } from '../../shared/model.ts'

export interface Records {
  of(id: string): Signal<OwnConversation | undefined>
  get(id: string): OwnConversation | undefined
  /** As broadcast, or with the caller's own numbers. */
  apply(conversation: Conversation | OwnConversation): void
  read(cursor: ReadCursor): void
  remove(id: string): void
  /** Forgets all but these. */
  reset(kept: ReadonlySet<string>): void
  /** Told of each conversation that changed or went; the answer ends it. */
  watch(listener: (id: string, now: OwnConversation | undefined) => void): () => void
}

export function createRecords(): Records {
  const known = new Map<string, Signal<OwnConversation | undefined>>()
  /** Also of conversations that are not known here yet. */
  const cursors = new Map<string, { readCount: number; readSeq: number }>()
  const listeners = new Set<(id: string, now: OwnConversation | undefined) => void>()

  function of(id: string): Signal<OwnConversation | undefined> {
    let found = known.get(id)
    if (!found) {
      found = signal<OwnConversation | undefined>(undefined)
      known.set(id, found)
    }
    return found
  }

  function set(id: string, next: OwnConversation | undefined): void {
    const one = of(id)
    if (one.peek() === next) return
    one.value = next
    for (const listener of listeners) listener(id, next)
  }

  function raise(id: string, readCount: number, readSeq: number): { readCount: number; readSeq: number } {
    const before = cursors.get(id)
    const next = { readCount: Math.max(before?.readCount ?? 0, readCount), readSeq: Math.max(before?.readSeq ?? 0, readSeq) }
    cursors.set(id, next)
    return next
  }

  function withOwn(conversation: Conversation, own: { readCount: number; readSeq: number }): OwnConversation {
    const unread = unreadOf(conversation, own.readCount)
    return { ...conversation, ...own, unread }
  }

  return {
    of,
    get: (id) => known.get(id)?.peek(),
    apply(conversation) {
      const { id } = conversation
      const before = of(id).peek()
      const given = 'readCount' in conversation ? conversation : { readCount: 0, readSeq: 0 }
      const own = raise(id, given.readCount, given.readSeq)
      const base = before && before.rev > conversation.rev ? before : conversation
      if (base === before && own.readCount === before.readCount && own.readSeq === before.readSeq) return
      set(id, withOwn(base, own))
    },
    read({ conversationId, readCount, readSeq }) {
      const own = raise(conversationId, readCount, readSeq)
      const before = known.get(conversationId)?.peek()
      if (before && (own.readCount !== before.readCount || own.readSeq !== before.readSeq)) set(conversationId, withOwn(before, own))
    },
    remove(id) {
      cursors.delete(id)
      set(id, undefined)
    },
    reset(kept) {
      for (const id of known.keys()) if (!kept.has(id)) set(id, undefined)
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
