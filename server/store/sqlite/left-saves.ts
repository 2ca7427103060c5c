// Saves of many records that are under way: kept whole until the last of them is saved.
import type { CoordinationInput } from '../records.ts'
import type { Sqlite } from './sqlite.ts'

interface LeftSave {
  orgId: string
  inputs: CoordinationInput[]
  now: number
  /** Whatever was written later is newer. */
  feed: number
}

/** Under which name. */
export async function keepSave(sql: Sqlite, orgId: string, inputs: CoordinationInput[], now: number): Promise<string> {
  const name = `save|${sql.newId()}`
  // Before anything is written: one that cannot be kept keeps none.
  const kept = JSON.stringify(inputs)
  await sql.write(() => {
    const value = `{"orgId":${JSON.stringify(orgId)},"now":${now},"feed":${sql.turn()},"inputs":${kept}}`
    sql.run('INSERT INTO kept (name, value) VALUES (?, ?)', name, value)
  })
  return name
}

export function leftSaves(sql: Sqlite): (LeftSave & { name: string })[] {
  return sql
    .all<{ name: string; value: string }>("SELECT name, value FROM kept WHERE name >= 'save|' AND name < 'save}' ORDER BY name")
    .map(({ name, value }) => ({ name, ...(JSON.parse(value) as LeftSave) }))
}

export const dropSave = (sql: Sqlite, name: string): number => sql.run('DELETE FROM kept WHERE name = ?', name)
