// Conversations as callers see them: scope, and each viewer's own numbers.
import type { OwnConversationState, Scope, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { ConversationDoc } from './documents.ts'
import { toOwn } from './rows.ts'

/** With the viewer's own numbers. */
export async function showOwn(db: Database, viewer: Viewer, docs: readonly ConversationDoc[]): Promise<OwnConversationState[]> {
  if (docs.length === 0) return []
  const ids = docs.map((doc) => doc._id)
  const readers = await db.readers.find({ orgId: viewer.orgId, conversationId: { $in: ids }, agentId: viewer.agentId }).toArray()
  const readerOf = new Map(readers.map((reader) => [reader.conversationId, reader]))
  return docs.map((doc) => toOwn(doc, readerOf.get(doc._id)))
}

/** The scope as a filter; what is unfiled is outside every scope. */
export function inScope(scope: Scope): { coordinationId?: { $in: string[] } } {
  return scope === null ? {} : { coordinationId: { $in: [...scope] } }
}

export function scopeHolds(scope: Scope, coordinationId: string | null): boolean {
  return scope === null || (coordinationId !== null && scope.includes(coordinationId))
}
