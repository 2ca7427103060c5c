// The contract of the places for media, unchanged on a folder and on GridFS.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { createConnection, mongo } from 'mongoose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type MediaFiles, openMediaFiles } from '../../server/media/media-files.ts'
import { MediaRefused } from '../../server/media/media-refused.ts'
import { openMongoBucket } from '../../server/store/mongo/file-bucket.ts'
import { places as mongoPlaces, serverUrl } from '../support/places/mongo.ts'

interface Place {
  settings: { databaseUrl: string; mediaDir: string }
  /** Everything that is there, also what has no name: nothing is left of what failed. */
  pieces(): Promise<number>
  remove(): Promise<void>
}

async function folderPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-media-'))
  const mediaDir = join(folder, 'media')
  return {
    settings: { databaseUrl: 'sqlite:unused.db', mediaDir },
    pieces: async () => readdirSync(mediaDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function mongoPlace(): Promise<Place> {
  const databaseUrl = await mongoPlaces.create()
  return {
    settings: { databaseUrl, mediaDir: '/nowhere' },
    async pieces() {
      const connection = await createConnection(databaseUrl).asPromise()
      const all = await Promise.all(
        ['files', 'chunks'].map((name) => connection.collection(`media.${name}`).distinct(name === 'files' ? '_id' : 'files_id')),
      )
      await connection.close()
      return new Set(all.flat().map(String)).size
    },
    remove: () => mongoPlaces.remove(databaseUrl),
  }
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
async function* inPieces(bytes: Uint8Array, size = 50_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function contentOf(files: MediaFiles, hash: string, range?: { start: number; end: number }): Promise<Buffer | null> {
  const found = await files.open(hash, range)
  return found && buffer(found.stream)
}
async function listed(files: MediaFiles): Promise<string[]> {
  const hashes: string[] = []
  for await (const hash of files.list()) hashes.push(hash)
  return hashes.sort()
}

const places: [string, () => Promise<Place>][] = [
  ['a folder', folderPlace],
  ...(serverUrl === undefined ? [] : ([['GridFS', mongoPlace]] satisfies [string, () => Promise<Place>][])),
]

describe.each(places)('media in %s', (_name, create) => {
  let place: Place
  let files: MediaFiles
  beforeEach(async () => {
    place = await create()
    files = await openMediaFiles(place.settings)
  })
  afterEach(async () => {
    await files.close()
    await place.remove()
  })

  test('are kept under the hash of their content and read back, also after opening again', async () => {
    const bytes = randomBytes(700_000)
    const kept = await files.keep(inPieces(bytes), 1_000_000)
    expect(kept).toEqual({ hash: hashOf(bytes), size: bytes.length })
    expect(await contentOf(files, kept.hash)).toEqual(bytes)
    await files.close()
    files = await openMediaFiles(place.settings)
    expect(await files.size(kept.hash)).toBe(bytes.length)
    expect(await contentOf(files, kept.hash)).toEqual(bytes)
    expect(await listed(files)).toEqual([kept.hash])
  })

  test('may be empty, or of one byte', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('x')]) {
      const { hash, size } = await files.keep(inPieces(bytes), 1)
      expect(size).toBe(bytes.length)
      expect(await contentOf(files, hash)).toEqual(bytes)
    }
  })

  test('are kept once, also when the same bytes come several times at once', async () => {
    const bytes = randomBytes(300_000)
    const kept = await Promise.all(Array.from({ length: 6 }, () => files.keep(inPieces(bytes), 300_000)))
    expect(new Set(kept.map(({ hash }) => hash)).size).toBe(1)
    await files.keep(inPieces(bytes), 300_000)
    expect(await listed(files)).toEqual([hashOf(bytes)])
    expect(await place.pieces()).toBe(1)
    expect(await contentOf(files, hashOf(bytes))).toEqual(bytes)
  })

  test('are given in part', async () => {
    const bytes = randomBytes(600_000)
    const { hash } = await files.keep(inPieces(bytes), 600_000)
    for (const [start, end] of [
      [0, 0],
      [0, 599_999],
      [255_999, 512_001],
      [599_999, 599_999],
      [10, 20],
    ] as const) {
      expect(await contentOf(files, hash, { start, end })).toEqual(bytes.subarray(start, end + 1))
      const found = await files.open(hash, { start, end })
      expect(found?.size).toBe(600_000)
      found?.stream.destroy()
    }
  })

  test('larger than allowed leave nothing, and what is one byte smaller is kept', async () => {
    const bytes = randomBytes(300_001)
    await expect(files.keep(inPieces(bytes), 300_000)).rejects.toEqual(new MediaRefused('too_large'))
    expect(await place.pieces()).toBe(0)
    expect(await listed(files)).toEqual([])
    await files.keep(inPieces(bytes.subarray(1)), 300_000)
    expect(await place.pieces()).toBe(1)
  })

  test('whose source breaks off leave nothing, and the break is told', async () => {
    async function* broken() {
      yield randomBytes(400_000)
      throw new Error('the line broke')
    }
    await expect(files.keep(broken(), 1_000_000)).rejects.toThrow('the line broke')
    expect(await place.pieces()).toBe(0)
  })

  test('are seen by nobody before they are whole', async () => {
    const bytes = randomBytes(400_000)
    async function* looking() {
      yield bytes.subarray(0, 300_000)
      expect(await listed(files)).toEqual([])
      expect(await files.open(hashOf(bytes))).toBeNull()
      yield bytes.subarray(300_000)
    }
    await files.keep(looking(), 400_000)
    expect(await listed(files)).toEqual([hashOf(bytes)])
  })

  test('are removed with all that was theirs, and removing again is nothing', async () => {
    const [one, other] = [randomBytes(300_000), randomBytes(10)]
    const { hash } = await files.keep(inPieces(one), 300_000)
    await files.keep(inPieces(other), 10)
    await files.remove(hash)
    await files.remove(hash)
    expect(await files.open(hash)).toBeNull()
    expect(await files.size(hash)).toBeNull()
    expect(await listed(files)).toEqual([hashOf(other)])
    expect(await place.pieces()).toBe(1)
    await files.keep(inPieces(one), 300_000)
    expect(await contentOf(files, hash)).toEqual(one)
  })

  describe('by their age', () => {
    const DAY = 24 * 60 * 60_000
    let now = Date.now()
    const names = async (before: number) => {
      const found: string[] = []
      for (let from: string | null = ''; from !== null; ) {
        const page = await files.old(before, from)
        found.push(...page.names)
        from = page.next
      }
      return found.sort()
    }
    beforeEach(async () => {
      await files.close()
      now = Date.now()
      files = await openMediaFiles(place.settings, () => now)
    })
    const keep = async (text: string) => (await files.keep(inPieces(Buffer.from(text)), 100)).hash

    test('are found when they are older, and not when they were kept again or renewed since', async () => {
      const [left, again, renewed] = [await keep('left'), await keep('again'), await keep('renewed')]
      expect(await names(now + 1)).toEqual([left, again, renewed].sort())
      now += DAY
      await keep('again')
      expect(await files.renew(renewed)).toBe(7)
      const young = await keep('young')
      expect(await names(now)).toEqual([left])
      expect(await names(now + 1)).toEqual([left, again, renewed, young].sort())
      expect(await files.renew('0'.repeat(64))).toBeNull()
      expect(await files.renew('../../etc/passwd')).toBeNull()
    })

    test('are removed only while they are old', async () => {
      const [left, renewed] = [await keep('left'), await keep('renewed')]
      now += DAY
      // Found to be old, and then somebody sends it.
      expect(await names(now)).toEqual([left, renewed].sort())
      await files.renew(renewed)
      expect(await Promise.all([left, renewed, '0'.repeat(64)].map((hash) => files.removeOld(hash, now)))).toEqual([true, false, false])
      expect(await listed(files)).toEqual([renewed])
      expect(await place.pieces()).toBe(1)
      expect((await contentOf(files, renewed))?.toString()).toBe('renewed')
      const back = await keep('left')
      expect((await contentOf(files, back))?.toString()).toBe('left')
    })

    test('are there afterwards, when they are kept again in the moment in which they are removed', async () => {
      for (let round = 0; round < 20; round++) {
        const hash = await keep('both')
        now += DAY
        await Promise.all([keep('both'), files.removeOld(hash, now), files.removeOld(hash, now)])
        expect(await listed(files), `round ${round}`).toEqual([hash])
      }
    })
  })

  test('that nobody kept, or whose name is a path, are not there', async () => {
    for (const name of ['0'.repeat(64), '../../etc/passwd', '', 'A'.repeat(64), `${'0'.repeat(62)}/x`, '.unfinished']) {
      expect(await files.open(name)).toBeNull()
      expect(await files.size(name)).toBeNull()
      await files.remove(name)
    }
  })

  test('are listed, however many', async () => {
    const hashes = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => (await files.keep(inPieces(Buffer.from(`file ${n}`)), 100)).hash),
    )
    expect(await listed(files)).toEqual(hashes.sort())
  })
})

