// Files in GridFS, on connections of their own: bytes never wait for messages' places, nor take them.
import { finished } from 'node:stream/promises'
import mongoose from 'mongoose'
import { DomainError } from '../../../shared/problems.ts'
import type { FileBucket } from '../file-bucket.ts'
import { connect } from './connection.ts'
import { createDeadline } from './deadline.ts'
import { asDomainError, asOpenError } from './errors.ts'
import { insertOnce } from './write.ts'

const BUCKET = 'media'
const PATIENCE_MS = 3_000
const OPERATION_MS = 10_000
/** Longer than any upload or fetch may take: what has no name by then never gets one. */
const UNFINISHED_MS = 60 * 60_000
const TRIES = 5
/** Files looked at in one go for their age. */
const LOOK = 500

/** One of the bucket's files; until all of it is there it has no `metadata.name`. */
interface StoredFile {
  _id: mongoose.mongo.ObjectId
  length: number
  uploadDate: Date
  /** `at`: when it was put or renewed last; until some version nothing said so. */
  metadata?: { name?: string; at?: Date }
}
/** Files that are being written. The driver leaves only chunks of one whose process was killed, and nothing that names them. */
interface Unfinished {
  _id: mongoose.mongo.ObjectId
  at: Date
}

/** @throws DomainError `unavailable` where the database does not answer. */
export async function openMongoBucket(url: string, { patienceMs = PATIENCE_MS, now = Date.now } = {}): Promise<FileBucket> {
  let connection: mongoose.Connection | null = null
  try {
    connection = await connect(url, patienceMs, { maxPoolSize: 10 })
    const bucket = await bucketOf(connection, now)
    await bucket.removeUnfinished()
    return bucket
  } catch (error) {
    await connection?.destroy().catch(() => undefined)
    throw asOpenError(error, url)
  }
}

async function bucketOf(connection: mongoose.Connection, now: () => number): Promise<FileBucket & { removeUnfinished(): Promise<void> }> {
  const { db } = connection
  if (db === undefined) throw new DomainError('unavailable', 'The database does not answer. Try again in a moment.')
  const bucket = new mongoose.mongo.GridFSBucket(db, { bucketName: BUCKET })
  const files = db.collection<StoredFile>(`${BUCKET}.files`)
  const chunks = db.collection(`${BUCKET}.chunks`)
  const unfinished = db.collection<Unfinished>(`${BUCKET}.unfinished`)
  await files.createIndex({ 'metadata.name': 1 }, { unique: true, sparse: true })

  const deadline = createDeadline(OPERATION_MS)
  /** Whatever the database says is a domain error. */
  async function ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await deadline.within(work())
    } catch (error) {
      throw asDomainError(error)
    }
  }
  const find = (name: string) => ask(() => files.findOne({ 'metadata.name': name }))

  const renew = (name: string) =>
    ask(() =>
      files.findOneAndUpdate({ 'metadata.name': name }, { $max: { 'metadata.at': new Date(now()) } }, { projection: { length: 1 } }),
    )

  /** False: another has the name. */
  async function giveName(id: mongoose.mongo.ObjectId, name: string): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await ask(() => files.updateOne({ _id: id }, { $set: { filename: name, 'metadata.name': name, 'metadata.at': new Date(now()) } }))
        return true
      } catch (error) {
        // Also a transient error may mean that another came first, or that the answer was lost.
        const found = await renew(name)
        if (found !== null) return found._id.equals(id)
        if (tries === TRIES) throw error
      }
    }
  }
  async function discard(id: mongoose.mongo.ObjectId): Promise<void> {
    await files.deleteOne({ _id: id })
    await chunks.deleteMany({ files_id: id })
  }

  return {
    async put(bytes, name) {
      const id = new mongoose.mongo.ObjectId()
      await ask(() => unfinished.insertOne({ _id: id, at: new Date(now()) }))
      try {
        await write(bucket.openUploadStreamWithId(id, 'unfinished'), bytes)
        if (!(await giveName(id, name()))) await ask(() => discard(id))
      } catch (error) {
        await ask(() => discard(id)).catch(() => undefined)
        throw asDomainError(error)
      }
      await ask(() => unfinished.deleteOne({ _id: id }))
    },
    size: async (name) => (await find(name))?.length ?? null,
    async open(name, range) {
      const found = await find(name)
      if (found === null) return null
      const options = range && { start: range.start, end: range.end + 1 }
      return { size: found.length, stream: bucket.openDownloadStream(found._id, options) }
    },
    renew: async (name) => (await renew(name))?.length ?? null,
    async old(before, from) {
      const page = await ask(() =>
        files
          .find({ 'metadata.name': { $gt: from } }, { projection: { metadata: 1, uploadDate: 1 } })
          .sort({ 'metadata.name': 1 })
          .limit(LOOK)
          .toArray(),
      )
      const old = page.filter(({ metadata, uploadDate }) => (metadata?.at ?? uploadDate).getTime() < before)
      const last = page.length < LOOK ? undefined : page.at(-1)?.metadata?.name
      return { names: old.flatMap(({ metadata }) => metadata?.name ?? []), next: last ?? null }
    },
    async remove(name) {
      const found = await find(name)
      if (found !== null) await ask(() => discard(found._id))
    },
    async removeOld(name, before) {
      const found = await find(name)
      if (found === null) return false
      const { _id } = found
      const limit = new Date(before)
      const isOld = { $or: [{ 'metadata.at': { $lt: limit } }, { 'metadata.at': { $exists: false }, uploadDate: { $lt: limit } }] }
      // Said first: where this process ends in between, the next start removes its pieces.
      await ask(() => insertOnce(unfinished, { _id, at: new Date(now()) }, { _id }))
      const { deletedCount } = await ask(() => files.deleteOne({ _id, ...isOld }))
      if (deletedCount > 0) await ask(() => chunks.deleteMany({ files_id: _id }))
      await ask(() => unfinished.deleteOne({ _id }))
      return deletedCount > 0
    },
    async *names() {
      for await (const { metadata } of files.find({ 'metadata.name': { $exists: true } }, { projection: { 'metadata.name': 1 } }))
        if (metadata?.name !== undefined) yield metadata.name
    },
    async removeUnfinished() {
      for await (const { _id } of unfinished.find({ at: { $lt: new Date(now() - UNFINISHED_MS) } })) {
        if ((await files.findOne({ _id }))?.metadata?.name === undefined) await discard(_id)
        await unfinished.deleteOne({ _id })
      }
    },
    close: () => connection.destroy(),
  }
}

/** One piece after the other: when the source fails nothing is under way that would arrive after the rest was removed. */
async function write(upload: mongoose.mongo.GridFSBucketWriteStream, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const ended = finished(upload)
  // Told by the piece that failed.
  ended.catch(() => undefined)
  for await (const piece of bytes) await new Promise<void>((done, fail) => upload.write(piece, (error) => (error ? fail(error) : done())))
  upload.end()
  await ended
}
