// Records what one client came to hold, and when; and when it can be relied on: its line was up and caught up, the server answered
// it, it showed a thread. Times are of this machine, ms.
import type { Conversation, Message } from '../../shared/model.ts'

export type HeardMessage = Pick<Message, 'conversationId' | 'rev' | 'status' | 'sentAt' | 'deliveredAt' | 'readAt'> & { at: number }

export interface HeardRow {
  at: number
  rev: number
  lastSeq: number
  lastMessage: { id: string; status: Message['status'] } | null
}

interface Span {
  from: number
  to: number
}

export interface Heard {
  client: string
  agentId: string
  /** False: it holds only the messages of threads that it shows. */
  holdsAll: boolean
  /** By id, as they came. `rev` without end: it left. */
  messages: Map<string, HeardMessage[]>
  /** When each SID was first held. */
  sids: Map<string, number>
  rows: Map<string, HeardRow[]>
  cursors: Map<string, { at: number; readSeq: number }[]>
  /** Connected and caught up, without a break. */
  lines: Span[]
  /** Questions that the server answered on this line: what it told before came before the answer. */
  beats: { askedAt: number; answeredAt: number }[]
  shown: (Span & { conversationId: string })[]
}

export interface HeardLog {
  heard: Heard
  message(message: Message): void
  messageLeft(id: string, conversationId: string): void
  row(row: Conversation): void
  rowLeft(id: string): void
  cursor(conversationId: string, readSeq: number): void
  up(): void
  down(): void
  beat(askedAt: number): void
  /** It asks to show these, and so no others any more. */
  asksToShow(conversationIds: readonly string[]): void
  /** The server knows that it does. */
  shows(conversationIds: readonly string[]): void
}

const NEVER = Number.POSITIVE_INFINITY

export function createHeard(client: string, agentId: string, holdsAll: boolean): HeardLog {
  const heard: Heard = {
    client,
    agentId,
    holdsAll,
    messages: new Map(),
    sids: new Map(),
    rows: new Map(),
    cursors: new Map(),
    lines: [],
    beats: [],
    shown: [],
  }
  const add = <T>(map: Map<string, T[]>, id: string, one: T) => {
    const known = map.get(id)
    if (known === undefined) map.set(id, [one])
    else known.push(one)
  }
  const end = (spans: Span[]) => {
    for (const span of spans) if (span.to === NEVER) span.to = Date.now()
  }
  const left = { status: 'canceled', sentAt: null, deliveredAt: null, readAt: null } as const
  return {
    heard,
    message({ id, conversationId, twilioSid, rev, status, sentAt, deliveredAt, readAt }) {
      add(heard.messages, id, { at: Date.now(), conversationId, rev, status, sentAt, deliveredAt, readAt })
      if (twilioSid !== null && !heard.sids.has(twilioSid)) heard.sids.set(twilioSid, Date.now())
    },
    messageLeft: (id, conversationId) => add(heard.messages, id, { at: Date.now(), conversationId, rev: NEVER, ...left }),
    row({ id, rev, lastSeq, lastMessage }) {
      const last = lastMessage === null ? null : { id: lastMessage.id, status: lastMessage.status }
      add(heard.rows, id, { at: Date.now(), rev, lastSeq, lastMessage: last })
    },
    rowLeft: (id) => add(heard.rows, id, { at: Date.now(), rev: NEVER, lastSeq: NEVER, lastMessage: null }),
    cursor: (conversationId, readSeq) => add(heard.cursors, conversationId, { at: Date.now(), readSeq }),
    up: () => void heard.lines.push({ from: Date.now(), to: NEVER }),
    down() {
      end(heard.lines)
      end(heard.shown)
    },
    beat: (askedAt) => void heard.beats.push({ askedAt, answeredAt: Date.now() }),
    asksToShow: (ids) => end(heard.shown.filter(({ conversationId }) => !ids.includes(conversationId))),
    shows(ids) {
      const open = new Set(heard.shown.filter(({ to }) => to === NEVER).map(({ conversationId }) => conversationId))
      for (const conversationId of ids) if (!open.has(conversationId)) heard.shown.push({ conversationId, from: Date.now(), to: NEVER })
    },
  }
}
