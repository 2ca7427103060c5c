// Each organization's settings as they are kept: read at the start, and again where another process may change them.
import { termsOf } from '../automations/plan-terms.ts'
import { repeatAfter } from '../clock.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { readKept, settingsOf, stateOf } from '../rules/organization.ts'
import type { Setting } from '../store/records.ts'

/** Under which name there is one of the kind `organization`. */
export const OWN = 'own'
const EVERY_MS = 500

export interface OrganizationKeeper {
  start(): Promise<void>
  close(): void
}

type KeeperParts = Pick<Parts, 'store' | 'clock' | 'log' | 'organizations' | 'publish' | 'automations'>

export function createOrganizationKeeper(parts: KeeperParts): OrganizationKeeper {
  const { store, clock, log, organizations } = parts
  let stop = () => {}

  async function look(): Promise<void> {
    for (const own of organizations) takeSettings(parts, own, await store.setting(own.id, 'organization', OWN))
  }

  return {
    async start() {
      await look()
      // A store that no two processes can share changes here alone.
      if ((await store.processes()) === null) return
      stop = repeatAfter(clock, EVERY_MS, look, (error) => log.debug({ err: error }, 'The settings of organizations could not be read'))
    },
    close: () => stop(),
  }
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
  const { timezone, locale, channels } = own.settings
  if (termsOf(own.settings) !== termsOf(before)) automations.termsChanged(own.id)
  if (timezone !== before.timezone || locale !== before.locale) publish.organization(own.id)
  if (channels.whatsapp !== before.channels.whatsapp || channels.sms !== before.channels.sms) publish.channels(own.id)
}
