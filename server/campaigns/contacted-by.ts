// What automations and campaigns sent to a client lately, by its purpose: what a calendar's limits count.
import type { Contacted, Purpose } from '../../shared/calendar.ts'
import { identityKeys } from '../../shared/phone.ts'
import { rulesOf } from '../automations/rules-of.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'

const SPAN_MS = 8 * 24 * 3600_000
const MOST = 100

export async function contactedBy(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  own: Organization,
  address: string,
  purpose: Purpose,
): Promise<Contacted[]> {
  const { perDay, perWeek, oneChannelAWeek } = own.settings.calendars[purpose]
  if (perDay === null && perWeek === null && !oneChannelAWeek) return []
  const everything = { orgId: own.id, agentId: '', scope: null }
  const filter = { phoneKeys: identityKeys(address), automated: true, sort: 'activity' } as const
  const [known] = (await store.conversations(everything, filter, { cursor: null, limit: 1 })).items
  if (known === undefined) return []
  const from = clock.now() - SPAN_MS
  const read = async (authorType: 'automation' | 'campaign') =>
    (
      await store.messageLog(
        everything,
        { contactId: known.contact.id, authorType, direction: 'outbound', from },
        { cursor: null, limit: MOST },
      )
    ).items
  const [automated, campaigned] = [await read('automation'), await read('campaign')]
  const rules = automated.length === 0 ? [] : await rulesOf(store, own.id)
  const purposes = new Map(rules.map((rule) => [rule.name, rule.purpose]))
  for (const id of new Set(campaigned.map(({ author }) => author.id ?? '')))
    purposes.set(`campaign|${id}`, (await store.campaign(own.id, id))?.purpose ?? 'marketing')
  return [...automated, ...campaigned].flatMap(({ author, channel, status, createdAt }) => {
    const was = purposes.get(author.type === 'campaign' ? `campaign|${author.id}` : (author.id ?? ''))
    return was !== purpose || status === 'canceled' || status === 'failed' ? [] : [{ at: Date.parse(createdAt), channel }]
  })
}
