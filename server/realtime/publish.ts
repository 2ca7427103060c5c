// The collecting end of `publish`: what one turn of the event loop changed, put together per organization.
// Knows no sockets, so that use cases can be composed before there are any.
import type { CampaignEvent, ReadCursor } from '../../shared/events.ts'
import type { OwnSettings, Coordination, Message } from '../../shared/model.ts'
import type { Audience, Publish } from '../parts.ts'
import type { ConversationState, Told } from '../store/records.ts'

/** The newest state of one object, and whether all in scope hear of it or only those who show its conversation. */
export interface Kept<T> {
  item: T
  toAll: boolean
}

/** The changes of one turn of the event loop in one organization. */
export interface Turn {
  orgId: string
  conversations: Map<string, Kept<ConversationState>>
  messages: Map<string, Kept<Message>>
  left: Told['left']
}

export interface Listener {
  changes(turn: Turn): void
  cursor(orgId: string, agentId: string, cursor: ReadCursor): void
  coordination(orgId: string, coordination: Coordination): void
  templates(orgId: string): void
  channels(orgId: string): void
  organization(orgId: string): void
  settings(orgId: string, agentId: string, settings: OwnSettings): void
  agent(orgId: string, agentId: string): void
  campaign(orgId: string, event: CampaignEvent): void
}

export interface Publishing {
  publish: Publish
  /** From now on the listener is told; the answer ends that. */
  attach(listener: Listener): () => void
}

function keep<T extends { id: string; rev: number }>(into: Map<string, Kept<T>>, item: T, toAll: boolean): void {
  const before = into.get(item.id)
  if (!before) into.set(item.id, { item, toAll })
  else {
    if (item.rev >= before.item.rev) before.item = item
    before.toAll ||= toAll
  }
}

/** Without a listener everything is dropped: there is nobody to tell. */
export function createPublish(): Publishing {
  let listener: Listener | null = null
  let turns = new Map<string, Turn>()
  let pending: NodeJS.Immediate | null = null

  function flush(): void {
    pending = null
    const ended = turns
    turns = new Map()
    for (const turn of ended.values()) listener?.changes(turn)
  }

  function turnOf(orgId: string): Turn {
    let turn = turns.get(orgId)
    if (!turn) {
      turn = { orgId, conversations: new Map(), messages: new Map(), left: [] }
      turns.set(orgId, turn)
    }
    pending ??= setImmediate(flush)
    return turn
  }

  const publish: Publish = {
    changes(changes: Told, audience: Audience) {
      if (!listener || changes.conversations.length + changes.messages.length + changes.left.length === 0) return
      const turn = turnOf(changes.orgId)
      for (const state of changes.conversations) keep(turn.conversations, state, audience.row(state) === 'all')
      for (const message of changes.messages) keep(turn.messages, message, audience.message(message) === 'all')
      turn.left.push(...changes.left)
    },
    cursor: (orgId, agentId, cursor) => listener?.cursor(orgId, agentId, cursor),
    coordination: (orgId, coordination) => listener?.coordination(orgId, coordination),
    templates: (orgId) => listener?.templates(orgId),
    channels: (orgId) => listener?.channels(orgId),
    organization: (orgId) => listener?.organization(orgId),
    settings: (orgId, agentId, settings) => listener?.settings(orgId, agentId, settings),
    agent: (orgId, agentId) => listener?.agent(orgId, agentId),
    campaign: (orgId, event) => listener?.campaign(orgId, event),
  }

  return {
    publish,
    attach(to) {
      listener = to
      return () => {
        listener = null
        turns = new Map()
        if (pending) clearImmediate(pending)
        pending = null
      }
    },
  }
}
