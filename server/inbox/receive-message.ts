// Takes one inbound message in and tells every agent in scope. Knows nothing of Twilio's field names.
import { cutText } from '../../shared/cut-text.ts'
import { isBlank } from '../../shared/is-blank.ts'
import { formatPhone } from '../../shared/parse-phone.ts'
import { identityKeys } from '../../shared/phone.ts'
import { noteButton } from '../automations/note-button.ts'
import { noteReceived } from '../automations/note-received.ts'
import { cleanText } from '../../shared/requests.ts'
import type { Channel, Message, MessageType } from '../../shared/model.ts'
import type { MediaSource } from '../rules/media.ts'
import type { Parts } from '../parts.ts'
import { readOptOut } from '../rules/opt-out.ts'
import { tell } from '../tell.ts'
import type { Received } from '../store/records.ts'
import { chooseRoute, leaveUnfiled } from './route.ts'

/** An inbound message in the domain's words, as the provider's adapter hands it over. */
export interface Inbound {
  orgId: string
  channel: Channel
  /** Our number or service that it came to. */
  sender: string
  /** False: it came to a number of our account that is not configured here, or by a channel that is not supported. */
  senderConfigured: boolean
  /** The address that the client wrote from: E.164, a short code, or a business-scoped id. */
  address: string
  phone: string | null
  /** Business-scoped ids of the same person. */
  userId: string | null
  parentUserId: string | null
  /** Numbers and ids that this person had before, where the provider tells them. */
  previous: readonly string[]
  profileName: string | null
  attributes: Record<string, string>
  twilioSid: string
  type: MessageType
  text: string
  button: Message['button'] | null
  location: Message['location'] | null
  referral: Message['referral'] | null
  /** What it came with, in its order. */
  media: readonly MediaSource[]
  forwarded: boolean
  quotedSid: string | null
  /** Twilio has read it as a word about further messages, and answered it: `STOP`, `START`, `HELP`. */
  optOutType: string | null
  /** True: no message, and not worth making a contact for (a reaction). */
  onlyIfKnown: boolean
}

/**
 * Durable before it resolves; a repeat of the SID changes nothing and publishes nothing. `listed`: it was found in the
 * provider's list, which dates it; a later webhook of the same SID adds what only that tells.
 *
 * @throws DomainError `unavailable` when the store cannot be reached.
 */
export async function receiveMessage(
  parts: Parts,
  inbound: Inbound,
  listed: { createdAt: number; recovered: boolean } | null = null,
): Promise<Received> {
  const { address, phone, userId, parentUserId, previous } = inbound
  const byAddress = identityKeys(phone ?? address)
  const received = await parts.store.receive(
    {
      id: parts.newId(),
      orgId: inbound.orgId,
      channel: inbound.channel,
      sender: inbound.sender,
      address,
      phone,
      // By what they had before only where nobody has the new one.
      keys: [...byAddress, ...(userId !== null && userId !== address ? [userId] : []), ...previous.flatMap(identityKeys)],
      // Kept, since a client may hide the number later: then its id is all that comes.
      // Nobody else gets an id that was somebody's; a number goes to its next owner.
      aliases: [userId === address ? null : userId, parentUserId, ...previous.filter((id) => !id.startsWith('+'))].filter(
        (id) => id !== null,
      ),
      profileName: nameOf(inbound.profileName),
      // Formatted only where a contact has to be made.
      get fallbackName() {
        return phone === null ? address : formatPhone(phone)
      },
      attributes: inbound.attributes,
      twilioSid: inbound.twilioSid,
      type: inbound.type,
      text: cleanText(inbound.text),
      button: inbound.button,
      location: inbound.location,
      contacts: null,
      referral: inbound.referral,
      media: inbound.media,
      forwarded: inbound.forwarded,
      quotedSid: inbound.quotedSid,
      createdAt: listed?.createdAt ?? parts.clock.now(),
      recovered: listed?.recovered ?? false,
      listed: listed !== null,
      said: readOptOut(inbound),
      onlyIfKnown: inbound.onlyIfKnown,
    },
    inbound.senderConfigured ? chooseRoute : leaveUnfiled,
  )
  if (received.outcome === 'created' || received.outcome === 'enriched') tell(parts, received.changes)
  if (received.outcome === 'created' || received.outcome === 'repeated') await noteReceived(parts, inbound.orgId, received.message)
  if (received.outcome !== 'ignored') await noteButton(parts, inbound.orgId, received.message)
  if (received.outcome === 'created') parts.notify.inbound(inbound.orgId, received.message, received.conversation)
  if (!inbound.senderConfigured && parts.organizationOf(inbound.orgId).senders.noteStranger(inbound.channel, inbound.sender))
    parts.publish.channels(inbound.orgId)
  return received
}

/** The name that a client gives themselves; null where nobody could see it. */
function nameOf(profileName: string | null): string | null {
  const name = cutText(cleanText(profileName ?? '').trim(), 120)
  return isBlank(name) ? null : name
}
