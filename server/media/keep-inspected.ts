// Keeps a file on its way through: its first bytes say what it is and how large a picture, before any of it counts as kept.
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import type { MediaFiles } from './media-files.ts'
import { MediaRefused } from './media-refused.ts'
import { resolveType } from './resolve-type.ts'

/** Enough for the form of every type, and for the size of a photo behind its preview and its colours. */
const HEAD_BYTES = 128 * 1024
/** A picture of more takes gigabytes to show, in however few bytes it comes. The largest sensors have 200 million. */
const MOST_PIXELS = 250_000_000

export interface Inspected {
  hash: string
  size: number
  contentType: string
  width?: number
  height?: number
}

export interface Rule {
  declaredType: string
  /** The most bytes of a type; null: it is not taken. */
  most(contentType: string): number | null
}

/**
 * Memory holds the first bytes and no more.
 *
 * @throws MediaRefused for what the rule does not take, with nothing left; whatever `source` throws; DomainError of the place.
 */
export async function keepInspected(files: MediaFiles, source: AsyncIterable<Uint8Array>, rule: Rule): Promise<Inspected> {
  async function judge(head: Buffer) {
    if (head.length === 0) throw new MediaRefused('empty')
    const contentType = resolveType(await sniff(head), rule.declaredType)
    const most = contentType === null ? null : rule.most(contentType)
    if (contentType === null || most === null) throw new MediaRefused('type')
    const { width = 0, height = 0 } = contentType.startsWith('image/') ? measure(head) : {}
    if (width * height > MOST_PIXELS) throw new MediaRefused('too_large')
    return { most, what: { contentType, ...(width > 0 && height > 0 ? { width, height } : {}) } }
  }
  let found = null as Awaited<ReturnType<typeof judge>> | null
  async function* inspected() {
    let waiting: Uint8Array[] = []
    let size = 0
    for await (const chunk of source) {
      size += chunk.byteLength
      waiting.push(chunk)
      if (found === null && size < HEAD_BYTES) continue
      yield* pass()
    }
    yield* pass()

    async function* pass() {
      const bytes = Buffer.concat(waiting)
      waiting = []
      found ??= await judge(bytes)
      if (size > found.most) throw new MediaRefused('too_large')
      if (bytes.length > 0) yield bytes
    }
  }
  const kept = await files.keep(inspected(), Number.POSITIVE_INFINITY)
  if (found === null) throw new MediaRefused('empty')
  return { ...kept, ...found.what }
}

/** What the first bytes say; letters without a form are `text/plain`; null: nothing that we know. */
async function sniff(head: Buffer): Promise<string | null> {
  const mime = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime
  return mime ?? (isText(head) ? 'text/plain' : null)
}

/** UTF-8, or another writing of letters: without the control signs that programs and pictures hold. */
function isText(head: Buffer): boolean {
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) && !head.includes(0x7f)
}

/** As it is shown: turned where its camera says so. Nothing where the first bytes do not say. */
function measure(head: Buffer): { width?: number; height?: number } {
  try {
    const { width, height, orientation = 1 } = imageSize(head)
    return orientation >= 5 ? { width: height, height: width } : { width, height }
  } catch {
    return {}
  }
}
