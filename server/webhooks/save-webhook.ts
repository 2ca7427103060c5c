// Sets a webhook of the host up, or forgets it. Its secret is told once, to whoever made it.
import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { webhook, webhookBody } from '../../shared/webhook-requests.ts'
import type { Parts } from '../parts.ts'
import { seal } from '../secrets.ts'
import { demandAddress } from './may-be-private.ts'
import { beginFeed } from './own-feed.ts'
import { isOn, placeOf, type Webhook, type WebhookValue, webhookOf } from './webhook.ts'

/** Each costs a row for every event. */
const MOST = 20

export function showWebhook({
  name,
  url,
  events,
  authors,
  enabled,
  off,
  failingSince,
  createdAt,
  updatedAt,
}: Webhook): z.output<typeof webhook> {
  const iso = (at: number) => new Date(at).toISOString()
  return {
    ...{ name, url, events, authors, enabled },
    off: off && { reason: off.reason, at: iso(off.at) },
    failingSince: failingSince === null ? null : iso(failingSince),
    ...{ createdAt: iso(createdAt), updatedAt: iso(updatedAt) },
  }
}

export async function listWebhooks({ store }: Pick<Parts, 'store'>, orgId: string): Promise<Webhook[]> {
  return (await store.settings(orgId, 'webhook')).map(webhookOf)
}

/** @throws DomainError `not_found`. */
export async function findWebhook({ store }: Pick<Parts, 'store'>, orgId: string, name: string): Promise<Webhook> {
  const found = await store.setting(orgId, 'webhook', name)
  if (found === null) throw new DomainError('not_found', 'There is no such webhook.')
  return webhookOf(found)
}

/**
 * Saving switches on what was switched off.
 *
 * @throws DomainError `validation_failed` for an address that it may not lead to, `limit_reached`.
 */
export async function saveWebhook(
  parts: Pick<Parts, 'store' | 'config' | 'clock' | 'webhooks'>,
  orgId: string,
  name: string,
  body: z.output<typeof webhookBody>,
): Promise<{ created: boolean; webhook: z.output<typeof webhook> }> {
  demandAddress(parts.config, body.url)
  const { store, clock } = parts
  const others = (await listWebhooks(parts, orgId)).filter((one) => one.name !== name)
  if (others.length >= MOST) throw new DomainError('limit_reached', `There are ${MOST} webhooks already. Delete one first.`)
  const now = clock.now()
  const given = body.secret ?? `whsec_${randomBytes(24).toString('base64')}`
  const sealed = seal(parts.config, given, placeOf(orgId, name))
  // Before it is there: whatever happens from now on is found.
  await beginFeed(parts, orgId, name)
  const { before, after } = await store.changeSetting(
    orgId,
    'webhook',
    name,
    (found) => {
      const known = found && webhookOf(found)
      return {
        ...{ url: body.url, events: body.events, authors: body.authors, enabled: body.enabled },
        secret: body.secret === undefined && known !== null ? known.secret : sealed,
        since: known !== null && isOn(known) ? known.since : now,
        ...{ failingSince: null, off: null },
      } satisfies WebhookValue
    },
    now,
  )
  if (after === null) throw new DomainError('conflict', 'The webhook was deleted meanwhile.')
  parts.webhooks.changed()
  const saved = webhookOf(after)
  return { created: before === null, webhook: { ...showWebhook(saved), ...(saved.secret === sealed ? { secret: given } : {}) } }
}

/** @throws DomainError `not_found`. */
export async function deleteWebhook(
  { store, clock, webhooks }: Pick<Parts, 'store' | 'clock' | 'webhooks'>,
  orgId: string,
  name: string,
): Promise<void> {
  const { changed } = await store.changeSetting(orgId, 'webhook', name, () => 'delete', clock.now())
  if (!changed) throw new DomainError('not_found', 'There is no such webhook.')
  webhooks.changed()
  while ((await store.deleteDeliveries(orgId, name, Number.MAX_SAFE_INTEGER, 500)) > 0);
}
