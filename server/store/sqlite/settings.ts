// What people set up: read by kind and name, changed by a rule.
import { decideSetting } from '../../rules/setting.ts'
import type { Setting, SettingChanged, SettingKind, SettingRule } from '../records.ts'
import type { Sqlite } from './sqlite.ts'

export interface SettingRow {
  org_id: string
  kind: SettingKind
  name: string
  value: string
  rev: number
  created_at: number
  updated_at: number
}

export const toSetting = ({ kind, name, value, rev, created_at, updated_at }: SettingRow): Setting => ({
  ...{ kind, name, value: JSON.parse(value) as Setting['value'], rev },
  ...{ createdAt: created_at, updatedAt: updated_at },
})

export const rowOfSetting = (orgId: string, { kind, name, value, rev, createdAt, updatedAt }: Setting): SettingRow => ({
  ...{ org_id: orgId, kind, name, value: JSON.stringify(value), rev },
  ...{ created_at: createdAt, updated_at: updatedAt },
})

export function setting(sql: Sqlite, orgId: string, kind: SettingKind, name: string): Setting | null {
  const row = sql.get<SettingRow>('SELECT * FROM settings WHERE org_id = ? AND kind = ? AND name = ?', orgId, kind, name)
  return row ? toSetting(row) : null
}

export function settings(sql: Sqlite, orgId: string, kind: SettingKind): Setting[] {
  return sql.all<SettingRow>('SELECT * FROM settings WHERE org_id = ? AND kind = ? ORDER BY name', orgId, kind).map(toSetting)
}

export function changeSetting(
  sql: Sqlite,
  orgId: string,
  kind: SettingKind,
  name: string,
  decide: SettingRule,
  now: number,
): Promise<SettingChanged> {
  return sql.write(() => {
    const done = decideSetting(setting(sql, orgId, kind, name), kind, name, decide, now)
    if (!done.changed) return done
    sql.run('DELETE FROM settings WHERE org_id = ? AND kind = ? AND name = ?', orgId, kind, name)
    if (done.after !== null) {
      const row = rowOfSetting(orgId, done.after)
      const columns = Object.keys(row) as (keyof SettingRow)[]
      const marks = columns.map(() => '?').join(', ')
      sql.run(`INSERT INTO settings (${columns.join(', ')}) VALUES (${marks})`, ...columns.map((column) => row[column]))
    }
    return done
  })
}
