// Files for one conversation, from when they are given until they go; they stay while the page lives. What looks at them is a chunk
// of its own (`attach/`): until it is there they wait here.
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Upload } from '../../shared/model.ts'
import type { Thread, UnsentFile, UnsentPart } from '../client/client.ts'

/** Of this machine, or back from a message that did not go. */
export type GivenFile = File | UnsentFile

export interface TrayFile {
  key: number
  name: string
  /** As the browser says, then as the server found. */
  contentType: string
  size: number
  /** Null: it came back after a reload; the server has it. */
  local: Blob | null
  picture: ImageBitmap | null
  /** `refused`: it cannot go on this channel. `failed`: it goes on when the agent says so. */
  state: 'waiting' | 'uploading' | 'failed' | 'refused' | 'ready'
  /** Of its bytes, how much is there: 0 to 1. */
  part: number
  fault: 'empty' | 'type' | 'too_large' | null
  upload: Upload | null
}

export interface Tray {
  files: ReadonlySignal<readonly TrayFile[]>
  /** The names of those that were too many. */
  left: Signal<readonly string[]>
  /** Something in it cannot go yet, or cannot go at all. */
  isBusy: ReadonlySignal<boolean>
  add(given: readonly GivenFile[]): void
  remove(which: (file: TrayFile) => boolean): void
  retry(key: number): void
  /** The messages that they become with this text. */
  split(text: string): UnsentPart[]
  /** All of them, with a text or none; nothing is left here. */
  send(thread: Thread, text: string, options: Parameters<Thread['send']>[1]): ReturnType<Thread['send']>
}

export interface Attached {
  /** What nobody looked at yet; nothing in it: some are to be chosen. Null: neither. */
  given: Signal<readonly GivenFile[] | null>
  /** Null: nothing is there, and nothing is to be said. */
  tray: Signal<Tray | null>
}

export const newAttached = (): Attached => ({ given: signal(null), tray: signal(null) })

export function give({ given }: Attached, files: Iterable<GivenFile>): void {
  given.value = [...(given.peek() ?? []), ...files]
}

/** A text document copies a picture of itself along: it is meant as text. */
export function pastedFiles({ files, types }: Pick<DataTransfer, 'files' | 'types'>): FileList | null {
  return files.length > 0 && !(types.includes('text/plain') && types.includes('text/html')) ? files : null
}
