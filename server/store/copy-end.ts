// The port of a copy: one database, read or written row by row, with no server on it.
import type { Copied, CopiedKind, RowKey } from './copied.ts'

export interface CopiedPage<K extends CopiedKind> {
  rows: Copied[K][]
  /** Where the next page begins; null: there is none. A page may be empty and still have a next one. */
  next: RowKey | null
}

export interface CopyEnd {
  /** Tells this database from others. */
  id: string
  /** Server processes that are on it now. */
  servers(): Promise<number>
  organizations(): Promise<string[]>
  /** Rows after this key, at most `limit`; `kept` is of no organization. */
  read<K extends CopiedKind>(kind: K, orgId: string, after: RowKey | null, limit: number): Promise<CopiedPage<K>>
  /** Durable when it resolves. Rows that are there already stay as they are. */
  write<K extends CopiedKind>(kind: K, orgId: string, rows: readonly Copied[K][]): Promise<void>
  /** What the last copy into this database noted of itself. */
  mark(): Promise<string | null>
  setMark(mark: string): Promise<void>
  /** By the database's clock. */
  now(): Promise<number>
  close(): Promise<void>
}
