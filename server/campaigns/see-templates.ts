// What the templates of a campaign are at this moment: what it is started with, and what it is held against while it runs.
import { DomainError } from '../../shared/problems.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { Campaign, SeenTemplate } from '../rules/campaign.ts'
import { sendable, whyNot } from '../rules/template.ts'
import type { TemplateRecord } from '../store/records.ts'
import { reasonOf } from '../templates/use-template.ts'

type Reads = Pick<Parts, 'store'>
type Asked = Pick<Campaign, 'channel' | 'templates'>

export async function seeTemplates({ store }: Reads, own: Organization, { channel, templates }: Asked): Promise<SeenTemplate[]> {
  const named = await Promise.all(templates.map((use) => namedBy(store, own, use)))
  return named.flat().map((one) => ({
    ...{ name: one.name, language: one.language, always: sendable(one, channel) === 'always' },
    category: channel === 'sms' ? null : one.category,
  }))
}

/**
 * The same, where each may go to somebody.
 *
 * @throws DomainError `template_not_approved`.
 */
export async function demandTemplates(parts: Reads, own: Organization, campaign: Asked): Promise<SeenTemplate[]> {
  for (const use of campaign.templates) {
    const named = await namedBy(parts.store, own, use)
    if (named.some((one) => whyNot(one, campaign.channel, true) === null)) continue
    const [first] = named
    const why = first && whyNot(first, campaign.channel, true)
    throw new DomainError(
      'template_not_approved',
      first && why ? `The template "${use.name}" cannot be sent: ${reasonOf(first, why)}.` : `Template not found: "${use.name}".`,
    )
  }
  return seeTemplates(parts, own, campaign)
}

async function namedBy(
  store: Parts['store'],
  own: Organization,
  { name, language }: Campaign['templates'][number],
): Promise<TemplateRecord[]> {
  const named = await store.templatesNamed(own.id, name)
  return language === undefined ? named : named.filter((one) => one.language.toLowerCase() === language.toLowerCase())
}
