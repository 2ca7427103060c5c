// A client's name: his own, which for strangers is his number as people write it.
import type { OwnConversation } from '../../shared/model.ts'
import { formatPhone } from '../locales/format-phone.ts'

export function contactName(contact: OwnConversation['contact']): string {
  return /^\+\d+$/.test(contact.name) ? formatPhone(contact.name) : contact.name
}
