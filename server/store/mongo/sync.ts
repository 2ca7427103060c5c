// The change feed: what changed since a cursor, by the database's clock, over-reporting rather than missing.
import type { Synced, Viewer } from '../records.ts'
import { viewerHash } from '../viewer-hash.ts'
import { conversations } from './conversations.ts'
import type { Database } from './database.ts'
import type { DepartureDoc } from './documents.ts'
import { flushPage } from './flush.ts'
import { inScope, scopeHolds, showOwn } from './show.ts'
import { CURSOR_LIFE_MS, OVERLAP_MS, readCursor, writeCursor } from './sync-cursor.ts'

export async function sync(db: Database, viewer: Viewer, since: string | null, limit: number): Promise<Synced> {
  const { orgId, scope, agentId } = viewer
  const time = await db.now()
  const cursor = since === null ? null : readCursor(since)
  const usable =
    cursor !== null &&
    cursor.viewer === viewerHash(viewer) &&
    cursor.time >= db.madeAt &&
    time - cursor.time < CURSOR_LIFE_MS &&
    cursor.time <= time + OVERLAP_MS
  const from = new Date(
    Math.min((usable ? cursor.time : time) - OVERLAP_MS, usable && cursor.departedAt > 0 ? cursor.departedAt - OVERLAP_MS : time),
  )
  const departures = (await db.departures.find({ orgId, changedAt: { $gte: from } }).toArray()).filter((one) => concerns(one, viewer))
  const seen = { viewer: viewerHash(viewer), time, ...newestOf(departures, usable ? cursor : null) }
  const full = async (): Promise<Synced> => {
    const page = await conversations(db, viewer, { sort: 'activity' }, { cursor: null, limit })
    return { cursor: writeCursor(seen), conversations: page.items, removed: [], full: true }
  }
  if (!usable) return full()
  const news = departures.filter((one) => timeOf(one) > cursor.departedAt).length > 0
  const late = departures.filter((one) => timeOf(one) >= cursor.departedAt - OVERLAP_MS && timeOf(one) <= cursor.departedAt).length
  if (scope !== null && (news || (cursor.departedAt > 0 && late !== cursor.departed))) return full()

  const changedFrom = new Date(cursor.time - OVERLAP_MS)
  const [changed, readers] = await Promise.all([
    db.conversations
      .find({ orgId, changedAt: { $gte: changedFrom }, ...inScope(scope) }, { projection: { recent: 0 } })
      .sort({ changedAt: 1 })
      .limit(limit + 1)
      .toArray(),
    db.readers
      .find({ orgId, agentId, changedAt: { $gte: changedFrom } }, { projection: { conversationId: 1 } })
      .limit(limit + 1)
      .toArray(),
  ])
  const ids = new Set(changed.map((doc) => doc._id))
  const others = readers.map((reader) => reader.conversationId).filter((id) => !ids.has(id))
  if (changed.length + others.length > limit) return full()
  const read = others.length === 0 ? [] : await db.conversations.find({ orgId, _id: { $in: others }, ...inScope(scope) }).toArray()
  const docs = await flushPage(db, [...changed, ...read])
  const inView = docs.filter((doc) => scopeHolds(scope, doc.coordinationId))
  const removed = departures.filter((one) => one.gone && timeOf(one) >= changedFrom.getTime()).map((one) => one.conversationId)
  return { cursor: writeCursor(seen), conversations: await showOwn(db, viewer, inView), removed, full: false }
}

const timeOf = (departure: DepartureDoc): number => departure.changedAt?.getTime() ?? 0

/** To a scoped viewer: what came into or went out of his scope. To others: what is no more. */
function concerns(departure: DepartureDoc, { scope }: Viewer): boolean {
  if (scope === null) return departure.gone
  const before = scopeHolds(scope, departure.from)
  return before !== scopeHolds(scope, departure.to) || (departure.gone && before)
}

function newestOf(departures: readonly DepartureDoc[], cursor: { departedAt: number; departed: number } | null) {
  const departedAt = Math.max(cursor?.departedAt ?? 0, ...departures.map(timeOf))
  const departed = departures.filter((one) => timeOf(one) >= departedAt - OVERLAP_MS && timeOf(one) <= departedAt).length
  return { departedAt, departed }
}
