// What automations and campaigns sent to a client lately, by its purpose: what a calendar's limits count.
import type { Contacted, Purpose } from '../../shared/calendar.ts'
import { rulesOf } from '../automations/rules-of.ts'
import type { Organization } from '../organizations.ts'
import { isLimited, sentLately } from '../outbox/sent-lately.ts'
import type { Parts } from '../parts.ts'

export async function contactedBy(
  parts: Pick<Parts, 'store' | 'clock'>,
  own: Organization,
  address: string,
  purpose: Purpose,
): Promise<Contacted[]> {
  if (!isLimited(own, purpose)) return []
  const { store } = parts
  const sent = await sentLately(parts, own, address, ['automation', 'campaign'])
  const rules = sent.some(({ author }) => author.type === 'automation') ? await rulesOf(store, own.id) : []
  const purposes = new Map(rules.map((rule) => [`automation|${rule.name}`, rule.purpose]))
  const campaigns = new Set(sent.filter(({ author }) => author.type === 'campaign').map(({ author }) => author.id ?? ''))
  for (const id of campaigns) purposes.set(`campaign|${id}`, (await store.campaign(own.id, id))?.purpose ?? 'marketing')
  return sent.flatMap(({ author, channel, createdAt }) =>
    purposes.get(`${author.type}|${author.id ?? ''}`) === purpose ? [{ at: Date.parse(createdAt), channel }] : [],
  )
}
