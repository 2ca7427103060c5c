// The port of a place for files: bytes under a name. What the names mean is not known here.
import type { Readable } from 'node:stream'

export interface ByteRange {
  /** The first byte and the last one. */
  start: number
  end: number
}

export interface OldNames {
  names: string[]
  next: string | null
}

export interface FileBucket {
  /**
   * Takes all bytes, then asks for the name. Durable and whole when it resolves; nobody sees it before. When `bytes` fails, so does
   * this, and nothing is left. Whoever puts under a name that is there already has put nothing new: a name always has the same bytes,
   * and its age begins anew.
   */
  put(bytes: AsyncIterable<Uint8Array>, name: () => string): Promise<void>
  /** Null: not there. */
  size(name: string): Promise<number | null>
  open(name: string, range?: ByteRange): Promise<{ size: number; stream: Readable } | null>
  /** Its age begins anew. Answers its size; null: not there. */
  renew(name: string): Promise<number | null>
  /** Some names of a certain age, put or renewed last before that time, and where to look on; null: at the end. An empty `from` begins. */
  old(before: number, from: string): Promise<OldNames>
  /** Also where it is not there. */
  remove(name: string): Promise<void>
  /** Unless it was put or renewed since, up to this very moment, by whatever process. True: it is gone. */
  removeOld(name: string, before: number): Promise<boolean>
  names(): AsyncIterable<string>
  close(): Promise<void>
}
