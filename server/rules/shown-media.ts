// What a list, a notification or a push says of a message's media: the first of them, in a word.
import type { LastMessage } from '../../shared/model.ts'
import type { MediaItem } from './media.ts'

type Shown = NonNullable<LastMessage['attachment']>

/** WhatsApp sends stickers as this, and pictures never. */
const STICKER = 'image/webp'

function kindOf(contentType: string): Shown['kind'] {
  if (contentType.startsWith(STICKER)) return 'sticker'
  const [kind] = contentType.split('/', 1)
  if (kind === 'image' || kind === 'audio' || kind === 'video') return kind
  return contentType.startsWith('text/vcard') ? 'contacts' : 'document'
}

/** Null: there is none, or its type is not known yet. Only a document is known by its name: a camera names pictures. */
export function shownMedia([first]: readonly Pick<MediaItem, 'contentType' | 'filename'>[]): Shown | null {
  if (!first?.contentType) return null
  const kind = kindOf(first.contentType.toLowerCase())
  return { kind, filename: kind === 'document' ? first.filename : null }
}

export const isShownAlike = (one: readonly MediaItem[], other: readonly MediaItem[]): boolean =>
  JSON.stringify(shownMedia(one)) === JSON.stringify(shownMedia(other))
