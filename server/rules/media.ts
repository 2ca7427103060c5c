// The rules of what clients send beside words: each item is fetched on its own, and a message is changed by what became of it.
import type { Message } from '../../shared/model.ts'
import type { MessageRule } from './message.ts'

type Shown = Message['media'][number]

export interface MediaItem {
  /** `<message>-<place>`: its message is found by it. */
  id: string
  /** Where the provider keeps it, never told to anybody; null: only the provider's list of the message's media tells. */
  sourceUrl: string | null
  /** As the provider declares it, then as it was found to be; empty: not known yet. */
  contentType: string
  filename: string | null
  size: number | null
  /** Of its bytes, by which they are kept. */
  hash: string | null
  width: number | null
  height: number | null
  state: Shown['state']
  /** Why it is `blocked`. */
  reason?: NonNullable<Shown['reason']>
  /** Fetches that were begun since it was asked for: counted before, since a file may end the process that reads it. */
  attempts: number
  /** When it is fetched; null: nothing is to be fetched. */
  nextTryAt: number | null
  /** Those on a contact card. */
  contacts?: NonNullable<Message['contacts']>
  other?: OtherFile
}

/** The same recording in another format, kept for when the provider does not take this one. */
export interface OtherFile {
  hash: string
  size: number
  contentType: string
}

/** A file that is kept and goes out with a message. `sourceUrl`: where the host said that it is; null: it was uploaded. */
export type KeptFile = Pick<MediaItem, 'sourceUrl' | 'contentType' | 'filename' | 'width' | 'height' | 'other'> & {
  hash: string
  size: number
}

/** An item as a webhook or the provider's list names it. */
export type MediaSource = Pick<MediaItem, 'sourceUrl' | 'contentType'>

export type Fetched =
  | (Pick<MediaItem, 'contentType' | 'filename' | 'contacts'> & {
      outcome: 'kept'
      hash: string
      size: number
      width?: number
      height?: number
    })
  | { outcome: 'blocked'; reason: NonNullable<MediaItem['reason']> }
  | { outcome: 'failed'; retry: boolean }

/** After the first fetch that failed, and after the second; the third is the last. Twilio tells of media before it has them. */
const AGAIN_AFTER_MS = [1_000, 3_000]
export const MOST_TRIES = AGAIN_AFTER_MS.length + 1

const idOf = (messageId: string, place: number): string => `${messageId}-${place}`
/** The message whose item it would be. */
export const messageOfItem = (itemId: string): string => itemId.slice(0, Math.max(0, itemId.lastIndexOf('-')))

/** What a message comes with. An address that is none is kept as failed: the words count. */
export function newMedia(messageId: string, sources: readonly MediaSource[], now: number): MediaItem[] {
  return sources.map(({ sourceUrl, contentType }, place) => {
    const isAddress = sourceUrl === null || URL.canParse(sourceUrl)
    return {
      ...{ id: idOf(messageId, place), sourceUrl, contentType, filename: null, size: null, hash: null, width: null, height: null },
      ...{ state: isAddress ? 'pending' : 'failed', attempts: 0, nextTryAt: isAddress ? now : null },
    }
  })
}

/** What a message of ours goes with: nothing of it is to be fetched. */
export function sentMedia(messageId: string, files: readonly (KeptFile | MediaItem)[]): MediaItem[] {
  return files.map(({ sourceUrl, contentType, filename, size, hash, width, height, other }, place) => ({
    ...{ id: idOf(messageId, place), sourceUrl, contentType, filename, size, hash, width, height },
    ...{ state: 'ready', attempts: 0, nextTryAt: null },
    ...(other && { other }),
  }))
}

/** The files of a message that went out, for another attempt. */
export const filesOf = (items: readonly MediaItem[]): KeptFile[] =>
  items.flatMap(({ hash, size, ...item }) => (hash === null || size === null ? [] : [{ ...item, hash, size }]))

/** A message of the provider's list whose webhook comes after all: what is there stays, only what was not known is added. */
export function addMedia(messageId: string, before: readonly MediaItem[], sources: readonly MediaSource[], now: number): MediaItem[] {
  const told = newMedia(messageId, sources, now)
  const known = before.map((item, place) => ({
    ...item,
    sourceUrl: item.sourceUrl ?? told[place]?.sourceUrl ?? null,
    contentType: item.contentType || (told[place]?.contentType ?? ''),
  }))
  return [...known, ...told.slice(before.length)]
}

/** Whether it is to be fetched now. Due later than the longest wait: the clock was set back, and the time says nothing. */
export const isDue = ({ nextTryAt }: Pick<MediaItem, 'nextTryAt'>, now: number): boolean =>
  nextTryAt !== null && (nextTryAt <= now || nextTryAt > now + Math.max(...AGAIN_AFTER_MS))

/** When the next item of a message is to be fetched; null: none. */
export function mediaDueAt(media: readonly MediaItem[]): number | null {
  const times = media.flatMap(({ nextTryAt }) => (nextTryAt === null ? [] : [nextTryAt]))
  return times.length === 0 ? null : Math.min(...times)
}

const changeItem =
  (itemId: string, change: (item: MediaItem) => Partial<MediaItem> | null): MessageRule =>
  ({ media }) => {
    const place = media.findIndex(({ id }) => id === itemId)
    const item = media[place]
    const changed = item && change(item)
    return changed ? { media: media.with(place, { ...item, ...changed }) } : null
  }

/** A fetch of this item begins. It stays due: where its process is killed, the next one begins anew. */
export const beginMedia = ({ id, attempts }: Pick<MediaItem, 'id' | 'attempts'>): MessageRule =>
  changeItem(id, (item) => (item.state === 'pending' && item.attempts === attempts ? { attempts: attempts + 1 } : null))

/** The fetch that began as the `attempts`th ended; an outcome counts once. */
export const settleMedia = ({ id, attempts }: Pick<MediaItem, 'id' | 'attempts'>, fetched: Fetched, now: number): MessageRule =>
  changeItem(id, (item) => {
    if (item.state !== 'pending' || item.attempts !== attempts) return null
    const over = { nextTryAt: null }
    if (fetched.outcome === 'blocked') return { ...over, state: 'blocked', reason: fetched.reason }
    if (fetched.outcome === 'kept') {
      const { outcome: _, width = null, height = null, ...kept } = fetched
      return { ...over, ...kept, width, height, state: 'ready' }
    }
    const againAfterMs = fetched.retry ? AGAIN_AFTER_MS[attempts - 1] : undefined
    return againAfterMs === undefined ? { ...over, state: 'failed' } : { ...over, nextTryAt: now + againAfterMs }
  })

/** An agent asks for one that failed: it begins anew. */
export const retryMedia = (itemId: string, now: number): MessageRule =>
  changeItem(itemId, ({ state }) => (state === 'failed' ? { state: 'pending', attempts: 0, nextTryAt: now } : null))

/** As everybody in scope sees them. Their addresses are for who looks, and for a time: `presentMessage` gives them. */
export function showMedia(media: readonly MediaItem[]): Pick<Message, 'media' | 'contacts'> {
  const contacts = media.flatMap((item) => item.contacts ?? [])
  return {
    media: media.map(({ id, contentType, filename, size, state, reason, width, height }) => ({
      ...{ id, url: '', contentType, filename, size, state },
      ...(reason && { reason }),
      ...(width !== null && height !== null && { width, height }),
    })),
    ...(contacts.length > 0 && { contacts }),
  }
}
