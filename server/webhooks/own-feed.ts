// How far the store's feed was read for the host's webhooks. What happened after it and was not kept is found there: after a crash,
// a new lease, or the first webhook.
import type { Parts } from '../parts.ts'
import type { Changed } from '../rules/host-events.ts'
import { isOn, webhookOf } from './webhook.ts'

type FeedParts = Pick<Parts, 'store' | 'clock'>

const NAME = 'cursor'

async function cursorOf({ store }: FeedParts, orgId: string): Promise<string | null> {
  const found = await store.setting(orgId, 'webhookCursor', NAME)
  return typeof found?.value.cursor === 'string' ? found.value.cursor : null
}

/** Where the feed is now: all that is told later was written after it, or is being told. */
export async function placeNow({ store }: FeedParts, orgId: string): Promise<string> {
  return (await store.changesSince(orgId, null, () => false)).cursor
}

export async function saveCursor({ store, clock }: FeedParts, orgId: string, cursor: string): Promise<void> {
  await store.changeSetting(orgId, 'webhookCursor', NAME, () => ({ cursor }), clock.now())
}

/** Begins with this moment, where no other webhook keeps the place. */
export async function beginFeed(parts: FeedParts, orgId: string, name: string): Promise<void> {
  const hooks = (await parts.store.settings(orgId, 'webhook')).map(webhookOf)
  if (hooks.some((one) => one.name !== name && isOn(one)) && (await cursorOf(parts, orgId)) !== null) return
  await saveCursor(parts, orgId, await placeNow(parts, orgId))
}

/** All that changed since the place that was kept; `full`: too much, or it cannot be told. */
export async function readOwnFeed(parts: FeedParts, orgId: string): Promise<{ changed: Changed; cursor: string; full: boolean }> {
  const { messages, conversations, coordinations, cursor, full } = await parts.store.changesSince(
    orgId,
    await cursorOf(parts, orgId),
    () => true,
  )
  return { changed: { messages: messages.map(({ message }) => message), conversations, coordinations }, cursor, full }
}
