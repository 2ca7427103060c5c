// Remembers readings of tables that seldom change, until one of them is written to. One process owns the file, and every
// write goes through its connection, which tells of it: nothing that is remembered can be out of date.

export interface Memory {
  /**
   * The answer of `read`, or its earlier answer where none of `tables` was written to. Callers share the
   * value: it is not theirs to change. Only for reads inside of a write, which see the newest rows.
   *
   * @param tables every table that `read` looks at.
   * @param key names the read and all that it depends on beside the tables.
   */
  remember<T>(tables: readonly string[], key: string, read: () => T): T
}

export interface OwnMemory extends Memory {
  /** A row of this table was written, moved or erased. */
  wrote(table: string): void
  /** Something was taken back, or written past the connection. */
  forget(): void
}

/** Then it begins anew: a shop's active clients fit in many times. */
const MAX_READS = 20_000

export function createMemory(): OwnMemory {
  const writes = new Map<string, number>()
  const reads = new Map<string, { value: unknown; stamp: number }>()
  /** Rises with every write to any of them. */
  const stampOf = (tables: readonly string[]) => tables.reduce((sum, table) => sum + (writes.get(table) ?? 0), 0)
  return {
    remember<T>(tables: readonly string[], key: string, read: () => T): T {
      const known = reads.get(key)
      const stamp = stampOf(tables)
      if (known?.stamp === stamp) return known.value as T
      const value = read()
      if (reads.size >= MAX_READS) reads.clear()
      // `read` may itself have written.
      reads.set(key, { value, stamp: stampOf(tables) })
      return value
    },
    wrote: (table) => void writes.set(table, (writes.get(table) ?? 0) + 1),
    forget: () => reads.clear(),
  }
}
