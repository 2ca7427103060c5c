// Under which names the change feed asks whether something is news, and by which number: it only rises.
import type { Feed } from './records.ts'

type Read = Feed['reads'][number]

export const readKey = ({ agentId, conversationId }: Pick<Read, 'agentId' | 'conversationId'>): string =>
  JSON.stringify(['read', agentId, conversationId])
/** Both only rise. */
export const readRev = ({ readCount, readSeq }: Pick<Read, 'readCount' | 'readSeq'>): number => readCount + readSeq
export const recordKey = (id: string): string => JSON.stringify(['record', id])

/** One number for all of them. */
export const templatesKey = (orgId: string): string => JSON.stringify(['templates', orgId])

/** A feed in which nothing changed. */
export const emptyFeed = (cursor: string, full = false): Feed => ({
  cursor,
  conversations: [],
  messages: [],
  left: [],
  reads: [],
  coordinations: [],
  agents: [],
  templates: null,
  full,
})
