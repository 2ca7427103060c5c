// A database as one end of a copy. What killed processes left half done is completed first.
import type { CopyEnd } from '../copy-end.ts'
import type { StoreParts } from '../open-store.ts'
import { keepFirst } from './agents.ts'
import { completeAll } from './complete-left.ts'
import { readCopied } from './copy-read.ts'
import { writeCopied } from './copy-write.ts'
import { processes } from './feed.ts'
import { openDatabase } from './open.ts'
import { insertOnce } from './write.ts'

/** @throws DomainError `unavailable` where the database does not answer or has a newer schema. */
export async function openMongoCopy(url: string, parts: StoreParts): Promise<CopyEnd> {
  const { db, close } = await openDatabase({ url, ...parts, upkeep: false, copying: true })
  try {
    const servers = async () => (await processes(db)).ids.length
    // Else it would go on for as long as they do: a copy is refused then.
    if ((await servers()) === 0) await completeAll(db)
    const id = await keepFirst(db, 'database', db.newId())
    return {
      id,
      servers,
      async organizations() {
        const lists = [
          db.contacts,
          db.coordinations,
          db.agents,
          db.pushSubscriptions,
          db.templates,
          db.settings,
          db.deliveries,
          db.campaigns,
          db.leases,
          db.callbacks,
        ].map((one) => one.distinct('orgId'))
        const found = await Promise.all([...lists, db.recoveries.distinct('_id')])
        return [...new Set(found.flat() as string[])].sort()
      },
      read: (kind, orgId, after, limit) => readCopied(db, kind, orgId, after, limit),
      write: (kind, orgId, rows) => writeCopied(db, kind, orgId, rows),
      mark: async () => (await db.kept.findOne({ _id: 'copy' }))?.value ?? null,
      async setMark(value) {
        await insertOnce(db.kept, { _id: 'copy', value }, { _id: 'copy' })
        await db.kept.updateOne({ _id: 'copy' }, { $set: { value } })
      },
      now: db.now,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
