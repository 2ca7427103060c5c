// From what a turn changed to the packets that go out: pure, so that who hears what can be read (and tested) in one place.
import type { ChangesEvent } from '../../shared/events.ts'
import type { Conversation, Message } from '../../shared/model.ts'
import type { ConversationState } from '../store/records.ts'
import { namesRecord } from '../team/hide-records.ts'
import { showMessage } from '../team/show-message.ts'
import type { Parts } from '../parts.ts'
import type { Turn } from './publish.ts'
import { holds } from '../rules/audience.ts'
import { touchedBy } from '../team/count-badges.ts'

type Scope = ReadonlySet<string> | null

/** Of one conversation, what only those who show it are told. */
export interface Quiet {
  conversation: ConversationState | null
  messages: Message[]
}

export interface Packet {
  /** The same text for the same content, so that scopes that are told the same share one packet. */
  key: string
  event: ChangesEvent
}

export interface Packets {
  /** The packet for everybody with this scope; null: nothing. */
  general(scope: Scope): Packet | null
  /** Conversations of which viewers hear more than the others. */
  quiet: ReadonlyMap<string, Quiet>
  /** The same with what only those who show this conversation hear; null where the scope holds none of it. */
  forViewers(scope: Scope, conversationId: string, general: Packet | null): Packet | null
  /** Whether this scope still holds a conversation that left some record's scope. */
  stillHeld(scope: Scope, conversationId: string): boolean
  /** Records whose badge may show another number now. */
  touched: ReadonlySet<string>
}

export function createPackets(
  turn: Turn,
  present: (state: ConversationState) => Conversation,
  parts: Pick<Parts, 'mediaUrl' | 'previewUrl'>,
): Packets {
  const quiet = new Map<string, Quiet>()
  const open = (conversationId: string) => {
    let entry = quiet.get(conversationId)
    if (!entry) {
      entry = { conversation: null, messages: [] }
      quiet.set(conversationId, entry)
    }
    return entry
  }
  const loudConversations: ConversationState[] = []
  const loudMessages: Message[] = []
  const touched = new Set<string>()
  for (const { item, toAll } of turn.conversations.values())
    if (toAll) {
      loudConversations.push(item)
      for (const one of touchedBy(item)) touched.add(one)
    } else open(item.id).conversation = item
  for (const { item, toAll } of turn.messages.values())
    if (toAll) loudMessages.push(item)
    else open(item.conversationId).messages.push(item)

  /** Where each conversation that moved is now; undefined: no more. */
  const now = new Map<string, string | null | undefined>()
  const cameFrom = new Map<string, Set<string | null>>()
  for (const { conversationId, from, to } of turn.left) {
    const known = turn.conversations.get(conversationId)
    now.set(conversationId, known && to !== undefined ? known.item.coordinationId : to)
    const records = cameFrom.get(conversationId)
    if (records) records.add(from)
    else cameFrom.set(conversationId, new Set([from]))
    if (from !== null) touched.add(from)
    if (to) touched.add(to)
  }
  const stillHeld = (scope: Scope, conversationId: string) => {
    const coordinationId = now.get(conversationId)
    return coordinationId !== undefined && holds(scope, coordinationId)
  }

  const presented = new Map<string, Conversation>()
  const show = (state: ConversationState) => {
    let shown = presented.get(state.id)
    if (!shown) {
      shown = present(state)
      presented.set(state.id, shown)
    }
    return shown
  }

  return {
    quiet,
    touched,
    stillHeld,
    general(scope) {
      const event: ChangesEvent = { conversations: [], messages: [], removed: [] }
      let key = ''
      loudConversations.forEach((state, index) => {
        // A conversation erased in this very turn is not told once more.
        if (!holds(scope, state.coordinationId) || (now.has(state.id) && now.get(state.id) === undefined)) return
        event.conversations.push(show(state))
        key += `c${index}`
      })
      loudMessages.forEach((message, index) => {
        if (!holds(scope, message.coordinationId)) return
        event.messages.push(showMessage(parts, message, scope !== null))
        key += namesRecord(message) && scope !== null ? `h${index}` : `m${index}`
      })
      for (const [conversationId, records] of cameFrom) {
        if (stillHeld(scope, conversationId) || ![...records].some((record) => holds(scope, record))) continue
        event.removed.push(conversationId)
        key += `r${conversationId}`
      }
      return key === '' ? null : { key, event }
    },
    forViewers(scope, conversationId, general) {
      const more = quiet.get(conversationId)
      if (!more) return null
      const conversation = more.conversation && holds(scope, more.conversation.coordinationId) ? more.conversation : null
      const messages = more.messages
        .filter((message) => holds(scope, message.coordinationId))
        .map((message) => showMessage(parts, message, scope !== null))
      if (conversation === null && messages.length === 0) return null
      const base = general?.event ?? { conversations: [], messages: [], removed: [] }
      return {
        key: `${general?.key ?? ''}v${conversationId}${conversation === null ? '' : 'c'}${messages.map((message) => `${namesRecord(message) && scope !== null ? 'h' : 'm'}${message.id}`).join('')}`,
        event: {
          conversations: conversation === null ? base.conversations : [...base.conversations, show(conversation)],
          messages: [...base.messages, ...messages],
          removed: base.removed,
        },
      }
    },
  }
}
