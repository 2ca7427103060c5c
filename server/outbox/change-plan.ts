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

/** @throws DomainError `not_found`; `conflict` when it is planned no more; `template_*`, `validation_failed`. */
export async function changePlan(
  parts: Parts,
  caller: Caller,
  id: string,
  { text, template, sendAt }: z.output<typeof planUpdate>,
): Promise<{ message: Message }> {
  const old = await parts.store.message(caller, id)
  if (old === null) throw new DomainError('not_found', 'No such message.')
  const own = parts.organizationOf(caller.orgId)
  const now = parts.clock.now()
  const said = template ? contentOf(own, old.channel, { template }) : text === undefined ? null : contentOf(own, old.channel, { text })
  const plan: Plan = {
    ...said,
    ...(sendAt === undefined ? {} : { dueAt: dueTime(sendAt, now) ?? now }),
  }
  const done = await changeMessage(parts, caller.orgId, id, replan(plan))
  if (done === null) throw new DomainError('not_found', 'No such message.')
  if (!done.changed)
    throw new DomainError('conflict', `It is too late to change: the message is ${done.message.status}.`, { message: done.message })
  return { message: done.message }
}
