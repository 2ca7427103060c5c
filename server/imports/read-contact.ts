// A row of a list of clients as a draft of a contact, or why it is none.
import type { Channel, OptOutScope } from '../../shared/model.ts'
import { formatPhone, parsePhone } from '../../shared/parse-phone.ts'
import { identityKeys } from '../../shared/phone.ts'
import { cleanText } from '../../shared/requests.ts'
import type { GivenAddress } from '../rules/contact.ts'
import type { ImportField } from '../../shared/import-columns.ts'
import { type ContactDraft, MOST_TAGS } from '../rules/import-contact.ts'
import { readList, readOptedOut, readTime } from '../rules/import-values.ts'
import type { TableRow } from './read-table.ts'

export const contactFields = [
  ...['phone', 'whatsapp', 'sms', 'name', 'lastName', 'externalId', 'tags'],
  ...['optedOut', 'optedOutAt', 'consentAt', 'consentSource'],
] as const satisfies readonly ImportField[]
export type ContactField = (typeof contactFields)[number]

export interface ContactRow {
  draft: ContactDraft
  /** What the client wants no more, and since when; `at` null: the list does not say. */
  optOut: { scope: OptOutScope; at: number | null } | null
}

export interface ReadContactOptions {
  /** Of a column that says only that it is a number. */
  channel: Channel
  defaultCountry: string
  /** Columns that are attributes, by their heads; `all`: every one that is nothing else. */
  attributes: readonly string[] | 'all'
  now: number
}

/** As the calls that change one contact take them. */
const MOST = { name: 120, externalId: 128, tag: 60, attribute: 500, attributeName: 64 } as const

class Fault extends Error {}

export function readContact({ values, others }: TableRow<ContactField>, options: ReadContactOptions): ContactRow | { fault: string } {
  try {
    const addresses = readAddresses(values, options)
    const name = text('name', [values.name, values.lastName].filter((part) => part !== undefined).join(' '), MOST.name)
    const first = addresses[0]
    const draft: ContactDraft = {
      name: name === '' ? null : name,
      externalId: text('client id', values.externalId ?? '', MOST.externalId) || null,
      addresses,
      attributes: readAttributes(values, others, options),
      tags: readTags(values.tags ?? ''),
      fallbackName: first === undefined || name !== '' ? name : formatPhone(first.phone),
    }
    return { draft, optOut: readOptOut(values, options.now) }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message }
    throw error
  }
}

function readAddresses(values: TableRow<ContactField>['values'], { channel, defaultCountry }: ReadContactOptions): GivenAddress[] {
  const written = new Map<Channel, string>()
  if (values.phone !== undefined) written.set(channel, values.phone)
  if (values.whatsapp !== undefined) written.set('whatsapp', values.whatsapp)
  if (values.sms !== undefined) written.set('sms', values.sms)
  return [...written].map(([on, number]) => {
    const phone = parsePhone(number, defaultCountry)
    if (phone === null) throw new Fault('has a number that is none; write it with + and the country code')
    return { channel: on, phone, keys: identityKeys(phone), preferred: false }
  })
}

function readTags(cell: string): string[] {
  const tags = readList(cell).map((tag) => text('tag', tag, MOST.tag))
  if (tags.length > MOST_TAGS) throw new Fault(`has more than ${MOST_TAGS} tags`)
  return tags
}

const NAMED = /^attributes?\./i

function readAttributes(
  values: TableRow<ContactField>['values'],
  others: Readonly<Record<string, string>>,
  { attributes, now }: ReadContactOptions,
): Record<string, string> {
  const wanted = Object.entries(others).filter(([name]) => attributes === 'all' || attributes.includes(name) || NAMED.test(name))
  const named = wanted.map(([name, value]) => [
    text('name of a column', name.replace(NAMED, ''), MOST.attributeName),
    text(`column "${name.slice(0, 40)}"`, value, MOST.attribute),
  ])
  const consent = readPast('consent', values.consentAt, now)
  return {
    ...(Object.fromEntries(named) as Record<string, string>),
    ...(consent === null ? {} : { consentAt: new Date(consent).toISOString() }),
    ...(values.consentSource === undefined ? {} : { consentSource: text('source of consent', values.consentSource, MOST.attribute) }),
  }
}

function readOptOut({ optedOut, optedOutAt }: TableRow<ContactField>['values'], now: number): ContactRow['optOut'] {
  const at = readPast('opt-out', optedOutAt, now)
  // A date alone says that it was.
  const scope = optedOut === undefined ? (at === null ? null : 'all') : readOptedOut(optedOut)
  if (scope === undefined) throw new Fault('does not say clearly whether the client opted out: write yes, no or marketing')
  return scope === null ? null : { scope, at }
}

function readPast(what: string, cell: string | undefined, now: number): number | null {
  if (cell === undefined) return null
  const at = readTime(cell)
  if (at === null) throw new Fault(`has a date of ${what} that is none; write 2026-03-02`)
  if (at > now) throw new Fault(`has a date of ${what} in the future`)
  return at
}

function text(what: string, given: string, most: number): string {
  const clean = cleanText(given).trim()
  if (clean.length > most) throw new Fault(`has a ${what} of more than ${most} characters`)
  return clean
}
