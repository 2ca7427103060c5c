// Plan B of a planned WhatsApp text: checked when it is planned, and made ready as it comes due.
import type { z } from 'zod'
import type { Failure, Message, PlanB } from '../../shared/model.ts'
import { chooseStep } from '../../shared/plan-b.ts'
import { DomainError } from '../../shared/problems.ts'
import type { planBUse } from '../../shared/requests.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { SmsPlace, WayRule } from '../rules/plan-b.ts'
import type { ConversationState } from '../store/records.ts'
import type { Recipient, TemplateUse } from '../templates/use-template.ts'
import { contentOf } from './content.ts'
import { noSender, optedOut, windowClosed } from './failures.ts'
import { openThread, type Target } from './target.ts'
import { seesAll } from '../store/sees-all.ts'

/**
 * The plan B that is asked for, as it is kept.
 *
 * @throws DomainError `validation_failed`, `template_not_approved`, `template_variables_missing`, `no_sender`, `invalid_phone`.
 */
export async function planBOf(
  parts: Pick<Parts, 'store'>,
  own: Organization,
  { channel, ...to }: Pick<Target, 'channel'> & Recipient,
  wanted: z.output<typeof planBUse>,
): Promise<PlanB> {
  if (channel === 'sms') throw invalid('is for WhatsApp: SMS has no window')
  const { template, sms = false } = wanted
  const filled = template && (await fill(parts, own, template, to))
  const ready = own.senders.readiness('sms')
  if (sms && !ready.ready) throw new DomainError('no_sender', ready.reason)
  if (sms && to.phone === null) throw new DomainError('invalid_phone', 'The client hides the number: no SMS can be sent there.')
  // Its category is that of the moment in which it goes.
  const { category: _, ...kept } = filled?.template ?? { name: '', variables: {} }
  return { ...(filled?.template ? { template: kept } : {}), sms }
}

function invalid(message: string): DomainError {
  return new DomainError('validation_failed', `planB ${message}.`, { issues: [{ path: 'planB', message }] })
}

/** With the place in the request that it is about. */
async function fill(parts: Pick<Parts, 'store'>, own: Organization, template: TemplateUse, to: Recipient) {
  try {
    // It goes where the window is closed.
    return (await contentOf(parts, own, 'whatsapp', { template }, { ...to, windowOpen: false })).words
  } catch (error) {
    if (!(error instanceof DomainError) || !error.more.issues) throw error
    const issues = error.more.issues.map((one) => ({ ...one, path: `planB.${one.path}` }))
    throw new DomainError(error.code, error.message, { ...error.more, issues })
  }
}

export interface PreparedWay {
  way: WayRule
  /** Makes the thread for the SMS, before it is asked again. */
  openThread(now: number): Promise<void>
}

/** By the templates and senders of this moment; the window and the opt-out are the store's to say. */
export async function prepareWay(
  parts: Pick<Parts, 'store' | 'organizationOf' | 'newId'>,
  orgId: string,
  message: Message,
  planB: PlanB,
  conversation: ConversationState,
): Promise<PreparedWay> {
  const own = parts.organizationOf(orgId)
  const ready = own.senders.readiness(conversation.channel)
  const filled = planB.template ? await sendable(parts, own, planB.template, conversation) : null
  const sms = planB.sms ? await smsLine(parts, own, conversation) : null
  let place: SmsPlace | null = null

  const failureOf = (because: string | undefined): Failure => {
    if (because === 'sender') return noSender(ready.ready ? '' : ready.reason)
    return because === 'opted_out' ? optedOut : windowClosed
  }
  return {
    way({ windowOpen, optedOut: isOut, marketingOut }) {
      const template = filled && !(filled.marketing && marketingOut) ? filled.content : null
      const blocked = ready.ready ? (isOut ? 'opted_out' : null) : 'sender'
      const chosen = chooseStep({ blocked, windowOpen, template: planB.template ? template !== null : null, sms: sms !== null })
      const { step, because } = chosen
      if (step === 'text') return { step }
      if (step === 'template' && template) return { step, because, content: template }
      if (step === 'sms') return { step, because, place }
      return { step: null, failure: failureOf(because[0]) }
    },
    async openThread(now) {
      if (sms === null) return
      const { coordinationId } = message
      const conversationId = await openThread(parts, { orgId, channel: 'sms', ...sms, coordinationId, name: null, now })
      place = { id: parts.newId(), conversationId }
    },
  }
}

/** Null: it cannot be sent any more. */
async function sendable(
  parts: Pick<Parts, 'store'>,
  own: Organization,
  template: NonNullable<PlanB['template']>,
  { contact, coordinationId }: ConversationState,
) {
  try {
    const to = { phone: contact.phone, contactName: contact.name, agentName: '', coordinationId, windowOpen: false }
    const { text, template: use, content, cost, marketing } = (await contentOf(parts, own, 'whatsapp', { template }, to)).words
    return { content: { text, template: use, content, cost }, marketing: marketing ?? false }
  } catch (error) {
    if (error instanceof DomainError) return null
    throw error
  }
}

/** Our sender and the client's number, where SMS can go there. */
export async function smsLine({ store }: Pick<Parts, 'store'>, own: Organization, { contact }: ConversationState) {
  const sender = own.senders.of('sms')?.sender
  if (sender === undefined || !own.senders.readiness('sms').ready) return null
  const known = await store.contact(seesAll(own.id), contact.id)
  const address = known?.addresses.find((one) => one.channel === 'sms')?.phone ?? contact.phone
  const isOut = known?.optOuts.some((one) => one.channel === 'sms' && one.sender === sender && one.scope === 'all')
  return address === null || isOut ? null : { sender, address }
}
