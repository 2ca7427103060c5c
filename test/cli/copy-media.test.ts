// Media files that are carried to another place: all of them, each verified, also where the copy was killed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { compareMedia, copyMedia } from '../../server/cli/copy-media.ts'
import { type MediaFiles, openMediaFiles } from '../../server/media/media-files.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
async function open(): Promise<{ files: MediaFiles; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-copy-media-'))
  folders.push(folder)
  return { files: await openMediaFiles({ databaseUrl: 'sqlite:unused', mediaDir: folder }), folder }
}
const keep = async (files: MediaFiles, text: string) => (await files.keep(Readable.from([Buffer.from(text)]), 1000)).hash

test('a copy holds all of them, goes on where it was killed, and writes nothing twice', async () => {
  const [from, to] = [(await open()).files, (await open()).files]
  const hashes = await Promise.all(Array.from({ length: 20 }, (_, n) => keep(from, `file ${n}`)))
  let left = 7
  let written = 0
  const mortal: MediaFiles = {
    ...to,
    async keep(source, most) {
      if (left-- === 0) throw new Error('killed')
      written++
      return to.keep(source, most)
    },
  }
  await expect(copyMedia(from, mortal)).rejects.toThrow('killed')
  expect((await compareMedia(from, to)).length).toBe(13)
  left = 100
  expect(await copyMedia(from, mortal)).toBe(20)
  expect(written).toBe(20)
  expect(await compareMedia(from, to)).toEqual([])
  for (const [n, hash] of hashes.entries()) {
    const found = await to.open(hash)
    expect(found && (await buffer(found.stream)).toString()).toBe(`file ${n}`)
  }
})

test('a file whose bytes are not those that were kept is named, and not carried on', async () => {
  const [from, to] = [await open(), (await open()).files]
  const [good, bad] = [await keep(from.files, 'good'), await keep(from.files, 'bad')]
  writeFileSync(join(from.folder, bad.slice(0, 2), bad), 'other')
  await expect(copyMedia(from.files, to)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(`${bad} is damaged`) })
  const there: string[] = []
  for await (const hash of to.list()) there.push(hash)
  expect(there).toEqual([good])
})
