// Conversations found, made and listed.
import type { Channel } from '../../../shared/model.ts'
import { unreadOf } from '../../../shared/unread.ts'
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
import { changed } from './changed.ts'
import { findContact } from './contact-row.ts'
import { findConversation, makeConversation, saveConversation, touchConversations } from './conversation-row.ts'
import { takeLine } from './line-row.ts'
import { type Position, readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { conversationsOf, takeContact } from './receive.ts'
import { toConversation, toOwnConversation } from './rows.ts'
import { loadOwn, loadOwnMany, scopeCondition } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

export function openConversation(
  sql: Sqlite,
  request: OpenRequest,
): Promise<{ created: boolean; conversation: ConversationState; changes: Changes }> {
  return sql.write(() => {
    const { orgId, channel, sender, keys, now } = request
    const known = findContact(sql, orgId, keys)
    const { contact, renamed } = takeContact(
      sql,
      { ...request, aliases: [], attributes: {}, typed: true, names: { agent: request.name } },
      known,
      now,
    )
    const others = renamed ? conversationsOf(sql, contact.id) : []
    const line = takeLine(sql, { orgId, channel, sender, keys, address: request.address, phone: request.phone, contactId: contact.id })
    const place = { orgId, channel, sender, contactId: contact.id, coordinationId: request.coordinationId }
    const found = findConversation(sql, place)
    if (found && found.line_id !== line.id && !others.includes(found.id)) {
      found.line_id = line.id
      saveConversation(sql, found)
      others.push(found.id)
    }
    const touched = touchConversations(sql, orgId, others)
    const conversation = toConversation(findConversation(sql, place) ?? makeConversation(sql, place, line.id, now))
    const conversations = found ? touched : [...touched, conversation]
    return { created: !found, conversation, changes: changed(orgId, { conversations }) }
  })
}

export function conversation(sql: Sqlite, viewer: Viewer, id: string): OwnConversationState | null {
  const row = loadOwn(sql, viewer, id)
  return row ? toOwnConversation(row) : null
}

interface ListRow {
  id: string
  place: number | null
  channel: Channel
  status: ConversationState['status']
  tags: string
  assignee_id: string | null
  awaiting_since: number | null
  inbound_count: number
  answered_count: number
  read_count: number | null
  failures: string
  name: string | null
  phone: string | null
  address: string | null
  title: string | null
  text: string | null
}

/** A stretch of the list: its rows' condition, their place in the order, and which way it runs. */
interface Phase {
  condition: string
  place: string
  order: 'ASC' | 'DESC'
  index: string | null
}
const active: Phase = { condition: 'c.activity_at IS NOT NULL', place: 'c.activity_at', order: 'DESC', index: 'conversations_by_activity' }
const idle: Phase = { condition: 'c.activity_at IS NULL', place: 'NULL', order: 'DESC', index: 'conversations_idle' }
const waiting: Phase = {
  condition: 'c.awaiting_since IS NOT NULL',
  place: 'c.awaiting_since',
  order: 'ASC',
  index: 'conversations_waiting',
}

function phasesOf(filter: ConversationFilter): Phase[] {
  const withIdle =
    filter.automated || filter.coordinationId !== undefined || filter.contactId !== undefined || filter.phoneKeys !== undefined
  const rest = withIdle ? [active, idle] : [active]
  if (filter.sort === 'activity') return rest
  return [waiting, ...rest.map((phase) => ({ ...phase, condition: `${phase.condition} AND c.awaiting_since IS NULL` }))]
}

/** Newest activity first (or who waits longest); those without any person's word come last, where they are asked for. */
export function conversations(sql: Sqlite, viewer: Viewer, filter: ConversationFilter, page: PageRequest): Page<OwnConversationState> {
  const phases = phasesOf(filter)
  const from = readCursor(page.cursor, ['number', 'number', 'string'])
  const ids: string[] = []
  let budget = SCAN_BUDGET
  for (let number = Number(from?.[0] ?? 0); number < phases.length; number++) {
    const phase = phases[number]
    if (!phase) break
    const start = from !== null && from[0] === number && from[2] !== null ? from : null
    const rows = stretch(sql, viewer, filter, phase, start)
    const { kept, last, scanned } = scan(rows, page.limit - ids.length, budget, keeper(filter))
    ids.push(...kept.map((row) => row.id))
    budget -= scanned
    if (last) return { items: loadOwnMany(sql, viewer, ids).map(toOwnConversation), nextCursor: writeCursor([number, last.place, last.id]) }
    const more = number + 1 < phases.length
    if (more && (ids.length >= page.limit || budget <= 0))
      return { items: loadOwnMany(sql, viewer, ids).map(toOwnConversation), nextCursor: writeCursor([number + 1, null, null]) }
  }
  return { items: loadOwnMany(sql, viewer, ids).map(toOwnConversation), nextCursor: null }
}

function stretch(sql: Sqlite, viewer: Viewer, filter: ConversationFilter, phase: Phase, start: Position | null): Iterable<ListRow> {
  const scope = scopeCondition(viewer.scope, 'c.coordination_id')
  let where = `c.org_id = ? AND ${phase.condition}${scope.sql}`
  const values: (string | number)[] = [viewer.orgId, ...scope.values]
  // The most selective condition names the index; the planner has no statistics to find it by.
  let index = viewer.scope === null ? phase.index : 'conversations_by_record'
  const also = (condition: string, by: string | null, ...more: string[]) => {
    where += ` AND ${condition}`
    values.push(...more)
    if (by) index = by
  }
  // A condition that no index holds is left to `keeper`, which looks at no more rows than the page's budget.
  const whole = viewer.scope === null && phase === active
  if (filter.assignee !== undefined && filter.assignee !== 'none' && whole)
    also('c.assignee_id = ?', 'conversations_by_assignee', filter.assignee)
  else if ((filter.unread || filter.awaiting) && whole) also('c.inbound_count > c.answered_count', 'conversations_unanswered')
  if (filter.unfiled) also('c.coordination_id IS NULL', phase === waiting ? null : 'conversations_by_record')
  if (filter.coordinationId !== undefined) also('c.coordination_id = ?', 'conversations_by_record', filter.coordinationId)
  if (filter.phoneKeys !== undefined)
    also(
      'c.contact_id IN (SELECT k.contact_id FROM contact_keys k WHERE k.org_id = ? AND k.key IN (SELECT value FROM json_each(?)))',
      'conversations_by_contact',
      viewer.orgId,
      JSON.stringify(filter.phoneKeys),
    )
  if (filter.contactId !== undefined) also('c.contact_id = ?', 'conversations_by_contact', filter.contactId)
  if (start) {
    const beyond = phase.order === 'DESC' ? '<' : '>'
    if (phase.place === 'NULL') also(`c.id ${beyond} ?`, null, String(start[2]))
    else {
      where += ` AND (${phase.place}, c.id) ${beyond} (?, ?)`
      values.push(Number(start[1]), String(start[2]))
    }
  }
  const order = phase.place === 'NULL' ? `c.id ${phase.order}` : `${phase.place} ${phase.order}, c.id ${phase.order}`
  const searched = filter.q !== undefined
  return sql.each<ListRow>(
    `SELECT c.id, ${phase.place} AS place, c.channel, c.status, c.tags, c.assignee_id, c.awaiting_since, c.inbound_count, c.answered_count,
       ${filter.unread ? 'r.read_count' : 'NULL AS read_count'}, c.failures,
       ${searched ? 'p.name, l.phone, l.address, k.title, iif(m.sensitive, NULL, m.text) AS text' : 'NULL AS name, NULL AS phone, NULL AS address, NULL AS title, NULL AS text'}
     FROM conversations c ${index === null ? '' : `INDEXED BY ${index}`}
     ${filter.unread ? 'LEFT JOIN readers r ON r.conversation_id = c.id AND r.agent_id = ?' : ''}
     ${searched ? 'LEFT JOIN messages m ON m.id = c.last_message_id' : ''}
     ${searched ? 'LEFT JOIN lines l ON l.id = c.line_id LEFT JOIN contacts p ON p.id = c.contact_id LEFT JOIN coordinations k ON k.org_id = c.org_id AND k.id = c.coordination_id' : ''}
     WHERE ${where} ORDER BY ${order}`,
    ...(filter.unread ? [viewer.agentId] : []),
    ...values,
  )
}

function keeper(filter: ConversationFilter): (row: ListRow) => boolean {
  const matches = createMatcher(filter.q)
  return (row) =>
    (filter.channel === undefined || row.channel === filter.channel) &&
    (filter.status === undefined || row.status === filter.status) &&
    (filter.assignee === undefined || row.assignee_id === (filter.assignee === 'none' ? null : filter.assignee)) &&
    (!filter.awaiting || row.awaiting_since !== null) &&
    (filter.tag === undefined || (JSON.parse(row.tags) as string[]).includes(filter.tag)) &&
    (!filter.unread || unreadOf({ inboundCount: row.inbound_count, answeredCount: row.answered_count }, row.read_count ?? 0) > 0) &&
    (!filter.failed || row.failures !== '[]') &&
    (matches === null || matches([row.name, row.phone, row.address, row.title, row.text]))
}
