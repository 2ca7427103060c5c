// Sends what a rule says about a record now, because somebody asks for it: as its conditions, its purpose's calendar and the client's
// opt-out allow, once under a key of the caller.
import type { Skipped } from '../../shared/automations.ts'
import type { Channel, Coordination, Message } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import { planOfEvent, type Rule } from '../rules/automation.ts'
import type { PendingEvent } from '../rules/record-plan.ts'
import { calendarOf } from './calendar-of.ts'
import { contactedOf } from './contacted-of.ts'
import { enterItem, itemKey } from './enter-item.ts'
import { gatherFacts, threadsOf } from './gather-facts.ts'

export interface SentNow {
  /** As it entered, now or before; or as it was kept, canceled, with the reason. */
  message: Message | null
  /** Why nothing was tried; `limit` also where the calendar lets it go only later. */
  skipped: Skipped | null
}

/** @param rules all that there are: what went by those of the same purpose counts. */
export async function sendNow(
  parts: Parts,
  orgId: string,
  record: Coordination,
  { rule, rules }: { rule: Rule; rules: readonly Rule[] },
  { key, channel, data }: { key: string; channel?: Channel | undefined; data: Coordination['data'] },
): Promise<SentNow> {
  const nothing = (skipped: Skipped): SentNow => ({ message: null, skipped })
  if (!rule.enabled) return nothing('disabled')
  if (record.status !== 'active') return nothing('canceled')
  const own = parts.organizationOf(orgId)
  const now = parts.clock.now()
  const event: PendingEvent = { type: 'asked', key, at: now, data, ...(channel === undefined ? {} : { channel }) }
  const { at: _, ...words } = rule
  const asked: Rule = { ...words, on: event.type, since: 0 }
  const facts = await gatherFacts(parts, own, record, [asked], await threadsOf(parts, orgId, record))
  const calendar = calendarOf(own, await contactedOf(parts, own, record, rules))
  const [item] = planOfEvent(record, event, [asked], calendar, now, facts.facts(event))
  if (item === undefined) return nothing('disabled')
  const isTried = item.skipped === null || item.skipped === 'opted_out' || item.skipped === 'no_template'
  if (!isTried) return nothing(item.skipped ?? 'disabled')
  // Asked for again, it is in the way of itself: what went today is found under its key.
  const before = item.skipped === null && item.at > now ? await sentBefore(parts, orgId, record.id, item.key) : null
  if (before !== null) return { message: before, skipped: null }
  if (item.at > now) return nothing('limit')
  const message = await enterItem(parts, own, record, item, { event, graceMs: calendar.durationMs(rule.grace) })
  return message === null ? nothing('no_phone') : { message, skipped: null }
}

async function sentBefore({ store }: Parts, orgId: string, coordinationId: string, key: string): Promise<Message | null> {
  const found = await store.findByKey(orgId, itemKey(coordinationId, key))
  return found?.message ?? null
}
