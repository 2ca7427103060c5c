// An organization: its settings, senders and gateway, looked up by its id. Nothing else says which there are.
import { DomainError } from '../shared/problems.ts'
import type { Config } from './config.ts'
import type { Gateway } from './outbox/gateway.ts'
import type { Senders } from './outbox/senders.ts'

export interface Organization {
  id: string
  settings: Pick<
    Config,
    'timezone' | 'locale' | 'defaultCountry' | 'sendLimitPerContactHour' | 'automatedLimitPerContactHour' | 'twilioTyping'
  >
  senders: Senders
  gateway: Gateway
}

/** The one that there is until several can be made; its Twilio account is the one of the settings. */
export const onlyOrganization = 'default'

/** @throws DomainError `forbidden` for one that does not exist. */
export function createOrganizations(all: readonly Organization[]): (orgId: string) => Organization {
  const byId = new Map(all.map((organization) => [organization.id, organization]))
  return (orgId) => {
    const found = byId.get(orgId)
    if (found === undefined) throw new DomainError('forbidden', 'There is no such organization here.')
    return found
  }
}
