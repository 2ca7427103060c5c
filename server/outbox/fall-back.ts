// What goes by itself where WhatsApp does not take a message: an SMS, as the organization's policy says; a recording's other format.
import type { Purpose } from '../../shared/calendar.ts'
import type { Failure, Message } from '../../shared/model.ts'
import { ruleOf } from '../automations/rules-of.ts'
import type { Parts } from '../parts.ts'
import { fellBack, mayFallBack, whyFallBack } from '../rules/fallback.ts'
import { consentOf } from '../rules/opt-out.ts'
import { smsInstead } from '../rules/plan-b.ts'
import type { Lane } from '../store/records.ts'
import { tell } from '../tell.ts'
import { changeMessage } from './change-message.ts'
import { sendOtherFormat } from './other-format.ts'
import { smsLine } from './plan-b.ts'
import { openThread } from './target.ts'
import { seesAll } from '../store/sees-all.ts'

/** What was typed goes first. */
const laneOf = ({ type }: Message['author']): Lane => (type === 'agent' ? 0 : type === 'campaign' ? 2 : 1)

/**
 * Call it before the failure is written down: a process that dies in between leaves a message that has not failed yet, and whoever
 * finds that out comes by here again. The same message again gives the same SMS.
 */
export async function fallBack(parts: Parts, orgId: string, message: Message, failure: Failure | null): Promise<void> {
  await sendOtherFormat(parts, orgId, message, failure)
  const { store, clock } = parts
  const now = clock.now()
  const because = whyFallBack(message, failure, now)
  if (because === null) return
  const own = parts.organizationOf(orgId)
  const { smsFallback: allowed, calendars } = own.settings
  if (!mayFallBack(await purposeOf(parts, orgId, message), { allowed, calendars })) return
  const thread = await store.conversation(seesAll(orgId), message.conversationId)
  const line = thread && (await smsLine(parts, own, thread))
  if (!line) return
  const { coordinationId, expiresAt, marketing } = message
  const conversationId = await openThread(parts, { orgId, channel: 'sms', ...line, coordinationId, name: null, now })
  const source = {
    ...{ orgId, id: message.id, author: message.author, text: message.text, lane: laneOf(message.author) },
    ...{ sensitive: message.sensitive, planB: { sms: true, byPolicy: true as const }, coordinationId },
    ...{ dueAt: null, expiresInMs: expiresAt === null ? null : Date.parse(expiresAt) - now },
  }
  const place = { id: parts.newId(), conversationId }
  const entered = await store.enter(
    { ...smsInstead(source, { because: [because], place }, now), key: `fallback|${message.id}`, ...(marketing ? { marketing } : {}) },
    // The line's opt-out is looked at in the step in which it enters.
    { ifNoAnswerSince: null, consent: consentOf(message), openWindow: false, contactLimit: null },
  )
  if (entered.outcome !== 'created' && entered.outcome !== 'repeated') return
  if (entered.outcome === 'created') tell(parts, entered.changes)
  const sms = entered.message
  await changeMessage(parts, orgId, message.id, fellBack(because, { id: sms.id, conversationId: sms.conversationId }))
}

/** Of a report that it failed: the message that it is about, where the report's path names it. */
export async function fallBackFrom(
  parts: Parts,
  { orgId, messageId, twilioSid, failure }: { orgId: string; messageId: string | null; twilioSid: string; failure: Failure | null },
): Promise<void> {
  if (failure === null || messageId === null) return
  const message = await parts.store.message(seesAll(orgId), messageId)
  if (message && (message.twilioSid ?? twilioSid) === twilioSid) await fallBack(parts, orgId, message, failure)
}

/** An automation's message has the purpose of its rule. */
async function purposeOf({ store }: Pick<Parts, 'store'>, orgId: string, { author, marketing }: Message): Promise<Purpose | null> {
  if (marketing) return 'marketing'
  if (author.type === 'agent') return 'service'
  if (author.type !== 'automation' || author.id === null) return null
  const kept = await store.setting(orgId, 'automation', author.id)
  return (kept && ruleOf(kept)?.purpose) ?? null
}
