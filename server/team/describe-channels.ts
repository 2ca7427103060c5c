// Whether each channel can send, and how long its oldest message waits.
import type { Sender } from '../../shared/events.ts'
import { channel as channels } from '../../shared/model.ts'
import { foreignChannel } from '../outbox/senders.ts'
import type { Parts } from '../parts.ts'
import type { Scope } from '../store/records.ts'

/**
 * One entry per own sender; a channel without one is there with an empty sender and the reason, and a number of the
 * account that messages come to, but that is not configured, with that.
 *
 * @param scope of who is told: a token limited to some records does not learn what waits in others.
 */
export async function describeChannels(
  parts: Pick<Parts, 'organizationOf' | 'store'>,
  orgId: string,
  scope: Scope = null,
): Promise<Sender[]> {
  const { senders } = parts.organizationOf(orgId)
  const waiting = scope === null ? await parts.store.oldestQueued(orgId) : []
  const own = senders.list().map(({ channel, sender }) => ({ channel, sender }))
  const absent = channels.options
    .filter((channel) => !own.some((one) => one.channel === channel))
    .map((channel) => ({ channel, sender: '' }))
  // A message that came to it is about no record.
  const strangers = scope === null ? senders.strangers() : []
  const described = [...own, ...absent].map(({ channel, sender }) => {
    const readiness = senders.readiness(channel)
    const reason = readiness.ready ? senders.fault(channel) : readiness.reason
    const oldest = waiting.find((one) => one.channel === channel && one.sender === sender)
    return {
      channel,
      sender,
      ready: reason === null,
      reason,
      oldestQueuedAt: oldest ? new Date(oldest.since).toISOString() : null,
    }
  })
  return [...described, ...strangers.map((one) => ({ ...one, ready: false, reason: whyNot(one.sender), oldestQueuedAt: null }))]
}

function whyNot(sender: string): string {
  const foreign = foreignChannel(sender)
  if (foreign === 'rcs')
    return 'Messages come to this RCS sender, but its messaging service is not configured (TWILIO_MESSAGING_SERVICE_SID): it cannot answer.'
  if (foreign === null) return 'Messages come to this number, but it is not configured: it cannot answer.'
  return `Messages come by ${foreign}, which is not supported here: they are kept, but cannot be answered.`
}
