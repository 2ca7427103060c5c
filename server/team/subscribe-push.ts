// A browser wants to hear of messages while no page of it is open, or no longer.
import { DomainError } from '../../shared/problems.ts'
import type { SubscribePush } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'

const DAY_MS = 24 * 60 * 60_000
/** A browser that did not come back since hears nothing more: its agent may have left the team. */
const KEPT_MS = 14 * DAY_MS

/** Renewed by every visit. Scope and agent are those of the newest token. @throws DomainError `validation_failed` */
export async function subscribePush(
  parts: Pick<Parts, 'store' | 'clock' | 'organizationOf'>,
  caller: Caller,
  wanted: SubscribePush,
  originIsAllowed: (origin: string) => boolean,
): Promise<{ expiresAt: string }> {
  const page = new URL(wanted.page)
  if (!originIsAllowed(page.origin))
    throw new DomainError('validation_failed', 'The page to open is not one of yours.', {
      issues: [{ path: 'page', message: 'its origin is not in ALLOWED_ORIGINS' }],
    })
  const expiresAt = parts.clock.now() + KEPT_MS
  await parts.store.savePush({
    orgId: caller.orgId,
    agentId: caller.agentId,
    endpoint: wanted.endpoint,
    ...wanted.keys,
    scope: caller.scope,
    locale: wanted.locale ?? parts.organizationOf(caller.orgId).settings.locale,
    page: page.href,
    expiresAt,
  })
  return { expiresAt: new Date(expiresAt).toISOString() }
}
