// An organization's automations, as they are kept under their names.
import { type AutomationBody, automationBody, type Automation } from '../../shared/automations.ts'
import type { Rule } from '../rules/automation.ts'
import type { Setting } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { builtIn } from './built-in.ts'

/** A rule as it is kept: `since`, when its times became what they are; `walk`, how far records were looked at for it (walk-records.ts). */
export interface KeptRule {
  rule: AutomationBody
  since: number
  /** Absent: all of them. */
  walk?: { after: string | null }
}

/** Null: it is none that this Hilo knows. */
export function keptRule({ value }: Setting): KeptRule | null {
  const { rule, since, walk } = value
  const known = checked(rule)
  if (known === null || typeof since !== 'number') return null
  return { rule: known, since, ...(walk ? { walk: walk as NonNullable<KeptRule['walk']> } : {}) }
}

/** By their text: rules are read for every record that is looked at, and to check one costs more than to read it. */
const checkedBefore = new Map<string, AutomationBody | null>()
const MOST_CHECKED = 1000

function checked(rule: unknown): AutomationBody | null {
  const text = JSON.stringify(rule) ?? ''
  const before = checkedBefore.get(text)
  if (before !== undefined) return before
  const known = automationBody.safeParse(rule).data ?? null
  if (checkedBefore.size >= MOST_CHECKED) checkedBefore.clear()
  checkedBefore.set(text, known)
  return known
}

/** By name in the order of its bytes, with those that are switched off. */
export async function rulesOf(store: Pick<Store, 'settings'>, orgId: string): Promise<Rule[]> {
  return (await store.settings(orgId, 'automation')).flatMap((setting) => ruleOf(setting) ?? [])
}

export function ruleOf(setting: Setting): Rule | null {
  const kept = keptRule(setting)
  return kept && { ...kept.rule, name: setting.name, since: kept.since }
}

/** All that there are, and those that come with Hilo and were not saved yet, switched off; by name in the order of its bytes. */
export async function listRules(store: Pick<Store, 'settings'>, orgId: string): Promise<Automation[]> {
  const kept = (await store.settings(orgId, 'automation')).flatMap((setting) => presentRule(setting) ?? [])
  const others = [...builtIn].filter(([name]) => !kept.some((one) => one.name === name)).map(([name, rule]) => presentBuiltIn(name, rule))
  return [...kept, ...others].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

export async function findRule(store: Pick<Store, 'setting'>, orgId: string, name: string): Promise<Automation | null> {
  const setting = await store.setting(orgId, 'automation', name)
  if (setting !== null) return presentRule(setting)
  const rule = builtIn.get(name)
  return rule ? presentBuiltIn(name, rule) : null
}

const presentBuiltIn = (name: string, rule: AutomationBody): Automation => ({ name, ...rule, builtIn: true, updatedAt: null, rev: 0 })

export function presentRule(setting: Setting): Automation | null {
  const kept = keptRule(setting)
  return kept && { name: setting.name, ...kept.rule, updatedAt: new Date(setting.updatedAt).toISOString(), rev: setting.rev }
}
