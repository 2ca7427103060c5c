// What a row of an imported list makes of the contacts that are there: a new one, a change, nothing, or a conflict that is told.
import type { Contact } from '../../shared/model.ts'
import { normalisedAddress } from '../../shared/phone.ts'
import type { ContactFacts, GivenAddress, NameSource } from './contact.ts'

/** A client of somebody's list, checked. */
export interface ContactDraft {
  /** Null: the list has none. */
  name: string | null
  externalId: string | null
  /** One per channel. */
  addresses: readonly GivenAddress[]
  attributes: Readonly<Record<string, string>>
  tags: readonly string[]
  /** The name where nobody gave one: the number as people write it. */
  fallbackName: string
}

export interface KnownContact extends ContactFacts {
  id: string
  name: string
  externalId: string | null
  tags: readonly string[]
}

export interface ContactChange {
  name?: string
  namedBy?: NameSource
  externalId?: string
  attributes?: Record<string, string>
  tags?: string[]
  addresses?: GivenAddress[]
}

export type ImportDecision =
  | { outcome: 'create' }
  | { outcome: 'change'; id: string; change: ContactChange }
  | { outcome: 'unchanged'; id: string }
  /** `between`: the contacts that claim the same; one alone has another client id. */
  | { outcome: 'conflict'; between: string[]; message: string }
  | { outcome: 'refused'; message: string }

/** As `contactUpdate` takes them. */
export const MOST_TAGS = 50

/**
 * @param byExternalId the contact with the row's client id.
 * @param byKeys those with one of its numbers.
 */
export function decideImport(draft: ContactDraft, byExternalId: KnownContact | null, byKeys: readonly KnownContact[]): ImportDecision {
  const ids = [...new Set([...(byExternalId ? [byExternalId] : []), ...byKeys].map(({ id }) => id))]
  if (ids.length > 1)
    return {
      outcome: 'conflict',
      between: ids,
      message: 'is about two contacts: its number is one’s, its client id or other number another’s',
    }
  const known = byExternalId ?? byKeys[0]
  if (known === undefined)
    return draft.addresses.length > 0
      ? { outcome: 'create' }
      : { outcome: 'refused', message: 'has no number, and its client is not known' }
  if (draft.externalId !== null && known.externalId !== null && known.externalId !== draft.externalId)
    return { outcome: 'conflict', between: ids, message: 'has the number of a contact with another client id' }
  const change = changeOf(draft, known)
  if ((change.tags?.length ?? 0) > MOST_TAGS) return { outcome: 'refused', message: `would be more than ${MOST_TAGS} tags` }
  return Object.keys(change).length === 0 ? { outcome: 'unchanged', id: known.id } : { outcome: 'change', id: known.id, change }
}

/** What a list says is news. An agent's correction of a name stands; an empty cell says nothing; tags are added. */
function changeOf(draft: ContactDraft, known: KnownContact): ContactChange {
  const change: ContactChange = {}
  if (draft.name !== null && draft.name !== known.name && known.nameSource !== 'agent') {
    change.name = draft.name
    change.namedBy = 'record'
  }
  if (draft.externalId !== null && known.externalId === null) change.externalId = draft.externalId
  const { attributes } = known
  const isNews = ([name, value]: [string, string]) => !Object.hasOwn(attributes, name) || attributes[name] !== value
  if (Object.entries(draft.attributes).some(isNews)) change.attributes = { ...attributes, ...draft.attributes }
  if (draft.tags.some((tag) => !known.tags.includes(tag))) change.tags = [...new Set([...known.tags, ...draft.tags])]
  const addresses = draft.addresses.filter((one) => !hasAddress(known.addresses, one))
  if (addresses.length > 0) change.addresses = addresses
  return change
}

const hasAddress = (addresses: readonly Contact['addresses'][number][], { channel, keys }: GivenAddress): boolean =>
  addresses.some((one) => one.channel === channel && keys.includes(normalisedAddress(one.address)))
