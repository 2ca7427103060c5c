// Fetches one thing that a client sent, and writes down what became of it. Done twice, it changes nothing the second time.
import type { Channel } from '../../shared/model.ts'
import type { Fetched, MediaItem } from '../rules/media.ts'
import { beginMedia, MOST_TRIES, settleMedia } from '../rules/media.ts'
import type { Parts } from '../parts.ts'
import type { MessageMedia } from '../store/records.ts'
import { tell } from '../tell.ts'
import { isCard } from './is-card.ts'
import { readCards } from './read-cards.ts'

/** What media/ offers, as far as it is used here. */
export interface MediaSide {
  fetch(url: string, channel: Channel, declaredType: string): Promise<Kept | Exclude<Fetched, { outcome: 'kept' }>>
  /** The bytes of what was kept, at most so many. */
  read(hash: string, most: number): Promise<Buffer | null>
}
type Kept = Omit<Extract<Fetched, { outcome: 'kept' }>, 'contacts'>

/** Contact cards are small; what is longer is a file. */
const MOST_CARD_BYTES = 1024 * 1024

export async function fetchItem(parts: Parts, media: MediaSide, { orgId, message }: MessageMedia, item: MediaItem): Promise<void> {
  const { id, attempts } = item
  const tries = attempts + 1
  // It was begun so often and never ended: each time the process did.
  const isLost = attempts >= MOST_TRIES
  if (!isLost && !(await parts.store.changeMessage(orgId, message.id, beginMedia(item)))?.changed) return
  const fetched: Fetched = isLost ? { outcome: 'failed', retry: false } : await fetchOnce()
  if (fetched.outcome === 'failed') parts.log.warn({ item: id, retry: fetched.retry }, 'Something that a client sent could not be fetched')
  const begun = { id, attempts: isLost ? attempts : tries }
  const changed = await parts.store.changeMessage(orgId, message.id, settleMedia(begun, fetched, parts.clock.now()))
  if (changed?.changed) tell(parts, changed.changes)

  async function fetchOnce(): Promise<Fetched> {
    try {
      const source = item.sourceUrl === null ? await listed() : item
      if (!source?.sourceUrl) return { outcome: 'failed', retry: true }
      const found = await media.fetch(source.sourceUrl, message.channel, source.contentType)
      if (found.outcome !== 'kept' || !isCard(found.contentType)) return found
      const bytes = await media.read(found.hash, MOST_CARD_BYTES)
      return bytes === null ? found : { ...found, contacts: readCards(bytes.toString('utf8')) }
    } catch (error) {
      parts.log.warn({ err: error, item: item.id }, 'Something that a client sent could not be fetched')
      return { outcome: 'failed', retry: true }
    }
  }

  /** The webhook never came, or named no address. */
  async function listed() {
    const { gateway } = parts.organizationOf(orgId)
    const all = await gateway.listMedia(message.twilioSid ?? '')
    return all[message.media.findIndex(({ id }) => id === item.id)] ?? null
  }
}
