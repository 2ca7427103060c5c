// The rules of saving a record of the host.
import type { Channel, Coordination, CoordinationStatus } from '../../shared/model.ts'
import { identityKeys, normalisedAddress } from '../../shared/phone.ts'

type Saved = Pick<Coordination, 'title' | 'contact' | 'startsAt' | 'timezone' | 'url' | 'provisional' | 'status' | 'agent' | 'data'>
/** A record as it is given to be saved; null where the model leaves a field out. */
export type RecordInput = Omit<Saved, 'timezone' | 'url' | 'agent'> & {
  timezone: string | null
  url: string | null
  agent: { id: string; name: string } | null
  provisional?: true
}

/** Objects by their fields, in whatever order they were given. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

const comparable = ({ title, contact, startsAt, timezone, url, status, agent, data }: Saved | RecordInput): string =>
  canonical([title, contact, startsAt, timezone ?? null, url ?? null, status, agent ?? null, data])

/**
 * Whether saving it changes nothing: then its `rev` and its place in the list stay. Hosts post all their records every night;
 * and what is only provisional never replaces one that is there.
 */
export function isSameRecord(before: Saved, input: RecordInput): boolean {
  return input.provisional === true || (before.provisional !== true && comparable(before) === comparable(input))
}

/** Whether the host has not saved it before, whatever was made in its place. */
export function isFirstSave(before: Pick<Coordination, 'provisional'> | null | undefined): boolean {
  return before === null || before === undefined || before.provisional === true
}

/** Whether it takes what comes in. One that the host named but never sent us (`status` null) is not closed. */
export function isOpenRecord(id: string | null, status: CoordinationStatus | null): boolean {
  return id !== null && (status === null || status === 'active')
}

/** Whether a conversation about it shows something else now. */
export function isShownAlike(before: Saved, after: Saved): boolean {
  const isNamed = before.title === after.title && before.startsAt === after.startsAt && before.status === after.status
  return isNamed && canonical(numbersOf(before)) === canonical(numbersOf(after))
}

type Numbers = Pick<Coordination['contact'], 'phone' | 'phones'>
const numbersOf = ({ contact: { phone, phones } }: Saved): Numbers => ({ phone, ...(phones ? { phones } : {}) })

/** How the host writes this client's number, where it is the same one in another form; null: as everybody does, or another's. */
export function ownForm({ phone, phones }: Numbers, channel: Channel, shown: string | null): string | null {
  const own = phones?.[channel] ?? phone
  if (shown === null || own === normalisedAddress(shown)) return null
  const keys = identityKeys(shown)
  return identityKeys(own).some((key) => keys.includes(key)) ? own : null
}
