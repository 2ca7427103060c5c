// What automations sent to a record's client lately, by the purpose of their rules: what a calendar's limits count.
import type { Contacted, Purpose } from '../../shared/calendar.ts'
import type { Coordination } from '../../shared/model.ts'
import { identityKeys } from '../../shared/phone.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { Rule } from '../rules/automation.ts'

const SPAN_MS = 8 * 24 * 3600_000
const MOST = 100

export async function contactedOf(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  own: Organization,
  record: Coordination,
  rules: readonly Rule[],
): Promise<(Contacted & { purpose: Purpose })[]> {
  if (!rules.some((rule) => rule.enabled && isLimited(own, rule.purpose))) return []
  const everything = { orgId: own.id, agentId: '', scope: null }
  const filter = { phoneKeys: identityKeys(record.contact.phone), automated: true, sort: 'activity' } as const
  const [known] = (await store.conversations(everything, filter, { cursor: null, limit: 1 })).items
  if (known === undefined) return []
  const since = clock.now() - SPAN_MS
  const page = await store.messageLog(
    everything,
    { contactId: known.contact.id, authorType: 'automation', direction: 'outbound', from: since },
    { cursor: null, limit: MOST },
  )
  const purposes = new Map(rules.map(({ name, purpose }) => [name, purpose]))
  return page.items.flatMap(({ author, channel, status, createdAt }) => {
    const purpose = purposes.get(author.id ?? '')
    return purpose === undefined || status === 'canceled' || status === 'failed' ? [] : [{ at: Date.parse(createdAt), channel, purpose }]
  })
}

/** Whether the calendar of this purpose counts what went before. */
function isLimited({ settings }: Organization, purpose: Purpose): boolean {
  const { perDay, perWeek, oneChannelAWeek } = settings.calendars[purpose]
  return perDay !== null || perWeek !== null || oneChannelAWeek
}
