// How single documents are written: insert without upsert, compare-and-set, and what to do when a race is lost.
import mongoose from 'mongoose'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import type { Collections } from './schema.ts'

type Collection<T extends mongoose.mongo.Document> = mongoose.mongo.Collection<T>
type Filter<T> = mongoose.mongo.Filter<T>
export type Pipeline = mongoose.mongo.Document[]

const ATTEMPTS = 30

/** Nothing was written: a deadlock or write conflict that some servers answer instead of a duplicate key. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof mongoose.mongo.MongoServerError)) return false
  return error.code === 16908292 || error.code === 112 || /deadlock detected|write conflict/i.test(error.message)
}
export function isDuplicate(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === 11000
}

/** Runs until `attempt` has an answer (not undefined); a lost race is another round, a bounded number of times. */
export async function repeat<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  let cause: unknown
  for (let round = 0; round < ATTEMPTS; round++) {
    try {
      const answer = await attempt()
      if (answer !== undefined) return answer
    } catch (error) {
      if (!isTransient(error)) throw error
      cause = error
    }
    if (round > 1) await wait(Math.random() * Math.min(400, 2 ** round))
  }
  throw new Error('The database kept refusing a write that others race for; try again.', { cause })
}

/** The same for a write that always has an answer and only loses by a conflict. */
export function withoutConflict<T>(write: () => Promise<T>): Promise<T> {
  return repeat(async () => ({ answer: await write() })).then((done) => done.answer)
}

/**
 * Inserts, or gives what stands in the way. Which unique index refused is never read from the error: the document is
 * looked up, and where it is not there the insert is repeated.
 */
export async function insertOnce<T extends mongoose.mongo.Document>(
  collection: Collection<T>,
  document: mongoose.mongo.OptionalUnlessRequiredId<T>,
  found: Filter<T>,
): Promise<{ inserted: boolean; document: T }> {
  return repeat<{ inserted: boolean; document: T }>(async () => {
    try {
      await collection.insertOne(document)
      return { inserted: true, document: document as unknown as T }
    } catch (error) {
      if (!isDuplicate(error) && !isTransient(error)) throw error
    }
    const other = (await collection.findOne(found)) as T | null
    return other ? { inserted: false, document: other } : undefined
  })
}

/**
 * Finds, or makes it once. Within this process one at a time tries: where first messages arrive together, inserts of one
 * key would otherwise keep refusing each other.
 */
export function findOrInsert<T extends mongoose.mongo.Document>(
  db: Pick<Database, 'lock'>,
  collection: Collection<T>,
  key: Filter<T>,
  make: () => mongoose.mongo.OptionalUnlessRequiredId<T>,
): Promise<T> {
  return db.lock(`${collection.collectionName}|${JSON.stringify(key)}`, async () => {
    const found = (await collection.findOne(key)) as T | null
    return found ?? (await insertOnce(collection, make(), key)).document
  })
}

/** Fields to set; `undefined` takes a mark off. */
export type MessagePatch = Omit<Partial<MessageDoc>, 'open' | 'listed' | 'mediaDue'> & {
  open?: true | undefined
  listed?: true | undefined
  mediaDue?: number | undefined
}

export interface Changed {
  before: MessageDoc
  after: MessageDoc
}

/**
 * Changes a message by compare-and-set on its `rev`: `decide` sees the latest state and gives the fields to set
 * (undefined ones are removed), or null for none. The answer is null when there is no message or nothing to change.
 */
export async function patchMessage(
  collections: Collections,
  { _id, orgId }: { _id: string; orgId: string },
  decide: (message: MessageDoc) => MessagePatch | null,
): Promise<Changed | null> {
  return repeat<Changed | null>(async () => {
    // By its id alone: a caller may hand over the whole message as it was, which would no longer be found once it changed.
    const before = await collections.messages.findOne({ _id, orgId })
    const patch = before && decide(before)
    if (!before || !patch) return null
    const filter = { _id, orgId, rev: before.rev }
    const after = await collections.messages.findOneAndUpdate(filter, updateOf(patch), { returnDocument: 'after' })
    return after ? { before, after } : undefined
  })
}

/** A patch as an update: with it `rev` rises. */
export function updateOf(patch: MessagePatch): mongoose.mongo.UpdateFilter<MessageDoc> {
  const entries = Object.entries(patch)
  const set = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  const unset = Object.fromEntries(entries.filter(([, value]) => value === undefined).map(([name]) => [name, '']))
  return {
    ...(Object.keys(set).length > 0 ? { $set: set } : {}),
    ...(Object.keys(unset).length > 0 ? { $unset: unset as Record<string, ''> } : {}),
    $inc: { rev: 1 },
    $currentDate: { changedAt: true },
  } as mongoose.mongo.UpdateFilter<MessageDoc>
}

/**
 * Writes each where its filter still holds. False: not all of them were, and which is not told; by a lost race, or by a
 * conflict that some servers answer.
 */
export async function writeTogether<T extends mongoose.mongo.Document>(
  collection: Collection<T>,
  updates: readonly { filter: Filter<T>; update: mongoose.mongo.UpdateFilter<T> | Pipeline }[],
): Promise<boolean> {
  if (updates.length === 0) return true
  try {
    const { matchedCount } = await collection.bulkWrite(
      updates.map((updateOne) => ({ updateOne: updateOne as mongoose.mongo.UpdateOneModel<T> })),
      { ordered: false },
    )
    return matchedCount === updates.length
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoServerError)) throw error
    return false
  }
}

/** A value in a pipeline, as it is: a text that begins with `$` is no field. */
export const literal = (value: unknown) => ({ $literal: value })

export const literals = (fields: object) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, literal(value)]))

/** Pipeline fields: a conversation changed. */
export const touched = (now: number) => ({ rev: { $add: ['$rev', 1] }, changedAt: '$$NOW', updatedAt: now })
