// Chooses the adapter by the address. Imported only then, so that a server on SQLite never loads mongoose.
import type { Clock } from '../clock.ts'
import type { NewId } from '../ids.ts'
import type { CopyEnd } from './copy-end.ts'
import type { Store } from './store.ts'

export interface StoreParts {
  clock: Clock
  newId: NewId
}

/** `sqlite:<file>`, a path that is relative to the working directory, or `mongodb://…`. */
export async function openStore(databaseUrl: string, { clock, newId }: StoreParts): Promise<Store> {
  if (databaseUrl.startsWith('sqlite:')) {
    const { openSqliteStore } = await import('./sqlite/open.ts')
    return openSqliteStore({ file: databaseUrl.slice('sqlite:'.length), clock, newId })
  }
  const { openMongoStore } = await import('./mongo/open.ts')
  return openMongoStore({ url: databaseUrl, clock, newId })
}

/** The same database as one end of a copy. */
export async function openCopyEnd(databaseUrl: string, parts: StoreParts): Promise<CopyEnd> {
  if (databaseUrl.startsWith('sqlite:')) {
    const { openSqliteCopy } = await import('./sqlite/copy-end.ts')
    return openSqliteCopy(databaseUrl.slice('sqlite:'.length), parts)
  }
  const { openMongoCopy } = await import('./mongo/copy-end.ts')
  return openMongoCopy(databaseUrl, parts)
}
