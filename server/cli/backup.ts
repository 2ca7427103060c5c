// A consistent copy of the SQLite database, also while the server runs and writes.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { backupStore } from '../store/sqlite/backup-store.ts'
import { UsageError } from './usage-error.ts'

export async function backUp(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { to: { type: 'string' } } })
  if (values.to === undefined) throw new UsageError('Say where to: --to backup/hilo.db')
  if (!config.databaseUrl.startsWith('sqlite:'))
    throw new UsageError(
      'This command copies SQLite. For MongoDB use mongodump: its archive is consistent and can be restored by mongorestore.',
    )
  const file = config.databaseUrl.slice('sqlite:'.length)
  if (!existsSync(file)) throw new UsageError(`There is no database at ${file}.`)
  if (existsSync(values.to)) throw new UsageError(`${values.to} exists already: choose another name.`)
  await backupStore(file, values.to)
  console.log(`Copied ${file} to ${values.to}.`)
}
