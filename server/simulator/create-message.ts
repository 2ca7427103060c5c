// POST Messages: everything that can happen between a send that arrives and the answer to it, faults included.
import type { AcceptedSend } from './check-send.ts'
import { checkSend } from './check-send.ts'
import type { Delivery } from './deliver-message.ts'
import type { SimulatorParts } from './parts.ts'
import { type Refusal, refusal } from './refusals.ts'
import type { SimulatedMessage } from './simulated-message.ts'
import { emptyMessage } from './write-message.ts'

export type CreateAnswer =
  | { kind: 'created'; message: SimulatedMessage }
  | { kind: 'refused'; refused: Refusal; retryAfter: number | null }
  /** The connection is cut. */
  | { kind: 'cut' }
  /** No answer ever. */
  | { kind: 'silence' }

export interface CreateHooks {
  /** In the moment of acceptance, before any answer. */
  accepted(message: SimulatedMessage): void
}

export function createSendDesk(parts: SimulatorParts, delivery: Delivery, hooks: CreateHooks) {
  const { clock, faults, messages, phones, watch } = parts
  /** Times of what was let through in the last second, by sender. */
  const recent = new Map<string, number[]>()
  let throttledLast = false

  const overRate = (sender: string, address: string): boolean => {
    const { rateLimit } = faults.get(address)
    if (rateLimit === false) return false
    if (rateLimit === 'alternate') {
      throttledLast = !throttledLast
      return throttledLast
    }
    const now = clock.now()
    const times = (recent.get(sender) ?? []).filter((at) => at > now - 1000)
    recent.set(sender, times)
    if (times.length >= rateLimit) return true
    times.push(now)
    return false
  }

  const accept = (send: AcceptedSend): SimulatedMessage => {
    const phone = phones.of(send.to)
    const at = clock.now()
    const status = send.sendAt !== null ? 'scheduled' : send.service !== null ? 'accepted' : 'queued'
    const message: SimulatedMessage = {
      ...emptyMessage(parts, phone, send.channel, at),
      sid: parts.newSid(send.mediaUrls.length > 0 ? 'MM' : 'SM'),
      from: send.from,
      to: send.to,
      service: send.service,
      body: parts.trialPrefix + send.body,
      contentSid: send.contentSid,
      variables: send.variables,
      mediaUrls: send.mediaUrls,
      statusCallback: send.statusCallback,
      parameters: send.parameters,
      ignored: send.ignored,
      discarded: send.discards,
      status,
      statuses: [{ status, at }],
    }
    messages.add(message)
    delivery.start(message, send)
    watch.message(message)
    hooks.accepted(message)
    return message
  }

  return {
    create(form: URLSearchParams): CreateAnswer {
      const to = (form.get('To') ?? '').replace(/^whatsapp:/, '')
      const refuse = (refused: Refusal, retryAfter: number | null = null): CreateAnswer => {
        const channel = form.get('To')?.startsWith('whatsapp:') ? 'whatsapp' : 'sms'
        const send = {
          id: parts.newSid('RF'),
          channel,
          from: form.get('From')?.replace(/^whatsapp:/, '') ?? null,
          to,
          service: form.get('MessagingServiceSid'),
          body: form.get('Body') ?? '',
          contentSid: form.get('ContentSid'),
          statusCallback: form.get('StatusCallback'),
          at: clock.now(),
          phone: phones.find(to)?.key ?? to,
          refused,
        } as const
        messages.refuse(send)
        watch.refused(send)
        return { kind: 'refused', refused, retryAfter }
      }
      if (faults.happens('reset', to)) return { kind: 'cut' }
      if (faults.happens('hang', to)) return { kind: 'silence' }
      if (faults.happens('error500', to)) return refuse(refusal(20500))
      const checked = checkSend(form, parts.own, parts.contents, clock.now())
      if (overRate(form.get('From') ?? form.get('MessagingServiceSid') ?? '', to))
        return refuse(refusal(20429), faults.get(to).noRetryAfter ? null : 1)
      if ('refused' in checked) return refuse(checked.refused)
      const { refuseWith } = faults.get(to)
      if (refuseWith !== null) return refuse(refusal(refuseWith))
      const phone = phones.of(to)
      if (checked.channel === 'sms' && phone.optedOut.has(checked.from ?? parts.own.sms ?? '')) return refuse(refusal(21610))
      const message = accept(checked)
      if (faults.happens('answerLost', to)) message.lost = 'answer_lost'
      else if (faults.happens('timeoutAfterAccepting', to)) message.lost = 'timeout'
      else if (faults.happens('acceptThen500', to)) message.lost = 'error_500'
      if (message.lost === 'answer_lost') return { kind: 'cut' }
      if (message.lost === 'timeout') return { kind: 'silence' }
      if (message.lost === 'error_500') return { kind: 'refused', refused: refusal(20500), retryAfter: null }
      return { kind: 'created', message }
    },
  }
}
