// Files that no message names are removed after a day; what an upload, a send or a fetch under way needs is not.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCollectLoop } from '../../server/media/collect-loop.ts'
import { collectFiles } from '../../server/media/collect-files.ts'
import { type MediaFiles, openMediaFiles } from '../../server/media/media-files.ts'
import type { Parts } from '../../server/parts.ts'
import { captureLog } from '../support/captured-log.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { inbound } from '../support/builders.ts'
import { ownParts } from '../outbox/own-parts.ts'

const HOUR = 60 * 60_000
const DAY = 24 * HOUR
const own = useSqliteFile()
let folder: string
let clock: ManualClock
let files: MediaFiles
let world: Awaited<ReturnType<typeof ownParts>>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-collect-'))
  world = await ownParts(own)
  clock = world.clock
  files = await openMediaFiles({ databaseUrl: 'sqlite:unused', mediaDir: folder }, () => clock.now())
})
afterEach(async () => {
  await files.close()
  rmSync(folder, { recursive: true, force: true })
})

const keep = async (text: string) => (await files.keep([Buffer.from(text)] as unknown as AsyncIterable<Uint8Array>, 100)).hash
const kept = async () => {
  const all: string[] = []
  for await (const hash of files.list()) all.push(hash)
  return all.sort()
}
const fileOf = (hash: string) => ({ hash, size: 4, contentType: 'image/png', filename: null, sourceUrl: null, width: 1, height: 1 })
async function collectAll(from = ''): Promise<number> {
  let removed = 0
  for (let place: string | null = from; place !== null; ) {
    const page: { removed: number; next: string | null } = await collectFiles({ files, store: world.store, clock }, place)
    removed += page.removed
    place = page.next
  }
  return removed
}

test('what was sent, came in or is planned stays; an upload that was never sent goes after a day', async () => {
  const [unsent, sent, planned, forgotten] = [await keep('unsent'), await keep('sent'), await keep('planned'), await keep('forgotten')]
  await world.enter({ type: 'media', media: [fileOf(sent)] })
  await world.store.schedule(world.drafted({ type: 'media', media: [fileOf(planned)], dueAt: clock.now() + 30 * DAY }))
  clock.sleep(DAY)
  expect(await collectAll(), 'not a day old yet').toBe(0)
  clock.sleep(1)
  await files.renew(unsent)
  expect(await collectAll()).toBe(1)
  expect(await kept()).toEqual([unsent, sent, planned].sort())
  expect(await files.size(forgotten)).toBeNull()
  clock.sleep(DAY + 1)
  expect(await collectAll()).toBe(1)
  expect(await kept()).toEqual([sent, planned].sort())
})

test('a send that begins while it is looked at keeps its file: it is renewed before it is named', async () => {
  const hash = await keep('late')
  clock.sleep(2 * DAY)
  const store = {
    namedFiles: async (hashes: readonly string[]) => {
      const named = await world.store.namedFiles(hashes)
      // The send finds the file after it was found to be named by nobody, and enters after it would have been removed.
      expect(await files.renew(hash)).toBe(4)
      return named
    },
  }
  expect(await collectFiles({ files, store, clock }, '')).toMatchObject({ removed: 0 })
  await world.enter({ type: 'media', media: [fileOf(hash)] })
  clock.sleep(10 * DAY)
  expect(await collectAll()).toBe(0)
  expect(await kept()).toEqual([hash])
})

test('what a client sent is named once it is there, and a fetch that is broken off leaves nothing for ever', async () => {
  const left = await keep('its process was killed before it was written down')
  const received = await world.store.receive(
    inbound('default', newId(), { type: 'media', media: [{ sourceUrl: 'https://x.example.com/1', contentType: '' }] }),
    () => ({
      ...{ coordinationId: null, hintId: null },
    }),
  )
  expect(received.outcome).toBe('created')
  clock.sleep(DAY + 1)
  expect(await collectAll()).toBe(1)
  expect(await files.size(left)).toBeNull()
})

/** A process that looks for them. */
function loopOf(name: string, looked: string[]) {
  const media = {
    async collect(from: string) {
      looked.push(`${name} ${from}`)
      return { removed: 0, next: from === '' ? '80' : null }
    },
  }
  const parts = { ...world.parts, log: captureLog().log } as Parts
  return createCollectLoop(parts, media, { orgId: 'default', holder: name, from: '' })
}

test('of two processes one looks, page by page, then rests; when it ends the other does', async () => {
  const looked: string[] = []
  const [first, second] = [loopOf('first', looked), loopOf('second', looked)]
  first.start()
  await clock.advance(1)
  second.start()
  await clock.advance(1)
  expect(looked).toEqual(['first '])
  await clock.advance(10_000)
  expect(looked).toEqual(['first ', 'first 80'])
  await clock.advance(5 * HOUR)
  expect(looked, 'all were looked at').toHaveLength(2)
  await first.close()
  await clock.advance(HOUR)
  expect(looked.slice(2, 4)).toEqual(['second ', 'second 80'].slice(0, looked.length - 2))
  expect(looked.length).toBeGreaterThan(2)
  await second.close()
})

test('a process that was killed while it looked does not keep the others from it for ever', async () => {
  const looked: string[] = []
  await world.store.takeLease('default', 'media-files', 'killed', 5 * 60_000)
  const other = loopOf('other', looked)
  other.start()
  await clock.advance(1)
  expect(looked).toEqual([])
  await clock.advance(6 * HOUR)
  expect(looked).not.toEqual([])
  await other.close()
})
