// The rules of a conversation: how messages change its numbers and its state, and who answered it, for the guard
// against two agents who answer at once.
import { HOLD_SECONDS } from '../../shared/held.ts'
import type { ConversationStatus, Failure, Message } from '../../shared/model.ts'
import { applySteps, type Steps } from './steps.ts'

/** A conversation as the rules see it. Times are ms since the epoch. */
export interface ConversationFacts {
  status: ConversationStatus
  snoozedUntil: number | null
  /** The last place in its thread. */
  lastSeq: number
  /** Both only ever rise; what is between them nobody answered. */
  inboundCount: number
  answeredCount: number
  /** Since when the client waits for a person. */
  awaitingSince: number | null
  /** The last word of a person: automations move no conversation up. */
  activityAt: number | null
}

export type ConversationSteps = Steps<ConversationFacts>

/** Nobody waits any more. */
const answered = { answeredCount: { same: 'inboundCount' }, awaitingSince: { set: null } } as const satisfies ConversationSteps
const open = { status: { set: 'open' }, snoozedUntil: { set: null } } as const satisfies ConversationSteps

// -- what an agent does

/** The fields that agents set by hand. */
export interface ConversationDesk extends ConversationFacts {
  assignee: { id: string; name: string } | null
  tags: readonly string[]
}

type Patch = { readonly [Field in 'status' | 'snoozedUntil' | 'assignee' | 'tags']?: ConversationDesk[Field] | undefined } & {
  /** True: it needs no answer. False: it does after all. */
  readonly answered?: boolean | undefined
  /** Puts back who waited before it was closed or answered: so much was answered, and the next one waits since then. */
  readonly unanswered?: { readonly answeredCount: number; readonly since: number } | undefined
  /** Its snooze is over, if it still ends by then. */
  readonly wakesBy?: number | undefined
  /** Who answers takes it, where it is nobody's. */
  readonly taker?: ConversationDesk['assignee'] | undefined
}

/** Its last message counts as unanswered again, and waits since then; where nobody ever wrote there is nothing to answer. */
function unanswer(before: ConversationDesk): ConversationDesk {
  const { inboundCount, answeredCount, awaitingSince, activityAt } = before
  if (inboundCount === 0) return before
  return { ...before, answeredCount: Math.min(answeredCount, inboundCount - 1), awaitingSince: awaitingSince ?? activityAt }
}

function putBack(before: ConversationDesk, { answeredCount, since }: NonNullable<Patch['unanswered']>): ConversationDesk {
  if (answeredCount >= before.inboundCount) return before
  return {
    ...before,
    answeredCount: Math.min(before.answeredCount, answeredCount),
    awaitingSince: Math.min(before.awaitingSince ?? since, since),
  }
}

/** Seen on top, as what just happened. */
function wake(before: ConversationDesk, at: number): ConversationDesk {
  if (before.status !== 'snoozed' || before.snoozedUntil === null || before.snoozedUntil > at) return before
  return { ...before, status: 'open', activityAt: Math.max(before.activityAt ?? 0, before.snoozedUntil) }
}

/** The change that a patch makes; null: none. Only what is snoozed has a time to wake; closing answers, snoozing does not. */
export function patchConversation(before: ConversationDesk, patch: Patch): Partial<ConversationDesk> | null {
  const awake = patch.wakesBy === undefined ? before : wake(before, patch.wakesBy)
  const back = patch.answered === false && before.inboundCount > 0 ? 'open' : awake.status
  const { status = back, snoozedUntil = before.snoozedUntil, tags = before.tags } = patch
  const { assignee = before.assignee ?? patch.taker ?? null } = patch
  const isAnswered = patch.status === 'closed' || patch.answered === true
  const waits = patch.unanswered ? putBack(awake, patch.unanswered) : patch.answered === false ? unanswer(awake) : awake
  const after: ConversationDesk = {
    ...(isAnswered ? applySteps(awake, answered) : waits),
    status,
    snoozedUntil: status === 'snoozed' ? snoozedUntil : null,
    assignee,
    tags: [...new Set(tags)],
  }
  const news = Object.entries(after).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof ConversationDesk]),
  )
  return news.length === 0 ? null : Object.fromEntries(news)
}

