// Whether a recording that WhatsApp could not take goes once more, in the other format that it was uploaded in.
import type { Failure, Message } from '../../shared/model.ts'
import type { KeptFile, MediaItem } from './media.ts'
import type { MessageRule } from './message.ts'

/** WhatsApp could not fetch the file, or not read it: a voice message in Ogg was told so where the same in MP4 went. */
const NOT_FETCHED = 63019
/** Who was not reached an hour ago is not surprised now: a report that is told again, much later, sends nothing. */
const STILL_NEWS_MS = 3600_000

type Fallible = Pick<Message, 'channel' | 'direction' | 'status' | 'retryOf' | 'expiresAt' | 'failedAt'>

/** What goes in its place; null: nothing does. `failure`: with which it fails now, or has failed. A second attempt is the last. */
export function otherFormat(message: Fallible, failure: Failure | null, items: readonly MediaItem[], now: number): KeptFile | null {
  const { channel, direction, status, retryOf, expiresAt, failedAt } = message
  if (failure?.code !== NOT_FETCHED || channel !== 'whatsapp' || direction !== 'outbound' || retryOf !== null) return null
  if (status === 'delivered' || status === 'read' || status === 'canceled') return null
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return null
  if (failedAt !== null && now - Date.parse(failedAt) > STILL_NEWS_MS) return null
  const [item, ...more] = items
  if (item?.other === undefined || more.length > 0) return null
  return { ...item.other, sourceUrl: null, filename: null, width: null, height: null }
}

/** Nothing is left to do about the first. */
export const triedOtherwise: MessageRule = ({ putAway }) => (putAway ? null : { putAway: true })
