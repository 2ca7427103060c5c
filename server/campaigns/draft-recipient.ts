// One recipient as it is listed: its number in one form, where it lives, when it is due; or why it cannot be written to at all.
import type { SkipReason } from '../../shared/campaigns.ts'
import { normalisedAddress } from '../../shared/phone.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Organization } from '../organizations.ts'
import { parseTarget } from '../outbox/target.ts'
import type { Parts } from '../parts.ts'
import { armOf, type Campaign, isLocal } from '../rules/campaign.ts'
import type { RecipientDraft } from '../rules/recipient.ts'
import { momentIn, zoneOfNumber } from '../rules/recipient-zone.ts'

export interface Wanted {
  /** As people write it; null: nobody knows a number. */
  to: string | null
  /** What it is known by where there is no number. */
  id?: string
  name?: string | undefined
  coordinationId?: string | undefined
  /** Of its record. */
  zone?: string | undefined
  variables?: Record<string, string> | undefined
  text?: string | undefined
}

type Ordered = Pick<Campaign, 'channel' | 'templates' | 'startAt' | 'createdAt'>

export function draftRecipient(parts: Pick<Parts, 'newId'>, own: Organization, campaign: Ordered, wanted: Wanted): RecipientDraft {
  const { to, name, coordinationId, variables, text } = wanted
  const same = {
    id: parts.newId(),
    name: name ?? null,
    coordinationId: coordinationId ?? null,
    variables: variables ?? {},
    text: text ?? null,
  }
  const nobody = (key: string, reason: SkipReason, detail: string): RecipientDraft => ({
    ...same,
    ...{ key, to: to ?? wanted.name ?? '', arm: 0, zone: own.settings.timezone, dueAt: campaign.createdAt, skipped: { reason, detail } },
  })
  if (to === null || to.trim() === '')
    return nobody(`none|${wanted.id ?? same.id}`, 'no_phone', 'No number is known that this channel reaches.')
  try {
    const address = parseTarget(own, campaign.channel, to)
    const key = normalisedAddress(address)
    const zone = wanted.zone ?? zoneOfNumber(address, { timezone: own.settings.timezone, country: own.settings.defaultCountry })
    return { ...same, key, to: address, arm: armOf(key, campaign.templates.length), zone, dueAt: dueAt(campaign, zone), skipped: null }
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'invalid_phone') throw error
    return nobody(`none|${to.trim()}`, 'invalid_phone', error.message)
  }
}

function dueAt({ startAt, createdAt }: Ordered, zone: string): number {
  if (startAt === null) return createdAt
  return isLocal(startAt) ? (momentIn(startAt, zone) ?? Date.parse(`${startAt}Z`)) : Date.parse(startAt)
}