// -- what a message does

/** The client writes: opens it again. Who waits already waits since the first message. */
export function takeInbound({ createdAt }: { createdAt: number }): ConversationSteps {
  return {
    ...open,
    lastSeq: { add: 1 },
    inboundCount: { add: 1 },
    awaitingSince: { orElse: createdAt },
    activityAt: { latest: createdAt },
  }
}

/**
 * The client's side while a message was held for a moment: how many of the client's messages its author had before him, and since
 * when one waits that came later; null: none did.
 */
export interface Held {
  unseen: { answeredCount: number; since: number } | null
}

/** How many of a thread's newest messages hold all that a client writes while a message is held. */
export const NEWEST_WHILE_HELD = 50

/** Read from the thread's newest messages as it enters. What nobody waits for any more was answered by somebody else. */
export function whileHeld(
  heldAt: number,
  { inboundCount, awaitingSince }: Pick<ConversationFacts, 'inboundCount' | 'awaitingSince'>,
  newest: readonly { direction: Message['direction']; createdAt: number }[],
): Held {
  const later = newest.filter(({ direction, createdAt }) => direction === 'inbound' && createdAt > heldAt)
  if (awaitingSince === null || later.length === 0) return { unseen: null }
  return { unseen: { answeredCount: inboundCount - later.length, since: Math.min(...later.map(({ createdAt }) => createdAt)) } }
}

/** One is held for a moment: whoever writes there takes it up again, and its entering changes no state any more. */
export const holdMessage = (): ConversationSteps => open

/**
 * One of ours takes its place. An agent's answers, and moves the conversation up also where it failed as it came due; a note
 * and what automations send do neither. One that was held was written before: it answers what was there then, and what its
 * author did to the conversation since, such as closing it, stands.
 */
export function enterMessage(message: Entering, at: number, held: Held | null = null): ConversationSteps {
  const byAgent = message.direction === 'outbound' && message.authorType === 'agent'
  const unseen = held?.unseen
  const answers = unseen ? { answeredCount: { latest: unseen.answeredCount }, awaitingSince: { set: unseen.since } } : answered
  return {
    lastSeq: { add: 1 },
    ...(byAgent ? { activityAt: { latest: at } } : {}),
    ...(isAnswer({ ...message, wasMoved: false }) ? { ...(held === null ? open : {}), ...answers } : {}),
  }
}

/** A message that a move takes along. `unanswered`: the client's, and nobody had answered it where it was. */
export interface Taken {
  inbound: boolean
  unanswered: boolean
  /** By a person: a client or an agent. */
  person: boolean
  createdAt: number
}

/** Messages come in from another thread, each to the next place: as unanswered as they were. */
export function takeMoved(messages: readonly Taken[]): ConversationSteps {
  const inbound = messages.filter((one) => one.inbound).length
  const waiting = messages.filter((one) => one.unanswered).map((one) => one.createdAt)
  const words = messages.filter((one) => one.person).map((one) => one.createdAt)
  return {
    lastSeq: { add: messages.length },
    inboundCount: { add: inbound },
    answeredCount: { add: inbound - waiting.length },
    ...(words.length > 0 ? { activityAt: { latest: Math.max(...words) } } : {}),
    ...(waiting.length > 0 ? { ...open, awaitingSince: { earliest: Math.min(...waiting) } } : {}),
  }
}

/** A thread that is emptied into this one: its messages come behind, as unanswered as they were; who has this one keeps it. */
export function takeJoined(thread: ConversationDesk): Steps<ConversationDesk> {
  const { lastSeq, inboundCount, answeredCount, awaitingSince, activityAt, assignee, tags } = thread
  const answered = Math.min(answeredCount, inboundCount)
  return {
    lastSeq: { add: lastSeq },
    inboundCount: { add: inboundCount },
    answeredCount: { add: answered },
    ...(activityAt === null ? {} : { activityAt: { latest: activityAt } }),
    ...(answered < inboundCount ? open : {}),
    ...(answered < inboundCount && awaitingSince !== null ? { awaitingSince: { earliest: awaitingSince } } : {}),
    assignee: { orElse: assignee },
    tags: { also: tags },
  }
}

