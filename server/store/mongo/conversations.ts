// Conversations found, made and listed.
import type mongoose from 'mongoose'
import { createMatcher } from '../../rules/search.ts'
import type {
  Changes,
  ConversationFilter,
  ConversationState,
  OpenRequest,
  OwnConversationState,
  Page,
  PageRequest,
  Viewer,
} from '../records.ts'
import { tellContact } from './contacts.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc } from './documents.ts'
import { loadConversation, flushPage } from './flush.ts'
import { addressKey, findContactId, identify } from './identify.ts'
import { takeLine } from './line.ts'
import { takeConversation } from './place.ts'
import { putOnLine } from './put-on-line.ts'
import { readParts, writePosition } from './position.ts'
import { unreadOf } from '../../../shared/unread.ts'
import { toConversation } from './rows.ts'
import { inScope, scopeHolds, showOwn } from './show.ts'
import { repeat } from './write.ts'

export function openConversation(
  db: Database,
  request: OpenRequest,
): Promise<{ created: boolean; conversation: ConversationState; changes: Changes }> {
  const { orgId, keys, now } = request
  const identity = { ...request, aliases: [], attributes: {}, typed: true, names: { agent: request.name } }
  return repeat(async () => {
    const { contact, renamed } = await identify(db, identity, { id: await findContactId(db, orgId, keys), contact: null }, now)
    const { line } = await takeLine(db, { ...request, contactId: contact._id })
    const { created, doc } = await takeConversation(db, line, contact, request.coordinationId, now)
    const put = doc.lineId === line._id ? null : await putOnLine(db, doc, line)
    const told = [...(put ? [put] : []), ...(renamed ? await tellContact(db, contact) : [])]
    const latest = await loadConversation(db, { _id: doc._id, orgId })
    if (!latest) return undefined
    const conversation = toConversation(latest)
    const others = told.filter((one) => one._id !== latest._id).map(toConversation)
    const changed = created || told.some((one) => one._id === latest._id)
    return { created, conversation, changes: { ...noChanges(orgId), conversations: changed ? [conversation, ...others] : others } }
  })
}

export async function conversation(db: Database, viewer: Viewer, id: string): Promise<OwnConversationState | null> {
  const doc = await loadConversation(db, { _id: id, orgId: viewer.orgId, ...inScope(viewer.scope) })
  return doc && ((await showOwn(db, viewer, [doc]))[0] ?? null)
}

type Filter = mongoose.mongo.Filter<ConversationDoc>
/** A stretch of the list: which documents, and their order. */
interface Phase {
  filter: Filter
  field: 'activityAt' | 'awaitingSince' | null
  direction: 1 | -1
}

/** Most documents that one page of a search looks at. */
const SCAN = 2000

/** Newest activity first, or who waits longest; those without any person's word come last, where they are asked for. */
export async function conversations(
  db: Database,
  viewer: Viewer,
  filter: ConversationFilter,
  page: PageRequest,
): Promise<Page<OwnConversationState>> {
  const base = await queryOf(db, viewer, filter)
  if (base === null) return { items: [], nextCursor: null }
  const phases = phasesOf(filter)
  const keeps = await keeper(db, viewer, filter)
  const kept: ConversationDoc[] = []
  const [first, value, id] = readParts(page.cursor, ['number', 'number', 'string']) ?? []
  let number = typeof first === 'number' && first >= 0 ? Math.floor(first) : 0
  let position: (number | string | null)[] = [number, value ?? null, id ?? null]
  const answer = async (next: (number | string | null)[] | null) => ({
    items: await showOwn(db, viewer, await flushPage(db, kept)),
    nextCursor: writePosition(next),
  })
  let scanned = 0
  for (; number < phases.length; number++) {
    const phase = phases[number]
    if (!phase) break
    if (position[0] !== number) position = [number, null, null]
    for (;;) {
      const batch = keeps ? 200 : page.limit + 1
      const found = await stretch(db, base, phase, position, batch)
      const kind = keeps ? await keeps(found) : () => true
      for (const doc of found) {
        if (kind(doc)) {
          if (kept.length === page.limit) return answer(position)
          kept.push(doc)
        }
        position = [number, phase.field === null ? null : doc[phase.field], doc._id]
      }
      scanned += found.length
      if (found.length < batch) break
      if (scanned >= SCAN) return answer(position)
    }
  }
  return answer(null)
}

