// Where the bytes of media are kept, named by the SHA-256 of their content: a folder beside SQLite, GridFS in MongoDB.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ByteRange, FileBucket, OldNames } from '../store/file-bucket.ts'
import { MediaRefused } from './media-refused.ts'

export interface MediaFiles {
  /**
   * Keeps the bytes under the hash (hex) of their content; the same bytes are kept once. Durable before it resolves.
   *
   * @throws MediaRefused `too_large` at more than `most` bytes, and whatever `source` throws; nothing is left then.
   */
  keep(source: AsyncIterable<Uint8Array>, most: number): Promise<{ hash: string; size: number }>
  /** Null: not there. */
  size(hash: string): Promise<number | null>
  /** Whoever is going to name it in a record says so first: its day begins anew. Answers its size; null: not there. */
  renew(hash: string): Promise<number | null>
  /** Some hashes that were kept or renewed last before that time, and where to look on; null: at the end. An empty `from` begins. */
  old(before: number, from: string): Promise<OldNames>
  /** Unless it was kept or renewed since. True: it is gone. */
  removeOld(hash: string, before: number): Promise<boolean>
  /** Null: not there. A range is inclusive. The stream must be read or destroyed. */
  open(hash: string, range?: ByteRange): Promise<{ size: number; stream: Readable } | null>
  /** The small picture of that file. Null: not there. */
  openPreview(hash: string): Promise<{ size: number; stream: Readable } | null>
  /** It goes with its file, and is neither listed nor copied: it can be made again. */
  keepPreview(hash: string, bytes: Buffer): Promise<void>
  /** For a hash that no record names any more, nor will: whoever keeps the same bytes meanwhile would find them gone. Its preview goes, too. */
  remove(hash: string): Promise<void>
  /** All hashes that are kept. */
  list(): AsyncIterable<string>
  close(): Promise<void>
}

/**
 * Opened by a server, which has its database to itself where that is SQLite: what a killed one left half written is removed.
 *
 * @throws DomainError `unavailable` with a sentence that says what cannot be opened.
 */
export async function openMediaFiles(
  { databaseUrl, mediaDir }: { databaseUrl: string; mediaDir: string },
  now: () => number = Date.now,
): Promise<MediaFiles> {
  if (databaseUrl.startsWith('sqlite:')) {
    const { openFolderBucket } = await import('../store/folder-bucket.ts')
    return namedByContent(await openFolderBucket(mediaDir, now))
  }
  const { openMongoBucket } = await import('../store/mongo/file-bucket.ts')
  return namedByContent(await openMongoBucket(databaseUrl, { now }))
}

/** What has another form was never a name here, and may be a path. */
export const isHash = (text: string) => /^[0-9a-f]{64}$/.test(text)

const previewOf = (hash: string) => `${hash}.preview`
export const isPreview = (name: string) => /^[0-9a-f]{64}\.preview$/.test(name)
/** A preview's: looked for on its own, since its file may have gone at the moment in which it was made. */
const fileOf = (name: string) => name.replace(/\.preview$/, '')

function namedByContent(bucket: FileBucket): MediaFiles {
  return {
    async keep(source, most) {
      const digest = createHash('sha256')
      let size = 0
      let hash = ''
      async function* measured() {
        for await (const chunk of source) {
          size += chunk.byteLength
          if (size > most) throw new MediaRefused('too_large')
          digest.update(chunk)
          yield chunk
        }
      }
      await bucket.put(measured(), () => (hash = digest.digest('hex')))
      return { hash, size }
    },
    renew: async (hash) => (isHash(hash) ? bucket.renew(hash) : null),
    async old(before, from) {
      const { names, next } = await bucket.old(before, from)
      return { names: [...new Set(names.map(fileOf).filter(isHash))], next }
    },
    async removeOld(hash, before) {
      if (!isHash(hash)) return false
      const isGone = await bucket.removeOld(hash, before)
      if (isGone || (await bucket.size(hash)) === null) await bucket.remove(previewOf(hash))
      return isGone
    },
    size: async (hash) => (isHash(hash) ? bucket.size(hash) : null),
    open: async (hash, range) => (isHash(hash) ? bucket.open(hash, range) : null),
    openPreview: async (hash) => (isHash(hash) ? bucket.open(previewOf(hash)) : null),
    async keepPreview(hash, bytes) {
      if (isHash(hash)) await bucket.put(Readable.from([bytes]), () => previewOf(hash))
    },
    async remove(hash) {
      if (!isHash(hash)) return
      await bucket.remove(hash)
      await bucket.remove(previewOf(hash))
    },
    async *list() {
      for await (const name of bucket.names()) if (isHash(name)) yield name
    },
    close: () => bucket.close(),
  }
}
