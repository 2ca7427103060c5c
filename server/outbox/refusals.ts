// Why something may not be entered, the same for a first send and for another attempt.
import { takesAnswers } from '../../shared/phone.ts'
import { DomainError } from '../../shared/problems.ts'
import { windowIsOpen } from '../../shared/window.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { EnterChecks } from '../store/records.ts'
import type { Target } from './target.ts'

const HOUR_MS = 3600_000

/**
 * Everything needs a sender, and a contact who can be answered and did not opt out; free text also an open window.
 *
 * @throws DomainError `no_sender`, `invalid_phone`, `opted_out`, `window_closed` (with `templates`).
 */
export async function mayLeave(
  parts: Pick<Parts, 'store'>,
  own: Organization,
  target: Omit<Target, 'conversationId' | 'coordinationId' | 'phone' | 'contactName' | 'contactId'>,
  /** When free text would go; null: it needs no window. */
  textAt: number | null,
): Promise<void> {
  const ready = own.senders.readiness(target.channel)
  if (!ready.ready) throw new DomainError('no_sender', ready.reason)
  if (!own.senders.find(target.channel, target.sender))
    throw new DomainError('no_sender', `The sender ${target.sender} of this conversation is not configured.`)
  if (!takesAnswers(target.channel, target.address))
    throw new DomainError('invalid_phone', 'This came from a name instead of a number: nobody can answer it.')
  if (target.optedOut) throw hasOptedOut()
  if (textAt !== null && !windowIsOpen(target.channel, target.lastInboundAt, textAt)) throw await windowIsClosed(parts, own.id)
}

/**
 * The checks of the store in the moment in which an agent's message enters.
 *
 * @param freeText whether it needs an open window.
 * @param consent what it is for those who opted out; null: a note.
 * @param count messages that enter together.
 */
export function agentChecks(
  { settings }: Pick<Organization, 'settings'>,
  now: number,
  freeText: boolean,
  consent: EnterChecks['consent'],
  count = 1,
): EnterChecks {
  const contactLimit = { max: settings.sendLimitPerContactHour - count + 1, since: now - HOUR_MS }
  return { ifNoAnswerSince: null, consent, openWindow: freeText, contactLimit }
}

export const hasOptedOut = (): DomainError => new DomainError('opted_out', 'The contact asked for no more such messages on this channel.')

/** More are not named: the caller can ask for all of them. */
const MOST_NAMES = 20

/** With the names of some that may go instead. */
export async function windowIsClosed({ store }: Pick<Parts, 'store'>, orgId: string): Promise<DomainError> {
  const { items } = await store.templates(orgId, { approved: true }, { cursor: null, limit: MOST_NAMES })
  return new DomainError('window_closed', 'More than 24 hours since the client’s last message: WhatsApp only takes a template.', {
    templates: [...new Set(items.map((template) => template.name))],
  })
}

export function limitReached(until: number, now: number): DomainError {
  return new DomainError('limit_reached', 'This contact got as many messages as allowed in an hour.', {
    retryAfter: Math.max(1, Math.ceil((until - now) / 1000)),
  })
}
