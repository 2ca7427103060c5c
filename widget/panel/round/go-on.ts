// A round goes to the next client who waits, the longest wait first, as the server knows them at that moment.
import type { OwnConversation } from '../../../shared/model.ts'
import type { Round, RoundWord, Shared } from '../shared-state.ts'

const WAITING = '/api/conversations?status=open&awaiting=true&sort=waiting&limit=100'

export type RoundParts = Pick<Shared, 'client' | 'round' | 'inbox' | 'record' | 'announce' | 'go'>
export type Passed = Readonly<Record<string, string>>

/** Who wrote again since the round passed them waits again. */
export function stillToCome(waiting: readonly OwnConversation[], passed: Passed): OwnConversation[] {
  return waiting.filter(({ id, awaitingReplySince }) => (awaitingReplySince ?? '') > (passed[id] ?? ''))
}

/** The colleague who answered last; undefined: nobody but the agent or the client wrote last. */
export function answeredBy(conversation: OwnConversation | undefined, me: string | null): string | undefined {
  const last = conversation?.lastMessage
  return last?.direction === 'outbound' && last.author.type === 'agent' && last.author.id !== me ? last.author.name : undefined
}

let busy = false

/** `after`: the conversation that the round leaves now, and what is to be said of it. */
export async function goOn(
  { client, round, inbox, record, announce, go }: RoundParts,
  after?: { conversation: OwnConversation; words: RoundWord[] },
): Promise<void> {
  if (busy) return
  busy = true
  try {
    const before = round.peek() ?? { current: null, passed: {}, ahead: [], left: 0, words: [], isDone: false }
    const left = after?.conversation
    const passed = left
      ? { ...before.passed, [left.id]: left.awaitingReplySince ?? new Date(Date.now() - client.clockSkewMs.peek()).toISOString() }
      : before.passed
    const answer = await client.http<{ items: OwnConversation[] }>('GET', WAITING)
    if (!answer.ok) {
      round.value = { ...before, words: [{ kind: 'failed' }] }
      return
    }
    const coming = stillToCome(answer.items, passed)
    const [next, ...rest] = coming
    const me = client.ready.peek()?.agent.id ?? null
    const gone = before.ahead.filter(({ id }) => id !== left?.id && !answer.items.some((one) => one.id === id))
    const words: RoundWord[] = [...(after?.words ?? [])]
    for (const one of gone) {
      const by = answeredBy(client.conversation(one.id).peek(), me)
      if (by) words.push({ kind: 'first', by, name: one.name })
    }
    const now: Round = {
      current: next?.id ?? null,
      passed,
      ahead: rest.map(({ id, contact }) => ({ id, name: contact.name })),
      left: rest.length,
      words,
      isDone: next === undefined,
    }
    round.value = now
    if (!next) {
      inbox.filter = 'awaiting'
      go({ at: 'inbox' })
      return
    }
    inbox.activeId = next.id
    go({ at: 'thread', conversationId: next.id, target: {} })
    announce(next.contact.name)
    if (next.coordinationId !== null) record.open(next.coordinationId)
  } finally {
    busy = false
  }
}
