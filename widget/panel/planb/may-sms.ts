// Whether an SMS can reach the client of this conversation, as far as the browser knows.
import type { OwnConversation } from '../../../shared/model.ts'
import type { Client } from '../../client/client.ts'

export function maySms({ ready }: Pick<Client, 'ready'>, { contact }: Pick<OwnConversation, 'contact'>): boolean {
  return contact.phone !== null && (ready.value?.channels.some(({ channel, ready }) => channel === 'sms' && ready) ?? false)
}
