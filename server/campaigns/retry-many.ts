// Another attempt of all that failed of a part of the log: of each message one, whoever asks for it how often, also where the process
// ends in the middle (its key is the old message's id). They go with a campaign's pace, and each is checked as any other send is.
import { purpose, type Purpose } from '../../shared/calendar.ts'
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { RetryMany, RetrySkip } from '../../shared/retry-many.ts'
import { rulesOf } from '../automations/rules-of.ts'
import { eachAtOnce } from './each-at-once.ts'
import type { Organization } from '../organizations.ts'
import { prepareRetry, retryMessage } from '../outbox/retry-message.ts'
import type { Caller, Parts } from '../parts.ts'
import { nextAllowed } from '../rules/calendar.ts'
import { zoneOfNumber } from '../rules/recipient-zone.ts'
import { whyNotAgain } from '../rules/try-again.ts'
import type { LogFilter } from '../store/records.ts'
import { contactedBy } from './contacted-by.ts'

/** Attempts of one call; the next call goes on behind them. */
const MOST = 1000
const PAGE = 100
const AT_ONCE = 8
const EXAMPLES = 50

type Skipped = { reason: RetrySkip; detail: string }

export async function retryMany(
  parts: Parts,
  caller: Caller,
  filter: LogFilter,
  { dryRun, cursor: from }: { dryRun: boolean; cursor: string | null },
): Promise<RetryMany> {
  const own = parts.organizationOf(caller.orgId)
  const found: RetryMany = { retried: 0, skipped: {}, examples: [], nextCursor: null }
  if (filter.statuses !== undefined && !filter.statuses.includes('failed')) return found
  const wanted: LogFilter = { ...filter, statuses: ['failed'] }
  const purposes = createPurposes(parts, own)
  const skip = ({ id }: Message, { reason, detail }: Skipped) => {
    found.skipped[reason] = (found.skipped[reason] ?? 0) + 1
    if (found.examples.length < EXAMPLES) found.examples.push({ id, reason, detail })
  }
  const tryOne = async (message: Message) => {
    const skipped = await attempt(parts, caller, own, message, purposes, dryRun)
    if (skipped === null) found.retried++
    else skip(message, skipped)
  }
  let tried = 0
  for (let cursor = from; tried < MOST; ) {
    const page = await parts.store.messageLog(caller, wanted, { cursor, limit: Math.min(PAGE, MOST - tried) })
    const todo: Message[] = []
    for (const message of page.items) {
      const facts = { ...message, putAway: message.putAway === true, hasMedia: message.media.length > 0 }
      const expiresAt = message.expiresAt === null ? null : Date.parse(message.expiresAt)
      // The words of a sensitive one are in no list: whether they are there still is seen as it is tried.
      const text = message.sensitive ? '…' : message.text
      const reason = whyNotAgain({ ...facts, expiresAt, text }, parts.clock.now())
      if (reason === null) todo.push(message)
      else if (reason !== 'not_failed') skip(message, { reason, detail: details[reason] })
    }
    tried += todo.length
    await eachAtOnce(todo, AT_ONCE, tryOne)
    found.nextCursor = cursor = page.nextCursor
    if (cursor === null) return found
    // Others go in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return found
}

const details = {
  done: 'It was sent again already, or somebody put it away.',
  permanent: 'It would fail again.',
  expired: 'Its time is over.',
  erased: 'Its text was erased.',
} as const

/** Null: it goes, or would go. */
async function attempt(
  parts: Parts,
  caller: Caller,
  own: Organization,
  message: Message,
  purposes: Purposes,
  dryRun: boolean,
): Promise<Skipped | null> {
  try {
    const late = await calendarFault(parts, caller, own, message, purposes)
    if (late !== null) return late
    if (dryRun) {
      await prepareRetry(parts, caller, message.id)
      return null
    }
    const { created } = await retryMessage(parts, caller, message.id, { author: 'same', lane: 2 })
    return created ? null : { reason: 'done', detail: details.done }
  } catch (error) {
    return skipOf(error)
  }
}

/** @throws what is no answer about this message alone. */
function skipOf(error: unknown): Skipped {
  if (!(error instanceof DomainError)) throw error
  const detail = error.message
  switch (error.code) {
    case 'window_closed':
      return { reason: 'window', detail }
    case 'opted_out':
    case 'invalid_phone':
    case 'no_sender':
      return { reason: error.code, detail }
    case 'limit_reached':
      return { reason: 'limit', detail }
    case 'template_not_approved':
    case 'template_variables_missing':
      return { reason: 'template', detail }
    case 'not_retryable':
    case 'not_found':
    case 'conflict':
      return { reason: 'done', detail }
    case 'validation_failed':
    case 'unsupported_media':
    case 'no_public_url':
      return { reason: 'content', detail }
    default:
      throw error
  }
}

type Purposes = (author: Message['author']) => Promise<Purpose | null>

/** What a rule or a campaign is for, asked once of each; null: somebody wrote it. */
function createPurposes({ store }: Parts, own: Organization): Purposes {
  const known = new Map<string, Promise<Purpose>>()
  const ask = async ({ type, id }: Message['author']): Promise<Purpose> => {
    if (type === 'campaign') return (await store.campaign(own.id, id ?? ''))?.purpose ?? 'marketing'
    return (await rulesOf(store, own.id)).find(({ name }) => name === id)?.purpose ?? purpose.enum.service
  }
  return async (author) => {
    if (author.type !== 'campaign' && author.type !== 'automation') return null
    const key = `${author.type}|${author.id}`
    const asked = known.get(key) ?? ask(author)
    known.set(key, asked)
    return asked
  }
}

/** What goes by itself keeps to the hours and days of its purpose, also where somebody sends it again. */
async function calendarFault(
  parts: Parts,
  caller: Caller,
  own: Organization,
  message: Message,
  purposes: Purposes,
): Promise<Skipped | null> {
  const why = await purposes(message.author)
  if (why === null) return null
  const conversation = await parts.store.conversation(caller, message.conversationId)
  if (conversation === null) return null
  const { address } = conversation.contact
  const { calendars, holidays, timezone, defaultCountry: country } = own.settings
  const sentBefore = await contactedBy(parts, own, address, why)
  const at = parts.clock.now()
  const zone = zoneOfNumber(address, { timezone, country })
  const allowed = nextAllowed({ at, zone, channel: message.channel, calendar: calendars[why], holidays, sentBefore })
  if (!('never' in allowed) && allowed.at <= at) return null
  return { reason: 'calendar', detail: 'The contact calendar does not allow it now.' }
}
