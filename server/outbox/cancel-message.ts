// Takes back what has not left: a scheduled or queued message, or one that nobody can tell about.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { cancelMessage as cancelRule, giveUp } from '../rules/message.ts'
import { changeMessage } from './change-message.ts'
import { unsettled } from './failures.ts'

/** @throws DomainError `not_found`; `conflict` when it is too late. */
export async function cancelMessage(parts: Parts, caller: Caller, id: string): Promise<{ message: Message }> {
  const { store, clock } = parts
  const old = await store.message(caller, id)
  if (old === null) throw new DomainError('not_found', 'No such message.')
  if (old.status === 'canceled') return { message: old }
  if (old.status === 'unconfirmed') {
    const given = await changeMessage(parts, caller.orgId, id, giveUp(unsettled, clock.now()))
    return { message: given?.changed ? given.message : await settledMeanwhile(parts, caller, id) }
  }
  // Given up before: asked twice, or by two agents at once.
  if (old.status === 'failed' && old.error?.reason === 'unsettled') return { message: old }
  const canceled = await changeMessage(parts, caller.orgId, id, cancelRule)
  if (canceled === null) throw new DomainError('not_found', 'No such message.')
  // Two agents at once: what both wanted.
  if (!canceled.changed && canceled.message.status !== 'canceled')
    throw new DomainError('conflict', `It is too late to cancel: the message is ${canceled.message.status}.`)
  return { message: canceled.message }
}

/** Somebody else gave it up in the same moment, which is what was asked for; else it went out after all. */
async function settledMeanwhile({ store }: Parts, caller: Caller, id: string): Promise<Message> {
  const now = await store.message(caller, id)
  if (now?.status === 'failed') return now
  throw new DomainError('conflict', 'The message went out meanwhile.')
}
