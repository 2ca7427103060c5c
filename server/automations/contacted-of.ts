// What automations sent to a record's client lately, by the purpose of their rules: what a calendar's limits count.
import type { Contacted, Purpose } from '../../shared/calendar.ts'
import type { Coordination } from '../../shared/model.ts'
import type { Organization } from '../organizations.ts'
import { isLimited, sentLately } from '../outbox/sent-lately.ts'
import type { Parts } from '../parts.ts'
import type { Rule } from '../rules/automation.ts'

export async function contactedOf(
  parts: Pick<Parts, 'store' | 'clock'>,
  own: Organization,
  record: Coordination,
  rules: readonly Rule[],
): Promise<(Contacted & { purpose: Purpose })[]> {
  if (!rules.some((rule) => rule.enabled && isLimited(own, rule.purpose))) return []
  const purposes = new Map(rules.map(({ name, purpose }) => [name, purpose]))
  return (await sentLately(parts, own, record.contact.phone, ['automation'])).flatMap(({ author, channel, createdAt }) => {
    const purpose = purposes.get(author.id ?? '')
    return purpose === undefined ? [] : [{ at: Date.parse(createdAt), channel, purpose }]
  })
}
