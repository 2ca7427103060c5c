// What a change makes of something that people set up, and what of it is written.
import type { Setting, SettingChanged, SettingKind, SettingRule } from '../store/records.ts'
import { canonical } from './coordination.ts'

/** Asks the rule. `changed: false`: nothing is written; `after: null` beside `changed`: it goes. */
export function decideSetting(before: Setting | null, kind: SettingKind, name: string, decide: SettingRule, now: number): SettingChanged {
  const asked = decide(before)
  const same: SettingChanged = { before, after: before, changed: false }
  if (asked === null) return same
  if (asked === 'delete') return before === null ? same : { before, after: null, changed: true }
  // As it is read again: what JSON leaves out is no change.
  const value = JSON.parse(JSON.stringify(asked)) as Setting['value']
  if (before !== null && canonical(before.value) === canonical(value)) return same
  const after: Setting = { kind, name, value, rev: (before?.rev ?? 0) + 1, createdAt: before?.createdAt ?? now, updatedAt: now }
  return { before, after, changed: true }
}
