// Who a contact is: what it is called, where it is written to, what a message or a person tells about it.
import { foldText } from '../../shared/fold-text.ts'
import type { Channel, Contact } from '../../shared/model.ts'
import { normalisedAddress } from '../../shared/phone.ts'

/** Who gave a contact its name. `phone`: nobody; it is the number as people write it, until a profile tells one. */
export type NameSource = 'agent' | 'record' | 'profile' | 'phone'

export interface Name {
  text: string
  source: NameSource
}

/** The key that orders a list of contacts: the name without case and accents. */
export const sortNameOf = (name: string): string => foldText(name)

const nameFrom = (source: NameSource, text: string | null | undefined): Name | null => {
  const trimmed = text?.trim()
  return trimmed ? { text: trimmed, source } : null
}

/** Names that are told of a contact: by an agent who opens its thread, or by its profile. */
export interface ToldNames {
  agent?: string | null
  profile?: string | null
}

/** The name of a contact that is made: an agent's word, else that of an open record that knows the number, else the profile. */
export function nameNewContact(told: ToldNames & { record?: string | null; fallback: string }): Name {
  return (
    nameFrom('agent', told.agent) ??
    nameFrom('record', told.record) ??
    nameFrom('profile', told.profile) ?? { text: told.fallback, source: 'phone' }
  )
}

type Address = Contact['addresses'][number]

/** A contact as the rules see it. */
export interface ContactFacts {
  nameSource: NameSource
  addresses: readonly Address[]
  attributes: Readonly<Record<string, string>>
}

/** The facts about a contact in a message or a call. */
export interface Told {
  names: ToldNames
  channel: Channel
  address: string
  phone: string | null
  /** Typed by hand: does not replace the address that the client last wrote from. */
  typed?: boolean
  attributes: Readonly<Record<string, string>>
}

/** The facts that are news about the contact: only a number gives way to a name, and what is known of it is not overwritten. */
export interface News {
  name: Name | null
  addresses: readonly Address[] | null
  attributes: Record<string, string> | null
}

export function mergeIdentity(contact: ContactFacts, told: Told): News {
  const names = contact.nameSource === 'phone' ? (nameFrom('agent', told.names.agent) ?? nameFrom('profile', told.names.profile)) : null
  const isNew = Object.keys(told.attributes).some((name) => !Object.hasOwn(contact.attributes, name))
  return {
    name: names,
    addresses: mergeAddress(contact.addresses, told),
    attributes: isNew ? { ...told.attributes, ...contact.attributes } : null,
  }
}

/** One address per channel: the one that the client last wrote from. Null: it is known. */
function mergeAddress(addresses: readonly Address[], { channel, address, phone, typed }: Told): Address[] | null {
  const known = addresses.find((one) => one.channel === channel)
  if (!known) return [...addresses, { channel, address, phone, preferred: addresses.length === 0 }]
  if (typed || (known.address === address && known.phone === (phone ?? known.phone))) return null
  return addresses.map((one) => (one === known ? { ...one, address, phone: phone ?? one.phone } : one))
}

/** A number that a person gives a contact on a channel; the first of its keys is the normalised one. */
export interface GivenAddress {
  channel: Channel
  phone: string
  keys: readonly [string, ...string[]]
  preferred: boolean
}

/**
 * Gives a contact other numbers. `taken` and `dropped` are keys that lead to it from now on, and no longer; `moved` are
 * the channels on which it is another number: its threads there go on, without the old number's window and opt-out.
 */
export function changeAddresses(
  before: readonly Address[],
  given: readonly GivenAddress[],
): { addresses: Address[]; taken: string[]; dropped: string[]; moved: { channel: Channel; to: GivenAddress }[] } {
  let addresses: Address[] = [...before]
  const moved: { channel: Channel; to: GivenAddress }[] = []
  const left: string[] = []
  for (const one of given) {
    const { channel, phone, keys, preferred } = one
    const old = addresses.find((address) => address.channel === channel)
    const isSame = old !== undefined && normalisedAddress(old.address) === keys[0]
    const next = { channel, address: isSame ? old.address : phone, phone, preferred: preferred || addresses.length === 0 }
    addresses = [
      ...addresses.filter((address) => address !== old).map((address) => (preferred ? { ...address, preferred: false } : address)),
      next,
    ]
    if (old && !isSame) left.push(normalisedAddress(old.address))
    if (!isSame) moved.push({ channel, to: one })
  }
  const taken = moved.map(({ to }) => to.keys[0])
  // An old number that is still the contact's on another channel goes on leading to it.
  const kept = new Set([...taken, ...addresses.map((one) => normalisedAddress(one.address))])
  return { addresses, taken, dropped: left.filter((key) => !kept.has(key)), moved }
}

/** What stays of an erased contact that opted out: the addresses that it did so with, and a name that says no more than they do. */
export function whoStays(addresses: readonly Address[], optedOut: ReadonlySet<string>): { name: string; addresses: Address[] } {
  const kept = addresses.filter(({ address }) => optedOut.has(normalisedAddress(address)))
  const [first] = [...kept.map(({ address }) => address), ...optedOut]
  return { name: first ?? '', addresses: kept.map((one, index) => ({ ...one, preferred: index === 0 })) }
}
