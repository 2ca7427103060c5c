// Two contacts who are one person: what the one becomes, and what it was before where the merge is undone.
import type { Contact } from '../../shared/model.ts'
import { normalisedAddress } from '../../shared/phone.ts'
import type { NameSource } from './contact.ts'

/** What a contact says of itself. */
export interface ContactSelf {
  name: string
  nameSource: NameSource
  externalId: string | null
  addresses: Contact['addresses']
  attributes: Record<string, string>
  tags: string[]
}

/** Kept with a merge, so that it can be undone. */
export interface ContactMerge {
  fromId: string
  intoId: string
  from: ContactSelf & { createdAt: number }
  /** `into` before and after. */
  before: ContactSelf
  after: ContactSelf
  /** What went over from the one to the other, by id and key. */
  lines: string[]
  keys: string[]
  conversations: string[]
}

/** Null: the host knows them as two clients. What both say stays as `into` says it; a name that is only a number gives way. */
export function mergeSelves(into: ContactSelf, from: ContactSelf): ContactSelf | null {
  if (into.externalId !== null && from.externalId !== null && into.externalId !== from.externalId) return null
  const named = into.nameSource === 'phone' ? from : into
  const there = new Set(into.addresses.map(({ channel }) => channel))
  const more = from.addresses.filter(({ channel }) => !there.has(channel))
  return {
    ...{ name: named.name, nameSource: named.nameSource, externalId: into.externalId ?? from.externalId },
    addresses: [...into.addresses, ...more.map((one) => ({ ...one, preferred: into.addresses.length === 0 && one.preferred }))],
    attributes: { ...from.attributes, ...into.attributes },
    tags: [...new Set([...into.tags, ...from.tags])],
  }
}

/** What was changed since the merge stays as it is; all else is as before. */
export function unmergeSelf(now: ContactSelf, { before, after, keys }: Pick<ContactMerge, 'before' | 'after' | 'keys'>): ContactSelf {
  const isSame = (field: keyof ContactSelf) => JSON.stringify(now[field]) === JSON.stringify(after[field])
  const back = <Field extends keyof ContactSelf>(field: Field): ContactSelf[Field] => (isSame(field) ? before[field] : now[field])
  const named = isSame('name') ? before : now
  return {
    ...{ name: named.name, nameSource: named.nameSource, externalId: back('externalId') },
    ...{ addresses: addressesBack(now, before, keys), attributes: back('attributes'), tags: back('tags') },
  }
}

/** The other's numbers go, also where it wrote from one of them meanwhile; then the one that stood there before is back. */
function addressesBack(now: ContactSelf, before: ContactSelf, keys: readonly string[]): ContactSelf['addresses'] {
  const isTheirs = ({ address }: ContactSelf['addresses'][number]) => keys.includes(normalisedAddress(address))
  const own = now.addresses.filter((one) => !isTheirs(one))
  const there = new Set(own.map(({ channel }) => channel))
  const back = [...own, ...before.addresses.filter(({ channel }) => !there.has(channel))]
  return back.toSorted(
    (a, b) =>
      before.addresses.findIndex((one) => one.channel === a.channel) - before.addresses.findIndex((one) => one.channel === b.channel),
  )
}

interface Place {
  channel: string
  sender: string
  coordinationId: string | null
}

/** A thread of each about the same record, by one sender: they go over lines of their own, so that neither can take the other in. */
export function threadsCollide(into: readonly Place[], from: readonly Place[]): boolean {
  const placeOf = ({ channel, sender, coordinationId }: Place) => JSON.stringify([channel, sender, coordinationId])
  const taken = new Set(into.map(placeOf))
  return from.some((one) => taken.has(placeOf(one)))
}

export const mergeName = (orgId: string, undoId: string): string => `merge|${orgId}|${undoId}`
export const undoneName = (orgId: string, undoId: string): string => `unmerged|${orgId}|${undoId}`
