// Whether one recipient may get its message at this moment, and what it says: the same for a look ahead and for the step that sends.
import { isBlank } from '../../shared/is-blank.ts'
import { knownValue } from '../../shared/known-values.ts'
import type { PauseReason, SkipReason } from '../../shared/campaigns.ts'
import { DomainError } from '../../shared/problems.ts'
import { placeholders, renderTemplate } from '../../shared/templates.ts'
import { type Content, contentOf } from '../outbox/content.ts'
import { mayLeave } from '../outbox/refusals.ts'
import { recipientOf, type Target, targetOf } from '../outbox/target.ts'
import type { Organization } from '../organizations.ts'
import type { Caller, Parts } from '../parts.ts'
import { nextAllowed } from '../rules/calendar.ts'
import type { Campaign } from '../rules/campaign.ts'
import type { Recipient } from '../rules/recipient.ts'
import { contactedBy } from './contacted-by.ts'

export type Prepared =
  | { outcome: 'ready'; target: Target; content: Content }
  | { outcome: 'skipped'; reason: SkipReason; detail: string }
  | { outcome: 'later'; at: number }
  /** Nobody may get it now. */
  | { outcome: 'stopped'; reason: Extract<PauseReason, 'template' | 'sender'>; detail: string }

export type PreparedRecipient = Pick<Recipient, 'to' | 'name' | 'coordinationId' | 'variables' | 'text' | 'arm' | 'zone'>

export async function prepareRecipient(
  parts: Parts,
  own: Organization,
  campaign: Campaign,
  recipient: PreparedRecipient,
  at: number,
): Promise<Prepared> {
  const { channel, purpose, from } = campaign
  const caller: Caller = { orgId: own.id, agentId: '', scope: null, name: '', role: 'service', expiresAt: Number.MAX_SAFE_INTEGER }
  const { to, name, coordinationId } = recipient
  try {
    const target = await targetOf(parts, caller, {
      ...{ channel, to, name: name ?? undefined, coordinationId: coordinationId ?? undefined, from: from ?? undefined },
    })
    const said = saidTo(own, campaign, recipient)
    if ('missing' in said) return { outcome: 'skipped', reason: 'variables', detail: `No value for ${said.missing.join(', ')}.` }
    await mayLeave(parts, own, target, said.template === undefined ? at : null)
    const content = await contentOf(parts, own, channel, said, recipientOf(caller, target, at))
    const sentBefore = await contactedBy(parts, own, target.address, purpose)
    const { calendars, holidays } = own.settings
    const allowed = nextAllowed({ at, zone: recipient.zone, channel, calendar: calendars[purpose], holidays, sentBefore })
    if ('never' in allowed)
      return { outcome: 'skipped', reason: 'calendar', detail: `The contact calendar never allows it: ${allowed.never}.` }
    return allowed.at > at ? { outcome: 'later', at: allowed.at } : { outcome: 'ready', target, content }
  } catch (error) {
    return refusalOf(error, campaign, recipient)
  }
}

type SaidTo = Parameters<typeof contentOf>[3]

function saidTo(
  { settings }: Organization,
  campaign: Campaign,
  { arm, text, name, variables }: PreparedRecipient,
): SaidTo | { missing: string[] } {
  const given = { ...campaign.variables, ...variables }
  const template = campaign.templates[arm] ?? campaign.templates[0]
  if (template !== undefined)
    return { template: { ...template, variables: { ...campaign.variables, ...template.variables, ...variables } } }
  const body = text ?? campaign.text ?? ''
  const names = { senderName: settings.senderName, organizationName: settings.name }
  const facts = { data: [given], contactName: name ?? '', agentName: '', ...names, title: '', day: '', time: '' }
  const values = Object.fromEntries(placeholders(body).map((one) => [one, knownValue(one, facts) ?? '']))
  const missing = Object.keys(values).filter((one) => isBlank(values[one] ?? ''))
  return missing.length > 0 ? { missing } : { text: renderTemplate(body, values) }
}

/** Then it is lost for all, and not only where this client's window is closed. */
function couldGoAlways({ templates, seen }: Campaign, { arm }: PreparedRecipient): boolean {
  const name = (templates[arm] ?? templates[0])?.name
  return seen.some((one) => one.name === name && one.always)
}

/** @throws what is no answer about this recipient. */
function refusalOf(error: unknown, campaign: Campaign, recipient: PreparedRecipient): Prepared {
  if (!(error instanceof DomainError)) throw error
  const detail = error.message
  switch (error.code) {
    case 'invalid_phone':
    case 'opted_out':
      return { outcome: 'skipped', reason: error.code, detail }
    case 'window_closed':
      return { outcome: 'skipped', reason: 'window', detail }
    case 'template_variables_missing':
      return { outcome: 'skipped', reason: 'variables', detail }
    case 'validation_failed':
      return { outcome: 'skipped', reason: 'content', detail }
    case 'template_not_approved':
      return couldGoAlways(campaign, recipient)
        ? { outcome: 'stopped', reason: 'template', detail }
        : { outcome: 'skipped', reason: 'template', detail }
    case 'no_sender':
      return { outcome: 'stopped', reason: 'sender', detail }
    default:
      throw error
  }
}
