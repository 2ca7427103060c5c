// Tells agents who have no page open of a client's message, by Web Push. It never holds up the webhook: a notification
// that is lost costs nothing, the message is in the inbox.
import { concerns } from '../../shared/concerns.ts'
import { cutText } from '../../shared/cut-text.ts'
import type { Message } from '../../shared/model.ts'
import { isQuiet } from '../../shared/quiet.ts'
import type { NotifyAgents, Parts } from '../parts.ts'
import { shownMedia } from '../rules/shown-media.ts'
import type { ConversationState, PushSubscription } from '../store/records.ts'
import type { PushGateway } from './push-gateway.ts'
import { wordFor } from './note-words.ts'

/** Subscriptions of an organization are read this often; those made in this process count at once. */
const REMEMBER_MS = 30_000
const MOST_AT_ONCE = 10
/** More than this waiting: the oldest are dropped. */
const MOST_WAITING = 1_000
const BODY_CHARS = 160

export interface Notify extends NotifyAgents {
  close(): void
}

type NotifyParts = Pick<Parts, 'store' | 'clock' | 'organizationOf' | 'log' | 'connected'>

export function createNotify(parts: NotifyParts, gateway: PushGateway): Notify {
  const { store, clock, organizationOf, log, connected } = parts
  const remembered = new Map<string, { at: number; subscriptions: Promise<PushSubscription[]> }>()
  const waiting: (() => Promise<void>)[] = []
  let running = 0
  let closed = false

  function subscriptionsOf(orgId: string): Promise<PushSubscription[]> {
    const known = remembered.get(orgId)
    if (known && clock.elapsed() - known.at < REMEMBER_MS) return known.subscriptions
    const subscriptions = store.pushSubscriptions(orgId, clock.now())
    remembered.set(orgId, { at: clock.elapsed(), subscriptions })
    subscriptions.catch(() => remembered.delete(orgId))
    return subscriptions
  }

  /** Not who sees it already, wants silence, is away, leaves it to its assignee, or may not know of it. */
  async function wants(one: PushSubscription, conversation: ConversationState): Promise<boolean> {
    const { scope, orgId, agentId, expiresAt } = one
    const record = conversation.coordinationId
    if (scope !== null && (record === null || !scope.includes(record))) return false
    if (expiresAt <= clock.now() || connected(orgId, agentId)) return false
    const agent = await store.agent(orgId, agentId)
    if (agent === null) return true
    return (
      agent.presence === 'online' &&
      agent.settings.notifications &&
      concerns(agent.settings.notifyOf, conversation.assignee?.id ?? null, agentId) &&
      !isQuiet(agent.settings.quiet, clock.now(), organizationOf(orgId).settings.timezone)
    )
  }

  async function tell(orgId: string, message: Message, conversation: ConversationState): Promise<void> {
    for (const one of await subscriptionsOf(orgId)) {
      if (!(await wants(one, conversation))) continue
      const note = {
        title: conversation.coordination ? `${conversation.contact.name} · ${conversation.coordination.title}` : conversation.contact.name,
        body: cutText(message.text.trim(), BODY_CHARS) || wordFor(message.type, shownMedia(message.media), one.locale),
        conversationId: conversation.id,
        page: one.page,
      }
      waiting.push(async () => {
        const outcome = await gateway.send(one, note)
        if (outcome !== 'gone') return
        await store.deletePush(one.orgId, one.endpoint)
        remembered.delete(one.orgId)
      })
    }
    if (waiting.length > MOST_WAITING) {
      const dropped = waiting.splice(0, waiting.length - MOST_WAITING).length
      log.warn({ dropped }, 'Push services are too slow: notifications were dropped')
    }
    work()
  }

  function work(): void {
    while (running < MOST_AT_ONCE && !closed) {
      const task = waiting.shift()
      if (task === undefined) return
      running++
      task()
        .catch((error: unknown) => log.warn({ err: error }, 'A notification could not be sent'))
        .finally(() => {
          running--
          work()
        })
    }
  }

  return {
    inbound(orgId, message, conversation) {
      if (closed) return
      tell(orgId, message, conversation).catch((error: unknown) => log.warn({ err: error }, 'Agents could not be notified'))
    },
    changed: (orgId) => void remembered.delete(orgId),
    close() {
      closed = true
      waiting.length = 0
    },
  }
}
