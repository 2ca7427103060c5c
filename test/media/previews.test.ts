// Small pictures: made once, few at a time, kept beside their file and gone with it; where none can be made the file itself is given.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { imageSize } from 'image-size'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type MediaFiles, openMediaFiles } from '../../server/media/media-files.ts'
import { loadPictureMaker } from '../../server/media/picture-maker.ts'
import { createPreviews } from '../../server/media/previews.ts'
import { bytesOf } from '../../server/simulator/camera-roll.ts'
import { until } from '../support/until.ts'
import { jpeg, png } from './samples.ts'

const limits = { atOnce: 2, mostWaiting: 3, mostBytes: 1_000_000 }
let folder: string
let files: MediaFiles
let now = Date.UTC(2026, 2, 2)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-previews-'))
  files = await openMediaFiles({ databaseUrl: 'sqlite:unused', mediaDir: folder }, () => now)
})
afterEach(async () => {
  await files.close()
  rmSync(folder, { recursive: true, force: true })
})

const keep = async (bytes: Buffer) => (await files.keep(Readable.from([bytes]), 10_000_000)).hash
const large = (n: number) => keep(Buffer.alloc(2_000, `${n}`))
const names = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

describe('a preview', () => {
  test('is made once, also where many ask at the same moment, and is kept', async () => {
    let made = 0
    const previews = createPreviews(files, async () => Buffer.from(`small ${++made}`), limits)
    const hash = await large(1)
    expect(await Promise.all([previews(hash), previews(hash), previews(hash)])).toEqual(Array(3).fill(Buffer.from('small 1')))
    expect(await createPreviews(files, async () => Buffer.from('another'), limits)(hash)).toEqual(Buffer.from('small 1'))
    expect(names().sort()).toEqual([hash, `${hash}.preview`])
  })

  test('is made again where it is missing', async () => {
    let made = 0
    const previews = createPreviews(files, async () => Buffer.from(`small ${++made}`), limits)
    const hash = await large(1)
    await previews(hash)
    rmSync(join(folder, hash.slice(0, 2), `${hash}.preview`))
    expect(await previews(hash)).toEqual(Buffer.from('small 2'))
  })

  test('is made for so many at a time; so many wait, and who comes then is shown the file itself', async () => {
    let running = 0
    let most = 0
    const ends: (() => void)[] = []
    const previews = createPreviews(
      files,
      async () => {
        most = Math.max(most, ++running)
        await new Promise<void>((end) => ends.push(end))
        running--
        return Buffer.from('small')
      },
      limits,
    )
    const hashes = await Promise.all([1, 2, 3, 4, 5, 6].map(large))
    let refused = 0
    const asked = hashes.map((hash) =>
      previews(hash).then((made) => {
        if (made === null) refused++
        return String(made)
      }),
    )
    // Whichever came last: each looks on the disk first.
    await until(() => refused === 1 && ends.length === 2)
    while (ends.length < 5) {
      for (const end of ends) end()
      await new Promise(setImmediate)
    }
    for (const end of ends) end()
    expect((await Promise.all(asked)).sort()).toEqual(['null', ...Array(5).fill('small')])
    expect(most).toBe(2)
  })

  test('that cannot be made is not tried again, nor where it is no smaller, nor of a file that is too large', async () => {
    let tries = 0
    const broken = createPreviews(files, async () => Promise.reject(new Error(`broken ${++tries}`)), limits)
    const hash = await large(1)
    expect([await broken(hash), await broken(hash), tries]).toEqual([null, null, 1])
    const larger = createPreviews(files, async (bytes) => Buffer.concat([bytes, bytes]), limits)
    expect([await larger(hash), names()]).toEqual([null, [hash]])
    const huge = await keep(Buffer.alloc(limits.mostBytes + 1))
    expect(await createPreviews(files, async () => Buffer.from('small'), limits)(huge)).toBe(null)
    expect(await createPreviews(files, async () => Buffer.from('small'), limits)('0'.repeat(64)), 'of no file').toBe(null)
  })

  test('goes with its file, is in no list, and is removed where its file is gone already', async () => {
    const previews = createPreviews(files, async () => Buffer.from('small'), limits)
    const [one, two, three] = [await large(1), await large(2), await large(3)]
    for (const hash of [one, two, three]) await previews(hash)
    const listed: string[] = []
    for await (const hash of files.list()) listed.push(hash)
    expect(listed.sort()).toEqual([one, two, three].sort())
    await files.remove(one)
    rmSync(join(folder, two.slice(0, 2), two))
    now += 1000
    for (let from: string | null = ''; from !== null; ) {
      const page: { names: string[]; next: string | null } = await files.old(now, from)
      for (const hash of page.names) await files.removeOld(hash, now)
      from = page.next
    }
    expect(names()).toEqual([])
  })
})

test('without `sharp` there is no maker', async () => {
  expect(await loadPictureMaker('not-installed-here')).toBe(null)
})

const maker = await loadPictureMaker()
describe.skipIf(maker === null)('a picture by sharp', () => {
  const make = (bytes: Buffer) => (maker ?? (() => Promise.reject(new Error('no maker'))))(bytes)

  test('is small, upright and without what the camera wrote', async () => {
    const photo = await turned()
    expect(imageSize(photo)).toMatchObject({ orientation: 6 })
    const { width, height } = imageSize(photo)
    const made = await make(photo)
    const size = imageSize(made)
    expect(size.type).toBe('webp')
    expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(640)
    // A quarter to the right.
    expect(size.width / size.height).toBeCloseTo(height / width, 1)
    expect(made.includes('EXIF')).toBe(false)
    expect(made.includes('Exif')).toBe(false)
  })

  test.each([
    ['a picture that says it has 30000 × 30000 pixels', png(30_000, 30_000)],
    ['one that says 8001 × 8000', png(8001, 8000)],
    ['one cut in the middle of its head', png().subarray(0, 20)],
    ['a drawing that a script runs in', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>`)],
    ['a JPEG of nothing but its head', jpeg(60_000, 60_000)],
    ['nothing', Buffer.alloc(0)],
  ])('is not made of %s', async (_, bytes) => {
    await expect(make(bytes)).rejects.toThrow()
  })

  /** The demo's photo as a phone writes it that was held upright: its EXIF says 6. */
  async function turned(): Promise<Buffer> {
    const photo = bytesOf('photo')
    const exif = Buffer.from('ffe10022457869660000' + '49492a0008000000' + '0100' + '1201030001000000' + '06000000' + '00000000', 'hex')
    return Buffer.concat([photo.subarray(0, 2), exif, photo.subarray(2)])
  }
})
