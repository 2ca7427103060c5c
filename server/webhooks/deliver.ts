// Delivers one event, notes what came of it, and what that says about its webhook.
import type { Parts } from '../parts.ts'
import type { Line } from '../request-public.ts'
import { afterAttempt, type Attempt, healthAfter, isTaken } from '../rules/delivery.ts'
import { SealedError } from '../secrets.ts'
import type { Delivery } from '../store/records.ts'
import { payloadOf } from './payload.ts'
import { postEvent } from './post-event.ts'
import { takeAnswer } from './take-answer.ts'
import { secretOf, type Webhook, webhookOf } from './webhook.ts'

/** At least once: where the process ends between the answer and its note, the same event goes again, under the same id. */
export async function deliver(
  parts: Parts,
  orgId: string,
  webhook: Webhook,
  delivery: Delivery,
  { stop, line }: { stop: AbortSignal; line?: Line | undefined },
): Promise<void> {
  const { store, clock } = parts
  const payload = await payloadOf(parts, orgId, delivery)
  if (payload === null) {
    const answer = { status: null, detail: 'What it tells of is no more.', at: clock.now() }
    await store.changeDelivery(orgId, delivery.id, () => ({ state: 'failed', dueAt: null, answer }), clock.now())
    return
  }
  const secret = secretHere(parts, orgId, webhook)
  const { body, ...attempt } =
    secret === null
      ? { status: null, detail: 'Its secret cannot be opened here: see ENCRYPTION_KEY.', at: clock.now(), body: '' }
      : await postEvent({ ...parts, ...(line ? { line } : {}) }, { url: webhook.url, secret }, { id: delivery.id, payload }, stop)
  const fault = isTaken(attempt) && delivery.type === 'action' ? await takeAnswer(parts, orgId, delivery, body) : null
  const told: Attempt =
    fault === null ? attempt : { ...attempt, detail: `${attempt.detail}; its answer was not taken: ${fault}`.slice(0, 500) }
  const spread = Math.random()
  await store.changeDelivery(
    orgId,
    delivery.id,
    (before) => (before.dueAt === null ? null : afterAttempt(before, told, spread)),
    clock.now(),
  )
  await noteHealth(parts, orgId, webhook, attempt)
}

/** Null: another process seals with a key that this one does not have. */
function secretHere({ config }: Parts, orgId: string, webhook: Webhook): string | null {
  try {
    return secretOf(config, orgId, webhook)
  } catch (error) {
    if (error instanceof SealedError) return null
    throw error
  }
}

async function noteHealth({ store, clock, log }: Parts, orgId: string, webhook: Webhook, attempt: Attempt): Promise<void> {
  if (healthAfter(webhook, attempt) === null) return
  const { changed, after } = await store.changeSetting(
    orgId,
    'webhook',
    webhook.name,
    (found) => {
      const health = found && healthAfter(webhookOf(found), attempt)
      return health && { ...found?.value, ...health }
    },
    clock.now(),
  )
  const off = changed && after !== null ? webhookOf(after).off : null
  if (off === null) return
  const why = off.reason === 'gone' ? 'the host answered 410' : 'the host took nothing for days'
  log.warn({ orgId, webhook: webhook.name }, `A webhook of the host was switched off: ${why}. Save it again to switch it on`)
}
