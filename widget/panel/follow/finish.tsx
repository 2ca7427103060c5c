// Closes, snoozes or assigns a conversation, says so with what undoes it, and goes on to the client who waits longest.
import type { Answer } from '../../../shared/events.ts'
import type { Message, OwnConversation } from '../../../shared/model.ts'
import type { Client } from '../../client/client.ts'
import { fill, formatWhenLong } from '../../locales/format.ts'
import { nameRecords } from '../name-records.ts'
import { problemText } from '../problem-text.ts'
import type { useShared } from '../shared-state.ts'
import { Done } from './done.tsx'
import { type FollowWords, followWords } from './follow-words.ts'

type Shared = ReturnType<typeof useShared>
type Patch = Parameters<Client['update']>[1]

const MOST = 20

/** `name`: of the colleague who gets it. */
export async function finish(shared: Shared, before: OwnConversation, patch: Patch, name = ''): Promise<void> {
  if (!(await change(shared, before.id, patch))) return
  offer(shared, sayDone(shared, patch, name), () => putBack(shared, before, patch, before))
  if (patch.status !== undefined) await goOn(shared, before.id)
}

function sayDone(shared: Shared, { status, snoozedUntil, assigneeId }: Patch, name: string): string {
  const own = ownWords(shared)
  const { words, zone, now, me } = shared
  if (status === 'closed') return own.closed
  if (status === 'snoozed')
    return snoozedUntil ? fill(own.snoozed, { t: formatWhenLong(zone, words, snoozedUntil, now.peek()) }) : own.snoozedUntilHeWrites
  if (assigneeId === null) return own.unassigned
  return assigneeId === me ? own.assignedToMe : fill(own.assignedTo, { name })
}

/** Once it is sent. Undone, it is taken back where it has not gone out yet, and stands where it was written. */
export async function sendAndClose(shared: Shared, before: OwnConversation, sent: Promise<Answer<{ message: Message }>>): Promise<void> {
  const own = ownWords(shared)
  const answer = await sent
  const patch = { status: 'closed' } as const
  if (!answer.ok || !(await change(shared, before.id, patch))) return
  const { id, text, type } = answer.message
  offer(shared, own.sentAndClosed, async () => {
    const isNote = type === 'note'
    const isBack = !isNote && (await shared.client.http('POST', `/api/messages/${encodeURIComponent(id)}/cancel`, {})).ok
    const answered = isBack || isNote ? before : { ...before, awaitingReplySince: null }
    const problem = await putBack(shared, before, patch, answered, isBack ? text : undefined)
    return problem ?? (isBack || isNote ? null : own.wentOut)
  })
  await goOn(shared, before.id)
}

function ownWords({ zone, words }: Shared): FollowWords {
  return nameRecords(followWords[zone.locale], words.record, words.records)
}

async function change(shared: Shared, id: string, patch: Patch): Promise<boolean> {
  const answer = await shared.client.update(id, patch)
  if (!answer.ok) offer(shared, problemText(shared.words, answer.error), null)
  return answer.ok
}

function offer({ done }: Shared, said: string, undo: (() => Promise<string | null>) | null): void {
  const at = Date.now()
  const bar = <Done key={at} said={said} undo={undo} at={at} onLeave={leave} />
  function leave(): void {
    if (done.peek() === bar) done.value = null
  }
  done.value = bar
}

/** Only where nobody changed it meanwhile; answers why it could not be. */
async function putBack(
  shared: Shared,
  before: OwnConversation,
  { status, assigneeId }: Patch,
  { awaitingReplySince: since, answeredCount }: Pick<OwnConversation, 'awaitingReplySince' | 'answeredCount'>,
  draft?: string,
): Promise<string | null> {
  const { client, words, inline, go } = shared
  const { id } = before
  const now = client.conversation(id).peek()
  const isOurs = now === undefined || (status === undefined ? (now.assignee?.id ?? null) === assigneeId : now.status === status)
  if (!isOurs) return ownWords(shared).changed
  const answer = await client.update(id, {
    ...(status === undefined ? { assigneeId: before.assignee?.id ?? null } : { status: before.status, snoozedUntil: before.snoozedUntil }),
    ...(status === 'closed' && since !== null ? { unanswered: { answeredCount, since } } : {}),
  })
  if (!answer.ok) return problemText(words, answer.error)
  if (status !== undefined && !inline) go({ at: 'thread', conversationId: id, target: draft === undefined ? {} : { draft } })
  return null
}

/** The client who waits longest, of those that no colleague has; else the list. Not where one went on by oneself, or a round does. */
async function goOn({ client, inline, view, round, me, go }: Shared, from: string): Promise<void> {
  const isHere = () => {
    const now = view.peek()
    return now.at === 'thread' && now.conversationId === from
  }
  if (inline || !isHere() || round.peek()?.current === from) return
  const asked = `/api/conversations?status=open&awaiting=true&sort=waiting&limit=${MOST}`
  const answer = await client.http<{ items?: OwnConversation[] }>('GET', asked)
  const waiting = (answer.ok && answer.items) || []
  const next = waiting.find(({ id, assignee }) => id !== from && (assignee === null || assignee.id === me))
  if (isHere()) go(next ? { at: 'thread', conversationId: next.id, target: {} } : { at: 'inbox' })
}
