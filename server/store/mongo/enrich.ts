// A message that was taken from the provider's list, when its webhook comes after all: what only that tells is added.
// Place, time and record stay; nothing is counted again. The contact first: a repeat after a crash finds it done.
import { addMedia } from '../../rules/media.ts'
import type { InboundMessage, Received } from '../records.ts'
import { tellContact } from './contacts.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { loadConversation } from './flush.ts'
import { identify, identityOf } from './identify.ts'
import { sayOptOut } from './opt-outs.ts'
import { mediaFieldsOf } from './media.ts'
import { previewMessage } from './preview.ts'
import { repeated } from './receive.ts'
import { toConversation, toMessage } from './rows.ts'
import { patchMessage } from './write.ts'

export async function enrich(db: Database, inbound: InboundMessage, stored: MessageDoc): Promise<Received | undefined> {
  const { orgId, quotedSid } = inbound
  const known = await db.contacts.findOne({ _id: stored.contactId, orgId })
  const { contact, renamed } = await identify(db, identityOf(inbound), { id: stored.contactId, contact: known }, db.clock.now())
  const quoted = quotedSid === null ? null : await db.messages.findOne({ orgId, twilioSid: quotedSid, contactId: stored.contactId })
  const changed = await patchMessage(db, { _id: stored._id, orgId }, (message) =>
    message.listed
      ? {
          type: inbound.type,
          text: inbound.text || message.text,
          button: inbound.button,
          location: inbound.location,
          contacts: inbound.contacts,
          referral: inbound.referral,
          forwarded: inbound.forwarded,
          replyToId: quoted?._id ?? null,
          author: { ...message.author, name: contact.name },
          ...mediaFieldsOf(addMedia(message._id, message.media ?? [], inbound.media, inbound.createdAt)),
          listed: undefined,
          echo: true,
        }
      : null,
  )
  if (changed === null) return repeated(db, stored)
  const changes = await previewMessage(db, changed)
  const out = inbound.said ? (await sayOptOut(db, orgId, stored.lineId, inbound.said, stored.createdAt)).changes.conversations : []
  const told = renamed ? (await tellContact(db, contact)).map(toConversation) : []
  const doc = await loadConversation(db, { _id: changed.after.conversationId, orgId })
  if (!doc) return undefined
  const shown = new Map([...changes.conversations, ...told, ...out].map((one) => [one.id, one]))
  const conversation = toConversation(doc)
  if (shown.has(conversation.id)) shown.set(conversation.id, conversation)
  return {
    outcome: 'enriched',
    message: toMessage(changed.after),
    conversation,
    changes: { ...changes, news: 'other', conversations: [...shown.values()] },
  }
}
