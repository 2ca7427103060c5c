// Each organization's settings as they are kept: read at the start, and again where another process may change them.
import { termsOf } from '../automations/plan-terms.ts'
import { createKeeper, type Keeper } from '../keep-read.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { readKept, settingsOf, stateOf } from '../rules/organization.ts'
import type { Setting } from '../store/records.ts'

/** Under which name there is one of the kind `organization`. */
export const OWN = 'own'

type KeeperParts = Pick<Parts, 'store' | 'clock' | 'log' | 'organizations' | 'publish' | 'automations'>

export function createOrganizationKeeper(parts: KeeperParts): Keeper {
  const { store, organizations } = parts
  const read = async () => {
    for (const own of organizations) takeSettings(parts, own, await store.setting(own.id, 'organization', OWN))
  }
  return createKeeper(parts, read, 'The settings of organizations could not be read')
}

/** They hold from now on, and browsers hear what concerns them. What is older than what is known changes nothing. */
export function takeSettings(
  { log, publish, automations }: Pick<KeeperParts, 'log' | 'publish' | 'automations'>,
  own: Organization,
  setting: Setting | null,
): void {
  if (setting === null || setting.rev <= own.settingsRev) return
  const kept = readKept(setting)
  if (kept === null) log.error({ orgId: own.id }, 'The settings of this organization cannot be read: those of the server hold')
  const before = own.settings
  own.settings = { ...before, ...settingsOf(stateOf(kept ?? {}, setting, own.defaults)) }
  own.settingsRev = setting.rev
  const { timezone, locale, channels, name, senderName } = own.settings
  if (termsOf(own.settings) !== termsOf(before)) automations.termsChanged(own.id)
  const isCalledElse = name !== before.name || senderName !== before.senderName
  if (timezone !== before.timezone || locale !== before.locale || isCalledElse) publish.organization(own.id)
  if (channels.whatsapp !== before.channels.whatsapp || channels.sms !== before.channels.sms) publish.channels(own.id)
}
