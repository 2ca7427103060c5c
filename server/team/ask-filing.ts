// An agent who may not see what waits unfiled from a client of his asks those who may to file it: a note in that thread, which
// says who asks and for which record. He learns nothing of the thread, not even whether it is one or two.
import { createHash } from 'node:crypto'
import { identityKeys } from '../../shared/phone.ts'
import { DomainError } from '../../shared/problems.ts'
import { sendMessage } from '../outbox/send-message.ts'
import type { Caller, Parts } from '../parts.ts'

const words = {
  es: (title: string) => `Pido asociar estos mensajes a «${title}».`,
  en: (title: string) => `Please file these messages under “${title}”.`,
  pt: (title: string) => `Peço que associem estas mensagens a «${title}».`,
}

/** Asked again about the same messages, nothing is added. @throws DomainError `not_found`: no such record, or not the caller's. */
export async function askFiling(parts: Parts, caller: Caller, coordinationId: string): Promise<void> {
  const { store } = parts
  const record = await store.coordination(caller, coordinationId)
  if (record === null) throw new DomainError('not_found', 'There is no such record, or it is not yours to see.')
  const { phone, phones } = record.contact
  const phoneKeys = [...new Set([phone, phones?.whatsapp, phones?.sms].flatMap((one) => (one === undefined ? [] : identityKeys(one))))]
  const everything = { ...caller, scope: null }
  const waiting = { phoneKeys, unfiled: true, awaiting: true, sort: 'waiting' } as const
  const { items } = await store.conversations(everything, waiting, { cursor: null, limit: 10 })
  const note = words[parts.organizationOf(caller.orgId).settings.locale](record.title)
  for (const { id, inboundCount } of items) {
    // Filed, the note is the caller's to read: its key says nothing of where it stood.
    const clientMessageId = `ask ${createHash('sha256').update(`${id} ${inboundCount} ${coordinationId}`).digest('base64url')}`
    // Its title changed since it was asked for: asked all the same.
    await sendMessage(parts, everything, { conversationId: id, note, clientMessageId }).catch((error: unknown) => {
      if (!(error instanceof DomainError) || error.code !== 'conflict') throw error
    })
  }
}
