// A contact's name, number, attributes, tags: corrected by an agent or by the host.
import type { z } from 'zod'
import type { Contact } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { contactUpdate } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import { tell } from '../tell.ts'
import type { ContactPatch } from '../store/records.ts'
import { readPhone } from './read-phone.ts'
import { showContact } from './show-contact.ts'

export async function updateContact(parts: Parts, caller: Caller, id: string, body: z.output<typeof contactUpdate>): Promise<Contact> {
  const before = body.addresses === undefined ? null : await parts.store.contact(caller, id)
  const patch: ContactPatch = {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.attributes === undefined ? {} : { attributes: body.attributes }),
    ...(body.tags === undefined ? {} : { tags: body.tags }),
    ...(body.addresses === undefined
      ? {}
      : {
          addresses: body.addresses.map(({ channel, phone, preferred }, index) => {
            const { phoneE164, keys } = readPhone(
              phone,
              parts.organizationOf(caller.orgId).settings.defaultCountry,
              `addresses.${index}.phone`,
            )
            const replaced = before?.addresses.find((one) => one.channel === channel)
            return { channel, phone: phoneE164, keys, preferred: preferred ?? replaced?.preferred ?? false }
          }),
        }),
  }
  const result = await parts.store.updateContact(caller, id, patch, parts.clock.now())
  if (result.outcome === 'missing') throw new DomainError('not_found', 'There is no such contact, or it is not yours to see.')
  if (result.outcome === 'conflict') throw new DomainError('conflict', 'Another contact has this number already.')
  tell(parts, result.changes)
  return showContact(caller, result.contact)
}
