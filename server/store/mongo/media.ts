// What messages came with: kept in the message, looked for by when the next item is to be fetched.
import { type MediaItem, mediaDueAt } from '../../rules/media.ts'
import type { MessageMedia } from '../records.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { flushWhere } from './flush.ts'
import { toMessage } from './rows.ts'

/** Of a message that is being made: no field where there is nothing. */
export function newMediaFields(media: readonly MediaItem[]): Pick<MessageDoc, 'media' | 'mediaDue'> {
  const mediaDue = mediaDueAt(media)
  return { ...(media.length > 0 && { media: [...media] }), ...(mediaDue !== null && { mediaDue }) }
}

/** Of one that is there: nothing left to fetch takes the mark off. */
export function mediaFieldsOf(media: readonly MediaItem[]): { media: MediaItem[]; mediaDue: number | undefined } {
  return { mediaDue: undefined, media: [], ...newMediaFields(media) }
}

const toMessageMedia = (doc: MessageDoc): MessageMedia => ({ orgId: doc.orgId, message: toMessage(doc), items: doc.media ?? [] })

const isDue = { $gt: 0 } as const

export async function mediaToFetch(db: Database, limit: number): Promise<MessageMedia[]> {
  // Few are pending at a time: what just came is found at once, and only once.
  await flushWhere(db, { 'pending.mediaDue': isDue })
  const docs = await db.messages.find({ mediaDue: isDue }).sort({ mediaDue: 1 }).limit(limit).toArray()
  return docs.map(toMessageMedia)
}

export async function messageMedia(db: Database, messageId: string): Promise<MessageMedia | null> {
  const find = () => db.messages.findOne({ _id: messageId, hidden: { $exists: false } })
  const flushed = async () => {
    await flushWhere(db, { 'pending._id': messageId })
    return find()
  }
  const doc = (await find()) ?? (await flushed())
  return doc && toMessageMedia(doc)
}

/** Of these hashes, those that a message names. Read in the order in which a message goes: planned, entered, copied. */
export async function namedFiles(db: Database, hashes: readonly string[]): Promise<Set<string>> {
  const names = { 'media.hash': { $in: [...hashes] } }
  const planned: string[] = await db.scheduled.distinct('media.hash', names)
  await flushWhere(db, { 'pending.media.0': { $exists: true } })
  const entered: string[] = await db.messages.distinct('media.hash', names)
  return new Set([...planned, ...entered])
}
