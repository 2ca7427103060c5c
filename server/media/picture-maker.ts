// Makes a smaller picture of a picture, where `sharp` is installed (an optional dependency). It decodes bytes that strangers sent.
import { PREVIEW_PIXELS, PREVIEW_SIDE } from '../rules/preview.ts'

/** As far as it is used here: `sharp` brings its own types, and may not be there. */
interface Sharp {
  (bytes: Buffer, options: { limitInputPixels: number; failOn: 'none'; sequentialRead: boolean; autoOrient: boolean }): Picture
  concurrency(threads: number): void
  cache(on: boolean): void
  block(what: { operation: string[] }): void
  unblock(what: { operation: string[] }): void
}
interface Picture {
  resize(options: { width: number; height: number; fit: 'inside'; withoutEnlargement: boolean }): Picture
  timeout(options: { seconds: number }): Picture
  webp(options: { quality: number; effort: number }): Picture
  toBuffer(): Promise<Buffer>
}

/** @throws for bytes that are no picture of the types that previews are made of, or that take too long. */
export type MakePicture = (bytes: Buffer) => Promise<Buffer>

/** What it makes. All browsers show it, also see-through. */
export const PREVIEW_TYPE = 'image/webp'
const MOST_SECONDS = 10
const sharpName = 'sharp'

/** Null: `sharp` is not installed here, or does not run on this machine. */
export async function loadPictureMaker(name = sharpName): Promise<MakePicture | null> {
  let sharp: Sharp
  try {
    sharp = ((await import(name)) as { default: Sharp }).default
    // One thread per picture: how many go at once is decided by who asks.
    sharp.concurrency(1)
    sharp.cache(false)
    // No other decoder sees what strangers send.
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] })
  } catch {
    return null
  }
  return async (bytes) =>
    sharp(bytes, { limitInputPixels: PREVIEW_PIXELS, failOn: 'none', sequentialRead: true, autoOrient: true })
      .resize({ width: PREVIEW_SIDE, height: PREVIEW_SIDE, fit: 'inside', withoutEnlargement: true })
      .timeout({ seconds: MOST_SECONDS })
      // Without `keepMetadata`: where it was taken, and by which phone, stays behind.
      .webp({ quality: 75, effort: 2 })
      .toBuffer()
}
