// Whom a campaign is for, a page at a time. What is listed twice is one recipient: that is seen to where they are listed.
import type { Contact, Coordination } from '../../shared/model.ts'
import { phoneOf } from '../automations/gather-facts.ts'
import type { Parts } from '../parts.ts'
import type { Campaign } from '../rules/campaign.ts'
import type { Page } from '../store/records.ts'
import type { Wanted } from './draft-recipient.ts'
import { seesAll } from '../store/sees-all.ts'

type Reads = Pick<Parts, 'store'>
type Asked = Pick<Campaign, 'audience' | 'channel'>

const PAGE = 100
/** Of those who have a tag: contacts first, then the threads that have it. */
const THREADS = 'threads|'

export async function readAudience(parts: Reads, orgId: string, campaign: Asked, cursor: string | null): Promise<Page<Wanted>> {
  const { audience } = campaign
  switch (audience.type) {
    case 'all':
      return contactsOf(parts, orgId, campaign, cursor, () => true)
    case 'tag':
      return taggedWith(parts, orgId, campaign, audience.tag, cursor)
    case 'field':
      return recordsWith(parts, orgId, campaign, (record) => fieldOf(record, audience.field) === audience.value, cursor)
    case 'coordinations':
      return recordsNamed(parts, orgId, campaign, audience.ids, cursor)
    case 'phones':
      return { items: audience.phones.map((to) => ({ to })), nextCursor: null }
    case 'upload':
      return { items: [], nextCursor: null }
  }
}

async function contactsOf(
  { store }: Reads,
  orgId: string,
  { channel }: Asked,
  cursor: string | null,
  isOne: (contact: Contact) => boolean,
) {
  const page = await store.contacts(seesAll(orgId), null, { cursor, limit: PAGE })
  const items = page.items.filter(isOne).map((contact) => ({ to: addressOf(contact, channel), id: contact.id, name: contact.name }))
  return { items, nextCursor: page.nextCursor }
}

/** Its address there, else any number of its own. */
function addressOf({ addresses }: Contact, channel: Campaign['channel']): string | null {
  const there = addresses.filter((one) => one.channel === channel)
  const own = there.find(({ preferred }) => preferred) ?? there[0]
  return own?.address ?? addresses.find(({ phone }) => phone !== null)?.phone ?? null
}

async function taggedWith(parts: Reads, orgId: string, campaign: Asked, tag: string, cursor: string | null): Promise<Page<Wanted>> {
  if (!cursor?.startsWith(THREADS)) {
    const page = await contactsOf(parts, orgId, campaign, cursor, ({ tags }) => tags.includes(tag))
    return { ...page, nextCursor: page.nextCursor ?? THREADS }
  }
  const filter = { tag, automated: true, sort: 'activity' } as const
  const from = cursor.slice(THREADS.length) || null
  const { items, nextCursor } = await parts.store.conversations(seesAll(orgId), filter, { cursor: from, limit: PAGE })
  return {
    items: items.map(({ channel, contact }) => ({
      ...{ to: channel === campaign.channel ? contact.address : contact.phone, id: contact.id, name: contact.name },
    })),
    nextCursor: nextCursor === null ? null : THREADS + nextCursor,
  }
}

async function recordsWith(
  { store }: Reads,
  orgId: string,
  campaign: Asked,
  isOne: (record: Coordination) => boolean,
  after: string | null,
): Promise<Page<Wanted>> {
  const page = await store.recordPlans(orgId, after, PAGE)
  const items = page.filter(({ record }) => isOne(record)).map(({ record }) => clientOf(record, campaign))
  return { items, nextCursor: page.length < PAGE ? null : (page.at(-1)?.record.id ?? null) }
}

function fieldOf(record: Coordination, field: string): unknown {
  const name = field.replace(/^data\./, '')
  if (Object.hasOwn(record.data, name)) return record.data[name]
  if (field === 'status') return record.status
  return field === 'title' ? record.title : undefined
}

const clientOf = (record: Coordination, { channel }: Asked): Wanted => ({
  ...{ to: phoneOf(record, channel) || null, id: record.id, name: record.contact.name, coordinationId: record.id, zone: record.timezone },
})

async function recordsNamed({ store }: Reads, orgId: string, campaign: Asked, ids: readonly string[], cursor: string | null) {
  const from = Number(cursor ?? 0)
  const some = ids.slice(from, from + PAGE)
  const found = await Promise.all(some.map((id) => store.coordination(seesAll(orgId), id)))
  const items = found.map((record, index) => (record === null ? { to: null, id: some[index] ?? '' } : clientOf(record, campaign)))
  return { items, nextCursor: from + PAGE < ids.length ? String(from + PAGE) : null }
}
