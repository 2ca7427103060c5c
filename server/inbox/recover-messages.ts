// Compares the provider's list with the store and takes in what is missing, by the very path of a webhook. Nothing is
// passed over: the position only follows what is stored.
import { isBlank } from '../../shared/is-blank.ts'
import { DomainError } from '../../shared/problems.ts'
import type { InboundPage, ListedInbound } from '../outbox/gateway.ts'
import { insist } from '../outbox/insist.ts'
import type { Parts } from '../parts.ts'
import type { MediaSource } from '../rules/media.ts'
import { readOptOut } from '../rules/opt-out.ts'
import { isCard } from './is-card.ts'
import { receiveMessage } from './receive-message.ts'

/** Later than this, a message is marked as recovered and keeps the provider's date. */
const LATE_MS = 60_000
/** The most messages taken in at one time; the oldest first, so the rest follows in its order. */
const MOST = 2_000
/** A message that cannot be stored for a reason of its own holds the position back for no longer than this. */
const GIVE_UP_MS = 24 * 60 * 60_000

export interface LookOptions {
  /** Where the first look of all begins: what is older was never for us. */
  startedAt: number
  /** How far behind the position the look begins: entries come late, and several in one second. */
  overlapMs: number
  /** Younger ones are left to their webhook, which knows more. */
  settleMs: number
  pause(ms: number): Promise<void>
}

export interface Looked {
  taken: number
  /** `now`: more is missing than was taken at one time. `soon`: some were too young. */
  again: 'now' | 'soon' | null
}

/**
 * One look, from the position on. Done twice at once it does no harm.
 *
 * @throws when the list cannot be read to its end, or the store is away: the position stays, what was taken in stays.
 */
export async function recoverMessages(parts: Parts, orgId: string, options: LookOptions): Promise<Looked> {
  const { store, clock, log } = parts
  const { gateway } = parts.organizationOf(orgId)
  const { startedAt, position } = await store.recovery(orgId, options.startedAt)
  // The list is dated to the second.
  const since = Math.max(startedAt - 999, position - options.overlapMs)
  let missing: ListedInbound[] = []
  let newest = position
  let again: Looked['again'] = null
  let providerAheadMs = 0
  for (let page: string | null = null; ; ) {
    const from: string | null = page
    const { items, next, aheadMs }: InboundPage = await insist(() => gateway.listInbound({ since, page: from }), options.pause)
    providerAheadMs = aheadMs
    const settled = clock.now() + aheadMs - options.settleMs
    const inTime = items.filter((one) => one.createdAt >= since)
    const old = inTime.filter((one) => one.createdAt <= settled)
    if (old.length < inTime.length) again ??= 'soon'
    const known = await store.knownSids(
      orgId,
      old.map((one) => one.twilioSid),
    )
    for (const one of old) {
      newest = Math.max(newest, one.createdAt)
      if (!known.has(one.twilioSid)) missing.push(one)
    }
    if (missing.length > MOST) {
      missing = oldestFirst(missing).slice(0, MOST).reverse()
      again = 'now'
    }
    page = next
    if (page === null) break
  }
  if (again === 'now') newest = missing[0]?.createdAt ?? newest

  /** The list only counts them. What cannot be looked at now is when it is fetched. */
  async function mediaOf({ twilioSid, mediaCount }: ListedInbound): Promise<MediaSource[]> {
    if (mediaCount === 0) return []
    const listed = await insist(() => gateway.listMedia(twilioSid), options.pause).catch(() => [])
    return listed.length > 0 ? listed : Array.from({ length: mediaCount }, () => ({ sourceUrl: null, contentType: '' }))
  }

  let taken = 0
  for (const one of oldestFirst(missing)) {
    try {
      const { outcome } = await takeIn(parts, orgId, one, { aheadMs: providerAheadMs, media: await mediaOf(one) })
      if (outcome === 'created') taken++
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unavailable') throw error
      log.error({ err: error, twilioSid: one.twilioSid }, 'A message of Twilio’s list could not be taken in')
      if (clock.now() - one.createdAt < GIVE_UP_MS) newest = Math.min(newest, one.createdAt)
    }
  }
  if (newest > position) await store.advanceRecovery(orgId, { position: newest })
  if (taken > 0) log.info({ taken }, 'Messages were taken from Twilio’s list')
  return { taken, again }
}

/** Of equal seconds the one that the list, newest first, names last. */
function oldestFirst(listed: readonly ListedInbound[]): ListedInbound[] {
  return [...listed].reverse().sort((a, b) => a.createdAt - b.createdAt)
}

function takeIn(parts: Parts, orgId: string, listed: ListedInbound, known: { aheadMs: number; media: MediaSource[] }) {
  const { twilioSid, channel, sender, senderConfigured, address, phone, text, createdAt } = listed
  const { media } = known
  // Contacts that a client shares are cards among the media.
  const isContacts = media.every(({ contentType }) => isCard(contentType))
  // A location, or of a kind that the list does not tell.
  const empty = isBlank(text)
  const now = parts.clock.now()
  const recovered = now + known.aheadMs - createdAt > LATE_MS
  // A STOP counts from when it was written, also where it is found a moment later: what the client has said since stands.
  const isWord = readOptOut({ channel, type: 'text', text, optOutType: null }) !== null
  const inTime = isWord ? Math.min(now, createdAt - known.aheadMs) : now
  return receiveMessage(
    parts,
    {
      orgId,
      channel,
      sender,
      senderConfigured,
      address,
      phone,
      userId: phone === null ? address : null,
      parentUserId: null,
      previous: [],
      profileName: null,
      attributes: {},
      twilioSid,
      type: media.length > 0 ? (isContacts ? 'contacts' : 'media') : empty ? 'unsupported' : 'text',
      text,
      button: null,
      location: null,
      referral: null,
      media,
      forwarded: false,
      quotedSid: null,
      optOutType: null,
      // It may be the first word of somebody who came by an advertisement: rather an empty line than a client lost.
      onlyIfKnown: false,
    },
    { createdAt: recovered ? createdAt : inTime, recovered },
  )
}