async function stretch(
  db: Database,
  base: Filter,
  phase: Phase,
  position: readonly (number | string | null)[],
  limit: number,
): Promise<ConversationDoc[]> {
  const [, value, id] = position
  const beyond = phase.direction === 1 ? '$gt' : '$lt'
  const from: Record<string, unknown> = {}
  if (typeof id === 'string' && phase.field === null) from._id = { [beyond]: id }
  else if (typeof id === 'string' && phase.field !== null && typeof value === 'number') {
    from[phase.field] = { [`${beyond}e`]: value }
    from.$or = [{ [phase.field]: { [beyond]: value } }, { _id: { [beyond]: id } }]
  }
  return db.conversations
    .find({ $and: [base, phase.filter, from as Filter] }, { projection: { recent: 0 } })
    .sort(phase.field === null ? { _id: phase.direction } : { [phase.field]: phase.direction, _id: phase.direction })
    .limit(limit)
    .toArray()
}

function phasesOf(filter: ConversationFilter): Phase[] {
  const withIdle =
    filter.automated || filter.coordinationId !== undefined || filter.contactId !== undefined || filter.phoneKeys !== undefined
  const active: Phase = { filter: { activityAt: { $gt: 0 } }, field: 'activityAt', direction: -1 }
  const idle: Phase = { filter: { activityAt: null }, field: null, direction: -1 }
  const rest = withIdle ? [active, idle] : [active]
  if (filter.sort === 'activity') return rest
  const waiting: Phase = { filter: { awaitingSince: { $gt: 0 } }, field: 'awaitingSince', direction: 1 }
  return [waiting, ...rest.map((phase) => ({ ...phase, filter: { $and: [phase.filter, { awaitingSince: null }] } }))]
}

/** Null: nothing can match. */
async function queryOf(db: Database, viewer: Viewer, filter: ConversationFilter): Promise<Filter | null> {
  const { orgId, scope } = viewer
  const query: Record<string, unknown> = { orgId, ...inScope(scope) }
  if (filter.coordinationId !== undefined) {
    if (!scopeHolds(scope, filter.coordinationId)) return null
    query.coordinationId = filter.coordinationId
  }
  if (filter.unfiled) {
    if (scope !== null || filter.coordinationId !== undefined) return null
    query.coordinationId = null
  }
  if (filter.channel !== undefined) query.channel = filter.channel
  if (filter.status !== undefined) query.status = filter.status
  if (filter.assignee === 'none') query.assignee = null
  else if (filter.assignee !== undefined) query['assignee.id'] = filter.assignee
  // The second condition is the index's own: without it some servers do not use it.
  if (filter.tag !== undefined) Object.assign(query, { tags: filter.tag, 'tags.0': { $exists: true } })
  if (filter.unread) query.unanswered = { $gt: 0 }
  if (filter.awaiting) query.awaitingSince = { $gt: 0 }
  if (filter.failed) query['failures.0'] = { $exists: true }
  if (filter.contactId !== undefined) query.contactId = filter.contactId
  if (filter.phoneKeys !== undefined) {
    const found = await db.addresses.find({ _id: { $in: filter.phoneKeys.map((key) => addressKey(orgId, key)) } }).toArray()
    const ids = found.map((address) => address.contactId).filter((id) => filter.contactId === undefined || id === filter.contactId)
    if (ids.length === 0) return null
    query.contactId = { $in: [...new Set(ids)] }
  }
  return query as Filter
}

/** Conditions that only a look at the document answers. Null: none is asked. */
async function keeper(db: Database, viewer: Viewer, filter: ConversationFilter) {
  const matches = createMatcher(filter.q)
  if (!matches && !filter.unread) return null
  return async (docs: readonly ConversationDoc[]): Promise<(doc: ConversationDoc) => boolean> => {
    const ids = docs.map((doc) => doc._id)
    const { orgId, agentId } = viewer
    const readers = filter.unread && ids.length > 0 ? await db.readers.find({ orgId, conversationId: { $in: ids }, agentId }).toArray() : []
    const readCount = new Map(readers.map((reader) => [reader.conversationId, reader.readCount]))
    return (doc) => {
      if (filter.unread && unreadOf(doc, readCount.get(doc._id) ?? 0) === 0) return false
      return !matches || matches([doc.contactName, doc.phone, doc.address, doc.record?.title, doc.lastMessage?.text])
    }
  }
}
