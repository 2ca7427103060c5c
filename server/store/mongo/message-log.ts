// The message log: each filter by the index of its way (rules/log-filter.ts); the rest of it is asked of the database, too.
import type mongoose from 'mongoose'
import type { Message } from '../../../shared/model.ts'
import { asksOfFailures, type LogBranch, logBranches, meetsFailures } from '../../rules/log-filter.ts'
import { createMatcher, messageTexts } from '../../rules/search.ts'
import type { LogFilter, Page, PageRequest, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { flushOrg } from './flush.ts'
import { pageOfMessages, type Way } from './messages.ts'
import { ownAuthors } from './schema.ts'
import { inScope, scopeHolds } from './show.ts'

type Filter = mongoose.mongo.Filter<MessageDoc>

/** Newest first. A page may be short, or empty, and still have a next one. */
export async function messageLog(db: Database, viewer: Viewer, filter: LogFilter, page: PageRequest): Promise<Page<Message>> {
  if (filter.coordinationId !== undefined && !scopeHolds(viewer.scope, filter.coordinationId)) return { items: [], nextCursor: null }
  await flushOrg(db, viewer.orgId)
  const ways = await waysOf(db, viewer, filter)
  const test = createTest(db, filter)
  return pageOfMessages(db, ways, page, { planned: true, ...(test && { matches: test }) })
}

/** What only a look at the document answers; null: nothing is left. */
export function createTest(db: Pick<Database, 'clock'>, filter: LogFilter): ((doc: MessageDoc) => boolean) | null {
  const matches = createMatcher(filter.q)
  if (matches === null && !asksOfFailures(filter)) return null
  const now = db.clock.now()
  return (doc) => {
    const { direction, status, error, text, expiresAt, putAway = false, media = [] } = doc
    const facts = { direction, status, error, text, expiresAt, putAway, hasMedia: media.length > 0 }
    return meetsFailures(filter, facts, now) && (matches === null || matches(messageTexts(doc)))
  }
}

async function waysOf(db: Database, viewer: Viewer, filter: LogFilter): Promise<Way[]> {
  const base = conditionsOf(viewer, filter)
  const { conversationId, contactId, coordinationId } = filter
  if (contactId !== undefined) return [{ filter: base, index: byTime('contactId') }]
  if (coordinationId !== undefined) return [{ filter: base, index: byTime('coordinationId') }]
  if (conversationId === undefined)
    return logBranches(filter).map((branch) => ({
      filter: { ...base, ...branchQuery(branch, filter) } as Filter,
      ...(branch.by === 'internal' || (branch.by === 'author_type' && branch.type === 'system')
        ? {}
        : { index: byTime(fields[branch.by]) }),
    }))
  // A thread has no index by time; its client's messages have.
  const thread = await db.conversations.findOne({ _id: conversationId, orgId: viewer.orgId }, { projection: { contactId: 1 } })
  return thread === null ? [] : [{ filter: { ...base, contactId: thread.contactId }, index: byTime('contactId') }]
}

const byTime = (field: string) => `orgId_1_${field}_1_createdAt_-1__id_-1`
/** Notes have theirs among what entered alone: there is nothing else it could be confused with. */
const fields = {
  ...{ error_code: 'error.code', error_reason: 'error.reason', author: 'author.id', author_type: 'author.type' },
  ...{ status: 'status', channel: 'channel', internal: 'direction' },
} as const

export function conditionsOf({ orgId, scope }: Viewer, filter: LogFilter): Filter {
  const { statuses, direction, channel, authorType, authorId, conversationId, coordinationId, contactId, from, to } = filter
  const time = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) }
  return {
    orgId,
    ...inScope(scope),
    ...(coordinationId === undefined ? {} : { coordinationId }),
    ...(statuses === undefined ? {} : { status: { $in: [...statuses] } }),
    ...(direction === undefined ? {} : { direction }),
    ...(channel === undefined ? {} : { channel }),
    ...(authorType === undefined ? {} : { 'author.type': authorType }),
    ...(authorId === undefined ? {} : { 'author.id': authorId }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(contactId === undefined ? {} : { contactId }),
    ...(Object.keys(time).length > 0 ? { createdAt: time } : {}),
  }
}

/** The conditions of a partial index stand in the query, too: without them some servers do not use it. */
function branchQuery(branch: LogBranch, { authorType, direction = 'internal' }: LogFilter): Filter {
  switch (branch.by) {
    case 'error_code':
      return { status: 'failed', 'error.code': branch.code }
    case 'error_reason':
      return { status: 'failed', 'error.reason': branch.reason }
    case 'author':
      return { 'author.id': branch.id, 'author.type': ownAuthor(authorType) }
    case 'author_type':
      // What the system says stands in threads alone, as what is internal.
      return branch.type === 'system' ? { direction, 'author.type': 'system' } : { 'author.type': ownAuthor(branch.type) }
    case 'status':
      return { status: branch.status }
    case 'internal':
      return { direction: 'internal' }
    case 'channel':
      return { channel: branch.channel }
  }
}

const ownAuthor = (type: string | undefined) => ({ ...(type === undefined ? {} : { $eq: type }), ...ownAuthors['author.type'] })
