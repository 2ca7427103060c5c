// Small pictures beside the files that they are of: made when somebody first looks, few at a time, and kept. They are in no copy and no
// backup; one that is missing is made again.
import type { MediaFiles } from './media-files.ts'
import type { MakePicture } from './picture-maker.ts'

/** Answers a file's preview; null: there is none for now, the file itself is shown. */
export type Previews = (hash: string) => Promise<Buffer | null>

export interface PreviewLimits {
  /** Made at a time: each holds its file in memory, and takes a core. */
  atOnce: number
  /** Who comes when so many wait is shown the file itself. */
  mostWaiting: number
  /** The largest file that is read. */
  mostBytes: number
}

export const previewLimits: PreviewLimits = { atOnce: 2, mostWaiting: 40, mostBytes: 16 * 1024 * 1024 }
/** Files that none could be made of, by this process: not tried again. */
const MOST_FAILED = 1_000

export function createPreviews(
  files: Pick<MediaFiles, 'open' | 'openPreview' | 'keepPreview'>,
  make: MakePicture,
  { atOnce, mostWaiting, mostBytes }: PreviewLimits = previewLimits,
): Previews {
  const underWay = new Map<string, Promise<Buffer | null>>()
  const failed = new Set<string>()
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < atOnce) running++
    else await new Promise<void>((go) => waiting.push(go))
    try {
      return await work()
    } finally {
      // Its place goes to the next one.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  async function makeOne(hash: string): Promise<Buffer | null> {
    const bytes = await readAll(await files.open(hash), mostBytes)
    if (bytes === null) return null
    try {
      const preview = await make(bytes)
      // The file itself is shown where it would be no smaller.
      if (preview.length < bytes.length) {
        // On a full disk it is made each time.
        await files.keepPreview(hash, preview).catch(() => undefined)
        return preview
      }
    } catch {
      // No picture, one that is broken, or one that takes too long: the browser shows what it can.
    }
    failed.add(hash)
    if (failed.size > MOST_FAILED) failed.delete([...failed][0] ?? '')
    return null
  }

  return async (hash) => {
    if (failed.has(hash)) return null
    const kept = await readAll(await files.openPreview(hash), mostBytes)
    if (kept !== null) return kept
    const same = underWay.get(hash)
    if (same) return same
    if (waiting.length >= mostWaiting) return null
    const made = inTurn(() => makeOne(hash)).finally(() => underWay.delete(hash))
    underWay.set(hash, made)
    return made
  }
}

async function readAll(found: Awaited<ReturnType<MediaFiles['open']>>, mostBytes: number): Promise<Buffer | null> {
  if (found === null) return null
  if (found.size > mostBytes) {
    found.stream.destroy()
    return null
  }
  return Buffer.concat((await found.stream.toArray()) as Uint8Array[])
}
