// The schema's versions, forward only, each in a transaction of its own. `user_version` says which one a file has.
import type { DatabaseSync } from 'node:sqlite'
import { DomainError } from '../../../shared/problems.ts'
import { sortNameOf } from '../../rules/contact.ts'
import { version1 } from './schema.ts'
import { agentTables } from './schema-agents.ts'
import { campaignTables } from './schema-campaigns.ts'
import { askedColumns } from './schema-asked.ts'
import { countIndexes } from './schema-counts.ts'
import { deliveryTable } from './schema-deliveries.ts'
import { externalIdIndex } from './schema-external-ids.ts'
import { failureColumns } from './schema-failures.ts'
import { enteredIndex } from './schema-entered.ts'
import { feedColumns } from './schema-feed.ts'
import { optOutColumns } from './schema-opt-outs.ts'
import { logIndexes } from './schema-log.ts'
import { mediaColumns } from './schema-media.ts'
import { namedFiles } from './schema-named-files.ts'
import { planColumns } from './schema-plans.ts'
import { recoveryTables } from './schema-recovery.ts'
import { sensitiveIndex } from './schema-sensitive.ts'
import { settingTable } from './schema-settings.ts'
import { templateTables } from './schema-templates.ts'
import { urlColumn } from './schema-url.ts'

export interface Migration {
  version: number
  up(db: DatabaseSync, storeId: string): void
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    up(db, storeId) {
      db.exec(version1)
      db.prepare('INSERT INTO feed (one, value, store_id) VALUES (1, 0, ?)').run(storeId)
    },
  },
  { version: 2, up: (db) => db.exec(agentTables) },
  { version: 3, up: (db) => db.exec(recoveryTables) },
  { version: 4, up: (db) => db.exec(countIndexes) },
  { version: 5, up: addSortNames },
  { version: 6, up: (db) => db.exec(askedColumns) },
  { version: 7, up: (db) => db.exec(enteredIndex) },
  { version: 8, up: (db) => db.exec(feedColumns) },
  { version: 9, up: (db) => db.exec(urlColumn) },
  { version: 10, up: (db) => db.exec(failureColumns) },
  { version: 11, up: (db) => db.exec(optOutColumns) },
  { version: 12, up: (db) => db.exec(templateTables) },
  { version: 13, up: (db) => db.exec(mediaColumns) },
  { version: 14, up: (db) => db.exec(settingTable) },
  { version: 15, up: (db) => db.exec(sensitiveIndex) },
  { version: 16, up: (db) => db.exec(deliveryTable) },
  { version: 17, up: (db) => db.exec(planColumns) },
  { version: 18, up: (db) => db.exec(namedFiles) },
  { version: 19, up: (db) => db.exec(campaignTables) },
  { version: 20, up: (db) => db.exec(externalIdIndex) },
  { version: 21, up: (db) => db.exec(logIndexes) },
]

/** Contacts are listed by their names without case and accents. */
function addSortNames(db: DatabaseSync): void {
  db.function('sort_name', { deterministic: true }, (name) => sortNameOf(String(name)))
  db.exec(`
    ALTER TABLE contacts ADD COLUMN sort_name TEXT NOT NULL DEFAULT '';
    UPDATE contacts SET sort_name = sort_name(name);
    DROP INDEX contacts_by_name;
    CREATE INDEX contacts_by_sort_name ON contacts (org_id, sort_name, id);`)
}

/** 'HILO': tells our files from other programs' databases. */
const APPLICATION_ID = 0x48494c4f

/**
 * Brings the file to the newest version. A file that is at it already is only read.
 *
 * @throws DomainError `unavailable`, with what to do, for a newer schema or another program's database.
 */
export function migrate(db: DatabaseSync, file: string, storeId: string, steps: readonly Migration[] = migrations): void {
  const newest = steps.at(-1)?.version ?? 0
  const version = checkSchema(db, file, newest)
  if (version === 0) db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  for (const step of steps) {
    if (step.version <= version) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      step.up(db, storeId)
      db.exec(`PRAGMA user_version = ${step.version}`)
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}

/** The version of a file that this program may read; 0: a new one. */
export function checkSchema(db: DatabaseSync, file: string, newest: number = migrations.at(-1)?.version ?? 0): number {
  const number = (pragma: string) => Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] ?? 0)
  const version = number('user_version')
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0)
  if (tables > 0 && number('application_id') !== APPLICATION_ID)
    throw new DomainError('unavailable', `${file} is not a Hilo database. Give another file in DATABASE_URL.`)
  if (version > newest)
    throw new DomainError(
      'unavailable',
      `${file} has schema version ${version}; this Hilo knows versions up to ${newest}. Start the newer Hilo that wrote it, or restore a backup.`,
    )
  return tables === 0 ? 0 : version
}
