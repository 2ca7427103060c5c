// A database file of its own for each case of a suite, with every store that the case opened closed behind it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { createIds } from '../../server/ids.ts'
import { openSqliteStore, type SqliteOptions } from '../../server/store/sqlite/open.ts'
import type { Store } from '../../server/store/store.ts'

export const newId = createIds(() => Date.now())

/** To be called once, by the suite; `folder` and `file` are those of the case that runs. */
export function useSqliteFile() {
  const opened: Store[] = []
  const own = {
    folder: '',
    file: '',
    async open(options: Partial<SqliteOptions> = {}): Promise<Store> {
      const store = await openSqliteStore({ file: own.file, clock: { now: () => Date.now() }, newId, ...options })
      opened.push(store)
      return store
    },
  }
  beforeEach(() => {
    own.folder = mkdtempSync(join(tmpdir(), 'hilo-sqlite-'))
    own.file = join(own.folder, 'hilo.db')
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    rmSync(own.folder, { recursive: true, force: true })
  })
  return own
}
