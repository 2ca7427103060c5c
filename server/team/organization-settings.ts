// What an organization sets up for itself: read by everybody in it, changed by its supervisors and by the host.
import type { OrganizationState, OrganizationUpdate } from '../../shared/organization.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { changeOrganization, readKept, stateOf } from '../rules/organization.ts'
import { OWN, takeSettings } from './keep-organizations.ts'

type SettingsParts = Pick<Parts, 'store' | 'clock' | 'log' | 'organizationOf' | 'publish' | 'automations'>

export async function readOrganization(
  { store, organizationOf }: Pick<SettingsParts, 'store' | 'organizationOf'>,
  orgId: string,
): Promise<OrganizationState> {
  const setting = await store.setting(orgId, 'organization', OWN)
  return stateOf(readKept(setting) ?? {}, setting, organizationOf(orgId).defaults)
}

/**
 * Holds here when it resolves, and at other processes within a second.
 *
 * @param rev of the state that the caller read; null: whatever it is now.
 * @throws DomainError `forbidden`, `conflict`: somebody changed it meanwhile.
 */
export async function updateOrganization(
  parts: SettingsParts,
  caller: Caller,
  update: OrganizationUpdate,
  rev: number | null,
): Promise<OrganizationState> {
  if (caller.role === 'agent') throw new DomainError('forbidden', 'Agents read these settings; supervisors change them.')
  const own = parts.organizationOf(caller.orgId)
  let found = 0
  const { after } = await parts.store.changeSetting(
    ...([own.id, 'organization', OWN] as const),
    (before) => {
      found = before?.rev ?? 0
      if (rev !== null && rev !== found) return null
      return { ...changeOrganization(readKept(before) ?? {}, update) }
    },
    parts.clock.now(),
  )
  if (rev !== null && rev !== found)
    throw new DomainError('conflict', `Somebody changed these settings meanwhile: they are at rev ${found}. Read them again.`)
  takeSettings(parts, own, after)
  return stateOf(readKept(after) ?? {}, after, own.defaults)
}
