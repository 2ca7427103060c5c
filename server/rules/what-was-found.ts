// Turns the feed's findings into changes to be told and acted on. The feed does not say why something changed: where that decides
// who hears of it, rather too many hear than too few.
import { isSettled, isToFetch, type Follows, waitingLine } from './what-follows.ts'
import type { Changes, Feed } from '../store/records.ts'

/** A message that entered longer ago than this goes on in its way out; only who looks at it is told. */
const FRESH_MS = 60_000

export interface Found {
  told: Changes[]
  follows: Follows
}

export function whatWasFound(orgId: string, { conversations, messages, left }: Feed): Found {
  const follows: Follows = { wake: [], release: [], settle: [], schedule: [], fetch: messages.some(({ message }) => isToFetch(message)) }
  const released = new Set<string>()
  const told = { other: [], entered: [], progress: [] } as Record<Changes['news'], Changes['messages']>
  for (const { message, lineId, sender, moved, enteredMsAgo } of messages) {
    const isFresh = enteredMsAgo !== null && enteredMsAgo < FRESH_MS
    const isNew = message.status === 'queued' || message.status === 'scheduled' || isFresh
    told[message.direction !== 'outbound' || moved ? 'other' : isNew ? 'entered' : 'progress'].push(message)
    if (message.status === 'scheduled' && message.dueAt !== null) follows.schedule.push(Date.parse(message.dueAt))
    if (lineId === null || sender === null) continue
    if (message.status === 'queued') follows.wake.push(waitingLine(orgId, message, { lineId, sender }, message.id))
    if (!isSettled(message)) continue
    follows.settle.push(message.id)
    released.add(lineId)
  }
  const change = (news: Changes['news']): Changes => ({
    orgId,
    news,
    conversations: news === 'other' ? conversations : [],
    messages: told[news],
    left: news === 'other' ? left.map(({ key: _key, ...one }) => one) : [],
    released: [],
  })
  return { told: [change('other'), change('entered'), change('progress')], follows: { ...follows, release: [...released] } }
}
