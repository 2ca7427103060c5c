// Contacts as the host has them, some hundred in one call: each by itself, as a row of a list.
import type { z } from 'zod'
import { formatPhone, parsePhone } from '../../shared/parse-phone.ts'
import { identityKeys } from '../../shared/phone.ts'
import type { contactBodies } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import type { GivenAddress } from '../rules/contact.ts'
import type { ContactDraft } from '../rules/import-contact.ts'
import type { ContactImported } from '../store/records.ts'
import { tell } from '../tell.ts'

type Given = z.output<typeof contactBodies>[number]

export interface ContactsSaved {
  created: number
  updated: number
  unchanged: number
  /** In the order of the call; null where nothing is in. */
  ids: (string | null)[]
  rejected: { index: number; detail: string }[]
}

export async function saveContacts(parts: Parts, { orgId }: Caller, given: readonly Given[]): Promise<ContactsSaved> {
  const { defaultCountry } = parts.organizationOf(orgId).settings
  const drafts = given.map((one) => draftOf(one, defaultCountry))
  const whole = drafts.filter((draft) => draft !== null)
  const { imported, changes } = await parts.store.importContacts(orgId, whole, { now: parts.clock.now(), dryRun: false })
  tell(parts, changes)
  const saved: ContactsSaved = { created: 0, updated: 0, unchanged: 0, ids: [], rejected: [] }
  const results = imported.values()
  for (const [index, draft] of drafts.entries()) {
    const result: ContactImported = (draft === null ? null : results.next().value) ?? {
      outcome: 'refused',
      message: 'has a number that is none',
    }
    if (result.outcome === 'refused') saved.rejected.push({ index, detail: result.message })
    else saved[result.outcome]++
    saved.ids.push(result.outcome === 'refused' ? null : result.contactId)
  }
  return saved
}

/** Null: one of its numbers is none. */
function draftOf({ name, externalId, addresses, attributes, tags }: Given, defaultCountry: string): ContactDraft | null {
  const read: GivenAddress[] = []
  for (const { channel, phone: written, preferred = false } of addresses ?? []) {
    const phone = parsePhone(written, defaultCountry)
    if (phone === null) return null
    read.push({ channel, phone, keys: identityKeys(phone), preferred })
  }
  const fallbackName = read[0] === undefined ? '' : formatPhone(read[0].phone)
  return {
    ...{ name: name ?? null, externalId: externalId ?? null, addresses: read },
    ...{ attributes: attributes ?? {}, tags: tags ?? [], fallbackName },
  }
}
