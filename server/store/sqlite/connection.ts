// One connection to the file: its settings, its prepared statements, its faults told as domain errors.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { DomainError } from '../../../shared/problems.ts'
import { fileFaultOf } from './file-faults.ts'
import { createMemory, type OwnMemory } from './memory.ts'
import { createPrepare, type Prepared } from './prepare.ts'

export interface Connection {
  db: DatabaseSync
  get<Row>(text: string, ...values: SQLInputValue[]): Row | undefined
  all<Row>(text: string, ...values: SQLInputValue[]): Row[]
  /** Rows one by one; leave the loop early and the rest is never read. */
  each<Row>(text: string, ...values: SQLInputValue[]): Iterable<Row>
  /** Number of rows changed. */
  run(text: string, ...values: SQLInputValue[]): number
  memory: OwnMemory
  close(): void
}

const RETRY_AFTER_S = 2

/** A fault of disk or file as `unavailable`, without the file's name, since callers read it; anything else, a bug, as it is. */
export function asDomainError(error: unknown, always = false): unknown {
  if (error instanceof DomainError) return error
  const known = fileFaultOf(error)
  const closed = (error as { code?: unknown } | null)?.code === 'ERR_INVALID_STATE'
  if (known === null && !closed && !always) return error
  const what = known === null ? 'The database cannot be used.' : `The database cannot be used: ${known.what}. ${known.toDo}`
  return new DomainError('unavailable', what, { cause: error, retryAfter: RETRY_AFTER_S })
}

export function connect(file: string, options: { readOnly: boolean; onPrepare?: ((text: string) => void) | undefined }): Connection {
  const db = new DatabaseSync(file, { readOnly: options.readOnly, timeout: 2000, enableForeignKeyConstraints: true })
  const statements = new Map<string, Prepared>()
  const prepareNew = createPrepare(db)
  const memory = createMemory()
  const prepare = (text: string) => {
    const known = statements.get(text)
    if (known) return known
    const made = prepareNew(text)
    statements.set(text, made)
    options.onPrepare?.(text)
    return made
  }
  const reading = (text: string) => {
    const { statement, writes } = prepare(text)
    // With RETURNING: it writes too.
    for (const table of writes) memory.wrote(table)
    return statement
  }
  const guarded = <T>(task: () => T): T => {
    try {
      return task()
    } catch (error) {
      throw asDomainError(error)
    }
  }
  return {
    db,
    memory,
    get: <Row>(text: string, ...values: SQLInputValue[]) => guarded(() => reading(text).get(...values) as Row | undefined),
    all: <Row>(text: string, ...values: SQLInputValue[]) => guarded(() => reading(text).all(...values) as Row[]),
    each: <Row>(text: string, ...values: SQLInputValue[]) => guarded(() => reading(text).iterate(...values) as Iterable<Row>),
    run: (text, ...values) =>
      guarded(() => {
        const { statement, writes } = prepare(text)
        const changes = Number(statement.run(...values).changes)
        if (changes > 0) for (const table of writes) memory.wrote(table)
        return changes
      }),
    close() {
      statements.clear()
      if (db.isOpen) db.close()
    },
  }
}

/** WAL with a sync at every commit: what was acknowledged survives also a power cut. */
export function configure(connection: Connection): void {
  connection.db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -65536;
    PRAGMA temp_store = MEMORY;
    -- A file that may only be read opens all the same, and can even be begun with: only a write shows it.
    BEGIN IMMEDIATE;
    UPDATE feed SET value = value WHERE one = 1;
    ROLLBACK;
  `)
}
