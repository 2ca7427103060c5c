// Watches every call of a store and checks what each of them promises by itself: shapes are exactly the wire model's,
// `rev` rises with every change, and what writes answer as changed is, applied by `rev`, what the store then holds.
import { hideSensitive } from '../../server/rules/hide-sensitive.ts'
import { expect } from 'vitest'
import { conversation, message, ownConversation, type Message } from '../../shared/model.ts'
import { z } from 'zod'
import type { ConversationState, Viewer } from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'

const lineFields = { lineId: z.string(), lastInboundAt: z.number().nullable() }
const messageShape = message.strict()
const stateShape = conversation.omit({ window: true, canReply: true }).extend(lineFields).strict()
const ownShape = ownConversation.omit({ window: true, canReply: true }).extend(lineFields).strict()

/** Calls that change something: their whole answer is what a browser would be told. */
const writes = new Set<string>([
  'receive',
  'enter',
  'schedule',
  'hold',
  'enterScheduled',
  'claim',
  'expireClaims',
  'accepted',
  'changeMessage',
  'applyStatus',
  'openConversation',
  'closeWindow',
  'sayOptOut',
  'updateConversation',
  'moveMessages',
  'undoMove',
  'updateContact',
  'importContacts',
  'eraseContact',
  'mergeContacts',
  'unmergeContacts',
  'saveCoordinations',
])

interface Told<T> {
  orgId: string
  value: T
}

export interface Watched {
  store: Store
  /** Compares what all writes answered with what the store holds now. */
  audit(): Promise<void>
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
function isMessage(value: Record<string, unknown>): value is Record<string, unknown> & Message {
  return 'direction' in value && 'clientMessageId' in value && 'rev' in value
}
function isState(value: Record<string, unknown>): value is Record<string, unknown> & ConversationState {
  return 'lineId' in value && 'inboundCount' in value && 'rev' in value
}

/** The part of a conversation that everybody is told. */
export function broadcast(state: ConversationState): ConversationState {
  const {
    readCount: _count,
    readSeq: _seq,
    unread: _unread,
    ...rest
  } = state as ConversationState & Record<'readCount' | 'readSeq' | 'unread', number>
  return rest
}

function orgOf(result: unknown, args: unknown[]): string | null {
  if (isObject(result) && isObject(result.changes) && typeof result.changes.orgId === 'string') return result.changes.orgId
  if (isObject(result) && typeof result.orgId === 'string') return result.orgId
  const first = args[0]
  if (typeof first === 'string') return first
  return isObject(first) && typeof first.orgId === 'string' ? first.orgId : null
}

export function watch(store: Store): Watched {
  const seen = new Map<string, string>()
  const toldMessages = new Map<string, Told<Message>>()
  const toldConversations = new Map<string, Told<ConversationState>>()
  const gone = new Set<string>()
  /** Conversations of erased contacts: their messages are no more, either. */
  const erased = new Set<string>()
  const isErased = ({ conversationId }: Message) => erased.has(conversationId)

  function note(id: string, kind: string, rev: number, value: unknown): void {
    const text = JSON.stringify(value)
    const key = `${id}#${rev}`
    const before = seen.get(key)
    if (before === undefined) seen.set(key, text)
    else if (before !== text) expect(JSON.parse(text), `two different states of one ${kind} have rev ${rev}`).toEqual(JSON.parse(before))
  }

  function tell<T extends { id: string; rev: number }>(told: Map<string, Told<T>>, orgId: string, value: T): void {
    const known = told.get(value.id)
    if (known === undefined || known.value.rev <= value.rev) told.set(value.id, { orgId, value })
  }

  function look(value: unknown, orgId: string | null): void {
    if (Array.isArray(value)) {
      for (const item of value) look(item, orgId)
      return
    }
    if (!isObject(value) || value instanceof Set) return
    if (isMessage(value)) {
      messageShape.parse(value)
      // Lists leave the text of a sensitive message out; that is no other state.
      note(value.id, 'message', value.rev, hideSensitive(value))
      if (orgId !== null) tell(toldMessages, orgId, value)
      return
    }
    if (isState(value)) {
      ;('unread' in value ? ownShape : stateShape).parse(value)
      note(value.id, 'conversation', value.rev, broadcast(value))
      if (orgId !== null) tell(toldConversations, orgId, broadcast(value))
      return
    }
    for (const part of Object.values(value)) look(part, orgId)
  }

  const watched = new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function' || typeof name !== 'string') return method
      return async (...args: unknown[]) => {
        const result: unknown = await method.apply(target, args)
        const orgId = writes.has(name) ? orgOf(result, args) : null
        look(result, orgId)
        if (isObject(result) && isObject(result.changes) && Array.isArray(result.changes.left))
          for (const left of result.changes.left as { conversationId: string; to?: string | null }[])
            if (left.to === undefined) {
              gone.add(left.conversationId)
              if (name === 'eraseContact') erased.add(left.conversationId)
            }
        return result
      }
    },
  })

  return {
    store: watched,
    async audit() {
      const conversations = [...toldConversations.values()].slice(0, 80)
      for (const { orgId, value } of conversations) {
        const all: Viewer = { orgId, agentId: 'auditor', scope: null }
        const now = await store.conversation(all, value.id)
        if (gone.has(value.id)) {
          expect(now, 'a conversation that is no more').toBeNull()
          continue
        }
        expect(now && broadcast(now), 'the last state that a write told of a conversation').toEqual(value)
        await auditThread(store, all, value)
      }
      for (const { orgId, value } of [...toldMessages.values()].slice(0, 200)) {
        const now = await store.message({ orgId, agentId: 'auditor', scope: null }, value.id)
        // Undoing a move may take the line that kept the place away; the thread's seqs were looked at above.
        if (now === null && (value.type === 'moved' || isErased(value))) continue
        expect(now, 'the last state that a write told of a message').toEqual(value)
      }
    },
  }
}

/** `seq` is 1, 2, 3 … without a gap up to `lastSeq`. */
async function auditThread(store: Store, all: Viewer, state: ConversationState): Promise<void> {
  const seqs: (number | null)[] = []
  for (let after = 0; ; ) {
    const page = await store.messages(all, state.id, { after, limit: 100 })
    const items = page?.items ?? []
    seqs.push(...items.map((item) => item.seq))
    after = items.at(-1)?.seq ?? after
    if (!page?.hasMore || items.length === 0) break
  }
  expect(seqs, 'the seqs of a thread').toEqual(Array.from({ length: state.lastSeq }, (_, index) => index + 1))
}
