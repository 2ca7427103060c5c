// Saves a rule. What was due before its times became what they are is not made up for; every record is told of it in the background.
import { isDeepStrictEqual } from 'node:util'
import type { Automation, AutomationBody } from '../../shared/automations.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Parts } from '../parts.ts'
import { builtInTemplates } from './built-in.ts'
import { takeEvents } from './known-events.ts'
import type { KeptRule } from './rules-of.ts'
import { keptRule, presentRule } from './rules-of.ts'

/** @throws DomainError `validation_failed` where no template has that name. */
export async function saveAutomation(
  parts: Parts,
  orgId: string,
  name: string,
  rule: AutomationBody,
): Promise<{ created: boolean; automation: Automation | null }> {
  const { store, clock, automations } = parts
  const template = typeof rule.template === 'string' ? rule.template : rule.template.name
  const now = clock.now()
  if (rule.enabled && (await store.templatesNamed(orgId, template)).length === 0 && !(await addTexts(parts, orgId, template, now)))
    throw new DomainError('validation_failed', `There is no template "${template}". Save it first: PUT /api/templates/:name.`, {
      issues: [{ path: 'template', message: 'is the name of no template' }],
    })
  const { before, after } = await store.changeSetting(
    orgId,
    'automation',
    name,
    (setting) => {
      const kept = setting && keptRule(setting)
      const keepsTimes = kept !== null && isDeepStrictEqual(timesOf(kept.rule), timesOf(rule))
      if (kept !== null && isDeepStrictEqual(kept.rule, rule)) return null
      const value: KeptRule = keepsTimes ? { ...kept, rule } : { rule, since: now, walk: { after: null } }
      return { ...value }
    },
    now,
  )
  await takeEvents(parts, parts.organizationOf(orgId))
  automations.changed()
  return { created: before === null, automation: after && presentRule(after) }
}

/** The texts of a rule that comes with Hilo, where none has its name. False: it is none of those. */
async function addTexts({ store, publish }: Parts, orgId: string, name: string, now: number): Promise<boolean> {
  const texts = builtInTemplates(name)
  for (const one of texts) await store.changeTemplate(orgId, one, (before) => before ?? one, now)
  if (texts.length > 0) publish.templates(orgId)
  return texts.length > 0
}

/** What its times, and whether it sends at all, follow from. */
const timesOf = ({ on, at, enabled, quietHours, purpose, channels, grace }: AutomationBody) => ({
  ...{ on, at, enabled, quietHours, purpose, channels, grace },
})

export async function deleteAutomation(parts: Parts, orgId: string, name: string): Promise<boolean> {
  const { store, clock, automations } = parts
  const { changed } = await store.changeSetting(orgId, 'automation', name, (before) => before && 'delete', clock.now())
  await takeEvents(parts, parts.organizationOf(orgId))
  automations.changed()
  return changed
}
