// What people set up: read by kind and name, changed by a rule.
import { decideSetting } from '../../rules/setting.ts'
import type { Setting, SettingChanged, SettingKind, SettingRule } from '../records.ts'
import type { Database } from './database.ts'
import type { SettingDoc } from './documents.ts'
import { insertOnce, repeat } from './write.ts'

export const settingKey = (orgId: string, kind: SettingKind, name: string): string => JSON.stringify([orgId, kind, name])

export const toSetting = ({ _id, orgId, value, ...same }: SettingDoc): Setting => ({
  ...same,
  value: JSON.parse(value) as Setting['value'],
})

export const docOfSetting = (orgId: string, setting: Setting): SettingDoc => ({
  ...setting,
  _id: settingKey(orgId, setting.kind, setting.name),
  orgId,
  value: JSON.stringify(setting.value),
})

export async function setting(db: Database, orgId: string, kind: SettingKind, name: string): Promise<Setting | null> {
  const found = await db.settings.findOne({ _id: settingKey(orgId, kind, name), orgId })
  return found && toSetting(found)
}

export async function settings(db: Database, orgId: string, kind: SettingKind): Promise<Setting[]> {
  return (await db.settings.find({ orgId, kind }).sort({ name: 1 }).toArray()).map(toSetting)
}

export function changeSetting(
  db: Database,
  orgId: string,
  kind: SettingKind,
  name: string,
  decide: SettingRule,
  now: number,
): Promise<SettingChanged> {
  const _id = settingKey(orgId, kind, name)
  return repeat(async () => {
    const before = await setting(db, orgId, kind, name)
    const done = decideSetting(before, kind, name, decide, now)
    if (!done.changed) return done
    const doc = done.after && docOfSetting(orgId, done.after)
    if (before === null) return doc === null || (await insertOnce(db.settings, doc, { _id })).inserted ? done : undefined
    const asRead = { _id, orgId, rev: before.rev }
    if (doc === null) return (await db.settings.deleteOne(asRead)).deletedCount === 1 ? done : undefined
    return (await db.settings.replaceOne(asRead, doc)).matchedCount === 1 ? done : undefined
  })
}
