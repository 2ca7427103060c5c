// Says a planned message differently, or plans it for another time. One step: until it is done the old plan stands.
import type { z } from 'zod'
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { planUpdate } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import { type Plan, replan } from '../rules/message.ts'
import { changeMessage } from './change-message.ts'
import { contentOf } from './content.ts'
import { dueTime } from './due-time.ts'
import { planBOf } from './plan-b.ts'
import { recipientOf } from './target.ts'

/** @throws DomainError `not_found`; `conflict` when it is planned no more; `template_*`, `validation_failed`. */
export async function changePlan(
  parts: Parts,
  caller: Caller,
  id: string,
  { text, template, sendAt, planB }: z.output<typeof planUpdate>,
): Promise<{ message: Message }> {
  const old = await parts.store.message(caller, id)
  if (old === null) throw new DomainError('not_found', 'No such message.')
  if (old.media.length > 0 && (template ?? planB))
    throw new DomainError('validation_failed', 'A file goes without a template and without a plan B.', {
      issues: [{ path: template ? 'template' : 'planB', message: 'is for a text without files' }],
    })
  const own = parts.organizationOf(caller.orgId)
  const now = parts.clock.now()
  const goesAt = Date.parse(sendAt ?? old.dueAt ?? '') || now
  const saying = template ? { template } : text === undefined ? null : { text }
  const said = saying && (await contentOf(parts, own, old.channel, saying, await recipient())).words
  if (planB && (said?.type ?? old.type) !== 'text')
    throw new DomainError('validation_failed', 'A plan B is for a text.', { issues: [{ path: 'planB', message: 'is for a text' }] })
  const plan: Plan = {
    ...said,
    // A caption stays beside its file.
    ...(said && old.media.length > 0 ? { type: old.type } : {}),
    // A template needs none: it goes at any time.
    ...(planB === null || template
      ? { planB: null }
      : planB
        ? { planB: await planBOf(parts, own, { channel: old.channel, ...(await recipient()) }, planB) }
        : {}),
    ...(sendAt === undefined ? {} : { dueAt: dueTime(sendAt, now) ?? now }),
  }
  const done = await changeMessage(parts, caller.orgId, id, replan(plan))
  if (done === null) throw new DomainError('not_found', 'No such message.')
  if (!done.changed)
    throw new DomainError('conflict', `It is too late to change: the message is ${done.message.status}.`, { message: done.message })
  return { message: done.message }

  /** Another time alone asks nothing about the client. */
  async function recipient() {
    const thread = old && (await parts.store.conversation(caller, old.conversationId))
    if (!thread) throw new DomainError('not_found', 'No such message.')
    return recipientOf(caller, { ...thread, phone: thread.contact.phone, contactName: thread.contact.name }, goesAt)
  }
}
