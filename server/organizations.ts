// An organization: its settings, senders and gateway, looked up by its id. Nothing else says which there are.
import { DomainError } from '../shared/problems.ts'
import type { Config } from './config.ts'
import type { Gateway } from './outbox/gateway.ts'
import type { Senders } from './outbox/senders.ts'
import type { OrganizationDefaults, OrganizationSettings } from './rules/organization.ts'

export interface Organization {
  id: string
  /** Replaced whole when they change: read them where they are needed, and keep none. */
  settings: OrganizationSettings & Pick<Config, 'twilioTyping'>
  /** Of what is kept of them; 0: nothing yet. */
  settingsRev: number
  defaults: OrganizationDefaults
  /** Events of records that automations wait for. Replaced whole, as above. */
  listensTo: ReadonlySet<string>
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
