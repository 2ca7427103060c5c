// A contact as a caller may see it: who is in conflict with it is nothing for a token limited to some records.
import type { Contact } from '../../shared/model.ts'
import type { Scope } from '../store/records.ts'

export function showContact(caller: { scope: Scope }, contact: Contact): Contact {
  return caller.scope === null ? contact : { ...contact, conflict: null }
}
