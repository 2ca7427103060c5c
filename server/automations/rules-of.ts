// An organization's automations, as they are kept under their names.
import { type AutomationBody, automationBody, type Automation } from '../../shared/automations.ts'
import type { Rule } from '../rules/automation.ts'
import type { Setting } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** A rule as it is kept: `since`, when its times became what they are; `walk`, how far records were looked at for it. */
export interface KeptRule {
  rule: AutomationBody
  since: number
  /** Absent: all of them. */
  walk?: { after: string | null }
}

/** Null: it is none that this Hilo knows. */
export function keptRule({ value }: Setting): KeptRule | null {
  const { rule, since, walk } = value
  const known = automationBody.safeParse(rule)
  if (!known.success || typeof since !== 'number') return null
  return { rule: known.data, since, ...(walk ? { walk: walk as NonNullable<KeptRule['walk']> } : {}) }
}

/** By name in the order of its bytes, with those that are switched off. */
export async function rulesOf(store: Pick<Store, 'settings'>, orgId: string): Promise<Rule[]> {
  return (await store.settings(orgId, 'automation')).flatMap((setting) => ruleOf(setting) ?? [])
}

export function ruleOf(setting: Setting): Rule | null {
  const kept = keptRule(setting)
  return kept && { ...kept.rule, name: setting.name, since: kept.since }
}

export function presentRule(setting: Setting): Automation | null {
  const kept = keptRule(setting)
  return kept && { name: setting.name, ...kept.rule, updatedAt: new Date(setting.updatedAt).toISOString(), rev: setting.rev }
}
