// Which pictures a thread shows small first, and how small.
import type { Message } from '../../shared/model.ts'

/** The longer side of a preview: what a bubble shows on a fine screen. */
export const PREVIEW_SIDE = 640
/** A picture of more takes too much memory to decode: it has no preview. Phones' own cameras have up to 50 million. */
export const PREVIEW_PIXELS = 64_000_000
/** A smaller file is as quickly there as its preview. */
const WORTH_BYTES = 48 * 1024
/** Stickers and moving pictures are small, or would stand still. */
const types = new Set(['image/jpeg', 'image/png'])

type Shown = Message['media'][number]

export function hasPreview({ state, contentType, size, width = 0, height = 0 }: Omit<Shown, 'id' | 'url' | 'filename'>): boolean {
  const pixels = width * height
  return state === 'ready' && types.has(contentType) && (size ?? 0) > WORTH_BYTES && pixels > 0 && pixels <= PREVIEW_PIXELS
}
