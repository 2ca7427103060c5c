// The requests of agents besides plain sends, with their answers: the end of a run is compared with them.
import type { Written } from '../../server/simulator/write-message.ts'
import type { TakenSend } from './agents.ts'

/** A client's message with when it can have been taken in, ms of this machine. */
export interface Write extends Written {
  phone: number
  channel: 'whatsapp' | 'sms'
  from: number
  to: number
  /** The message of ours that it quotes. */
  quotes: string | null
}

/** When it can have been done, ms of this machine; where no answer came, at any time from then on. */
export interface Span {
  from: number
  to: number
}

export interface Move {
  ids: readonly string[]
  from: string | null
  to: string | null
  asked: Span
  /** Null: nobody asked for it. */
  undoAsked: Span | null
  /** Where they were when it was asked for. */
  old: readonly { id: string; conversationId: string; seq: number }[]
  /** unknown: asked, and no answer came. */
  made: boolean | 'unknown'
  undone: boolean | 'unknown'
  undoId: string
}

export interface Retry {
  of: string
  /** Null: no answer came. */
  newId: string | null
  askedAt: number
  takenAt: number
  /** Nobody could tell whether the first one had gone out. */
  knowingly: boolean
}

export interface Labels {
  tags: readonly string[]
  assigneeId: string | null
}

/** A client's word about further messages: STOP, or START. */
export interface OptOutWord extends Write {
  out: boolean
}

export interface Journal {
  notes: TakenSend[]
  /** With the time that was asked for. */
  later: (TakenSend & { sendAt: string })[]
  /** Sends that were to go only where no colleague had answered since. */
  guarded: (TakenSend & { since: number })[]
  /** The same, refused since somebody had: asked at \`from\`, answered at \`to\`. */
  collided: { conversationId: string; agentId: string; since: number; from: number; to: number }[]
  /** By the message's id. canceled: acknowledged. given up: it was unconfirmed by then. unknown: no answer came. */
  cancels: Map<string, 'canceled' | 'given up' | 'unknown'>
  retries: Retry[]
  moves: Move[]
  /** By conversation: what may stand there. More than one where no answer came. */
  labels: Map<string, Labels[]>
  /** Conversations that were closed or filed: an answer was not the only thing that answered them. */
  closed: Set<string>
  writes: Write[]
  /** Of these, the words about further messages. */
  optOuts: OptOutWord[]
  /** Sends that were refused since their client wants none. */
  turnedAway: (Span & { phone: number; channel: 'whatsapp' | 'sms' })[]
}

export const createJournal = (): Journal => ({
  notes: [],
  later: [],
  guarded: [],
  collided: [],
  cancels: new Map(),
  retries: [],
  moves: [],
  labels: new Map(),
  closed: new Set(),
  writes: [],
  optOuts: [],
  turnedAway: [],
})
