// The host's records, read and searched.
import type { Coordination, Message } from '../../../shared/model.ts'
import { createMatcher, recordTexts } from '../../rules/search.ts'
import type { Page, PageRequest, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { CoordinationDoc } from './documents.ts'
import { flushWhere } from './flush.ts'
import { pageOfMessages } from './messages.ts'
import { recordKey } from './place.ts'
import { readPosition, writePosition } from './position.ts'
import { toCoordination } from './rows.ts'
import { scopeHolds } from './show.ts'

const SCAN = 2000

export async function coordination(db: Database, viewer: Viewer, id: string): Promise<Coordination | null> {
  if (!scopeHolds(viewer.scope, id)) return null
  const record = await db.coordinations.findOne({ _id: recordKey(viewer.orgId, id) })
  return record && toCoordination(record)
}

/** The latest saved first. */
export async function coordinations(
  db: Database,
  viewer: Viewer,
  filter: { q?: string; status?: Coordination['status']; phoneKeys?: string[] },
  page: PageRequest,
): Promise<Page<Coordination>> {
  const { orgId, scope } = viewer
  const matches = createMatcher(filter.q)
  const kept: CoordinationDoc[] = []
  const answer = (next: string | null) => ({ items: kept.map(toCoordination), nextCursor: next })
  let position = readPosition(page.cursor)
  for (let scanned = 0; ; ) {
    const batch = matches ? 200 : page.limit + 1
    const found = await db.coordinations
      .find({
        orgId,
        ...(scope === null ? {} : { id: { $in: [...scope] } }),
        ...(filter.status === undefined ? {} : { status: filter.status }),
        ...(filter.phoneKeys === undefined ? {} : { phoneKeys: { $in: filter.phoneKeys } }),
        ...(position
          ? { updatedAt: { $lte: position[0] ?? 0 }, $or: [{ updatedAt: { $lt: position[0] ?? 0 } }, { id: { $lt: position[1] } }] }
          : {}),
      })
      .sort({ updatedAt: -1, id: -1 })
      .limit(batch)
      .toArray()
    for (const record of found) {
      if (!matches || matches(recordTexts(record))) {
        if (kept.length === page.limit) return answer(writePosition(position))
        kept.push(record)
      }
      position = [record.updatedAt, record.id]
    }
    scanned += found.length
    if (found.length < batch) return answer(null)
    if (scanned >= SCAN) return answer(writePosition(position))
  }
}

export async function coordinationMessages(db: Database, viewer: Viewer, id: string, page: PageRequest): Promise<Page<Message> | null> {
  const { orgId, scope } = viewer
  if (!scopeHolds(scope, id)) return null
  const known =
    (await db.conversations.findOne({ orgId, coordinationId: id }, { projection: { _id: 1 } })) ??
    (await db.coordinations.findOne({ _id: recordKey(orgId, id) }, { projection: { _id: 1 } }))
  if (!known) return null
  await flushWhere(db, { orgId, coordinationId: id })
  return pageOfMessages(db, [{ filter: { orgId, coordinationId: id, type: { $ne: 'moved' } } }], page, { planned: false })
}