describe('the folder', () => {
  let place: Place
  beforeEach(async () => {
    place = await folderPlace()
  })
  afterEach(() => place.remove())

  test('is emptied at the start of what a killed process left half written, and of nothing else', async () => {
    const { mediaDir } = place.settings
    const first = await openMediaFiles(place.settings)
    const { hash } = await first.keep(inPieces(Buffer.from('whole')), 10)
    writeFileSync(join(mediaDir, '.unfinished', 'a-half'), 'half')
    mkdirSync(join(mediaDir, '2026'))
    writeFileSync(join(mediaDir, '2026', 'of-the-operator.jpg'), 'not ours')
    const files = await openMediaFiles(place.settings)
    expect(readdirSync(join(mediaDir, '.unfinished'))).toEqual([])
    expect(await listed(files)).toEqual([hash])
    expect(existsSync(join(mediaDir, '2026', 'of-the-operator.jpg'))).toBe(true)
  })

  test('and its files are closed to other users', async () => {
    const files = await openMediaFiles(place.settings)
    await files.keep(inPieces(Buffer.from('private')), 10)
    for (const path of ['.', ...(readdirSync(place.settings.mediaDir, { recursive: true }) as string[])])
      expect(statSync(join(place.settings.mediaDir, path)).mode & 0o077, path).toBe(0)
  })

  test('of which a file was damaged is mended by the same bytes', async () => {
    const files = await openMediaFiles(place.settings)
    const { hash } = await files.keep(inPieces(Buffer.from('whole')), 10)
    const path = join(place.settings.mediaDir, hash.slice(0, 2), hash)
    writeFileSync(path, 'who')
    await files.keep(inPieces(Buffer.from('whole')), 10)
    expect(readFileSync(path, 'utf8')).toBe('whole')
  })

  test('that cannot be made says so in a sentence', async () => {
    const file = join(place.settings.mediaDir, '..', 'a-file')
    writeFileSync(file, '')
    await expect(openMediaFiles({ ...place.settings, mediaDir: file })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/media files in .*a-file cannot be written.*MEDIA_DIR/),
    })
  })
})

describe.skipIf(serverUrl === undefined)('GridFS', () => {
  test('is cleared of what a killed process left half written an hour ago, and not of what is being written', async () => {
    const place = await mongoPlace()
    const { databaseUrl } = place.settings
    const connection = await createConnection(databaseUrl).asPromise()
    const leave = async (at: number) => {
      const _id = new mongo.ObjectId()
      await connection.collection('media.unfinished').insertOne({ _id, at: new Date(at) })
      await connection.collection('media.chunks').insertOne({ files_id: _id, n: 0, data: Buffer.from('half') })
    }
    const now = Date.now()
    await leave(now - 61 * 60_000)
    await leave(now - 59 * 60_000)
    const bucket = await openMongoBucket(databaseUrl, { now: () => now })
    expect(await connection.collection('media.chunks').countDocuments()).toBe(1)
    expect(await connection.collection('media.unfinished').countDocuments()).toBe(1)
    await bucket.close()
    await connection.close()
    await place.remove()
  })
})
