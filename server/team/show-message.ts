// A message as one reader is shown it: with addresses of its media, which serve for a time, and without what is not theirs to know.
import type { Message } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import type { Page, Viewer } from '../store/records.ts'
import { hasPreview } from '../rules/preview.ts'
import { hideRecords } from './hide-records.ts'

/** @param limited whether the reader's token names its records. */
export function showMessage(parts: Pick<Parts, 'mediaUrl' | 'previewUrl'>, message: Message, limited: boolean): Message {
  const shown = hideRecords(message, limited)
  if (shown.media.length === 0) return shown
  // The same for everybody in a day, so that all who are told the same still share a packet.
  return { ...shown, media: shown.media.map((one) => showItem(parts, one)) }
}

function showItem({ mediaUrl, previewUrl }: Pick<Parts, 'mediaUrl' | 'previewUrl'>, one: Message['media'][number]) {
  const preview = previewUrl && hasPreview(one) ? { preview: previewUrl(one.id) } : {}
  return one.state === 'ready' ? { ...one, url: mediaUrl(one.id), ...preview } : one
}

export function showPage(
  parts: Pick<Parts, 'mediaUrl' | 'previewUrl'>,
  { scope }: Viewer,
  { items, nextCursor }: Page<Message>,
): Page<Message> {
  return { items: items.map((message) => showMessage(parts, message, scope !== null)), nextCursor }
}