/** A client's message that nobody answered: its place among the client's messages of its thread. */
export interface Unanswered {
  ordinal: number
  createdAt: number
}

/** The one that waits for longer in its thread. */
export function firstOf(messages: Iterable<Unanswered | null>): Unanswered | null {
  let first: Unanswered | null = null
  for (const one of messages) if (one !== null && (first === null || one.ordinal < first.ordinal)) first = one
  return first
}

/** A thread after messages went to another one, or came back from there. */
export interface AfterMove {
  /** The first that still, or again, stands there unanswered. */
  first: Unanswered | null
  /** Nothing that went in or out is left. */
  isEmpty: boolean
  cameBack: boolean
}

/** Who waits is whose message stands there unanswered; an emptied thread is done with; what came back is in work again. */
export function afterMove({ first, isEmpty, cameBack }: AfterMove): ConversationSteps {
  const waits = first === null ? answered : { answeredCount: { set: first.ordinal - 1 }, awaitingSince: { set: first.createdAt } }
  if (cameBack) return { ...open, ...waits }
  return isEmpty ? { ...waits, status: { set: 'closed' }, snoozedUntil: { set: null } } : waits
}

/** A move out of the unfiled thread, or back into it, says which record the line is about, as any filing does. */
export const filesLine = (from: string | null, to: string | null): boolean => from === null || to === null

/** A message that enters; with a failure it only shows that it could not go. */
export function entersAs(direction: Message['direction'], failure: Failure | null): Message['status'] {
  if (failure !== null) return 'failed'
  return direction === 'outbound' ? 'queued' : 'received'
}

/** Notes are for those who read the thread; the list shows what went in or out. */
export const isPreviewed = (direction: Message['direction']): boolean => direction !== 'internal'

// -- who answered

/** A message in a thread as the rules see it. */
export interface ThreadMessage {
  id: string
  seq: number
  direction: Message['direction']
  authorType: Message['author']['type']
  authorId: string | null
  status: Message['status']
  claimedAt: number | null
  /** It was moved here from another thread, and that was not undone. */
  wasMoved: boolean
}

type Entering = Pick<ThreadMessage, 'direction' | 'authorType' | 'status' | 'claimedAt'>

export interface Answer {
  by: string
  id: string
  seq: number
}

/** `other`: the last answer by anybody but the author of `last`. */
export interface Answers {
  last: Answer | null
  other: Answer | null
}

/** Sent in this thread by an agent, whatever became of it since; what failed as it came due was never sent. */
export function isAnswer({ direction, authorType, status, claimedAt, wasMoved }: Entering & Pick<ThreadMessage, 'wasMoved'>): boolean {
  return direction === 'outbound' && authorType === 'agent' && !wasMoved && !(status === 'failed' && claimedAt === null)
}

/** An agent answers now. */
export function afterAnswer({ last, other }: Answers, answer: Answer): Answers {
  return { last: answer, other: last?.by === answer.by ? other : last }
}

/** Read from the thread itself, the newest message first, only as far as needed. */
export function latestAnswers(newestFirst: Iterable<ThreadMessage>): Answers {
  let last: Answer | null = null
  for (const message of newestFirst) {
    if (!isAnswer(message)) continue
    const answer = { by: message.authorId ?? '', id: message.id, seq: message.seq }
    if (last !== null && last.by !== answer.by) return { last, other: answer }
    last ??= answer
  }
  return { last, other: null }
}

/** Which answer of somebody else an agent has not seen who knows the thread up to this seq; null: none. */
export function unseenAnswer({ last, other }: Answers, agentId: string, seq: number): Answer | null {
  const answer = last?.by === agentId ? other : last
  return answer !== null && answer.seq > seq ? answer : null
}

/** A message without a place yet, as the rules see it. */
export interface Planned {
  id: string
  authorType: Message['author']['type']
  authorId: string | null
  status: Message['status']
  dueAt: number | null
}

/** Somebody else's message that goes by itself within the time that a message is held: to an agent it answers already. */
export function isAboutToAnswer({ authorType, authorId, status, dueAt }: Planned, agentId: string, now: number): boolean {
  return status === 'scheduled' && authorType === 'agent' && authorId !== agentId && (dueAt ?? 0) <= now + HOLD_SECONDS * 1000
}
