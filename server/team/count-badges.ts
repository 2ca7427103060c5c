// A badge is a record's, or a client's over all his records that the viewer may see: `phone:` and a number of his.
import { parsePhone } from '../../shared/parse-phone.ts'
import { identityKeys, normalisedAddress } from '../../shared/phone.ts'
import type { Parts } from '../parts.ts'
import type { ContactUnread, ConversationState, RecordUnread, Viewer } from '../store/records.ts'

const PHONE = 'phone:'

export interface BadgeNumbers extends RecordUnread {
  /** Of a client's badge: the number, normalised, and the contacts who have it. */
  client?: { key: string; contactIds: string[] }
}

/** By badge. What is of no record in scope, or no number, is left out or nothing. */
export async function countBadges(
  { store, organizationOf }: Pick<Parts, 'store' | 'organizationOf'>,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Record<string, BadgeNumbers>> {
  if (ids.length === 0) return {}
  const phones = ids.filter((id) => id.startsWith(PHONE))
  const byRecord = await store.unreadByCoordination(
    viewer,
    ids.filter((id) => !id.startsWith(PHONE)),
  )
  if (phones.length === 0) return byRecord
  const country = organizationOf(viewer.orgId).settings.defaultCountry
  const keysOf = new Map(phones.map((id) => [id, identityKeys(parsePhone(id.slice(PHONE.length), country) ?? id)]))
  const rows = await store.unreadByKey(viewer, [...new Set([...keysOf.values()].flat())])
  return {
    ...byRecord,
    ...Object.fromEntries(
      [...keysOf].map(([id, keys]) => [
        id,
        sumOf(
          keys[0],
          rows.filter((row) => keys.includes(row.key)),
        ),
      ]),
    ),
  }
}

/** A contact may be known by two forms of one number: counted once. */
function sumOf(key: string, rows: readonly ContactUnread[]): BadgeNumbers {
  const contacts = [...new Map(rows.map((row) => [row.contactId, row])).values()]
  const since = contacts.flatMap(({ awaitingSince }) => awaitingSince ?? [])
  return {
    unread: contacts.reduce((sum, one) => sum + one.unread, 0),
    awaitingSince: since.length === 0 ? null : Math.min(...since),
    unfiled: 0,
    unfiledSince: null,
    client: { key, contactIds: contacts.map((one) => one.contactId) },
  }
}

/** Under which words a change of a conversation touches badges. */
export function touchedBy({ coordinationId, contact }: Pick<ConversationState, 'coordinationId' | 'contact'>): string[] {
  const client = [`contact:${contact.id}`, PHONE + normalisedAddress(contact.phone ?? contact.address)]
  return coordinationId === null ? client : [coordinationId, ...client]
}

/** Whether a badge may show another number now. */
export function isTouched(touched: ReadonlySet<string>, id: string, { client }: BadgeNumbers): boolean {
  if (client === undefined) return touched.has(id)
  const { key, contactIds } = client
  // Nobody's yet: who writes first with it is known by it.
  return contactIds.length === 0 ? touched.has(PHONE + key) : contactIds.some((contactId) => touched.has(`contact:${contactId}`))
}
