// A store that cannot be used: one sentence that names it and says what to do, an exit code that is not 0, and no harm done.
import { createHash, randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createConnection } from 'mongoose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import { signRequest } from '../../server/simulator/signature.ts'
import { accountSid, authToken, ownNumbers } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { createWorld, launch, ready, type World } from './server-process.ts'

// Each case starts processes.
vi.setConfig({ testTimeout: 60_000 })

/** A database that a server wrote and closed, to be spoilt. */
let whole: Buffer
let world: World
beforeAll(async () => {
  const maker = await createWorld()
  const server = await maker.start()
  for (let n = 0; n < 300; n++)
    await maker.call('PUT', `/api/coordinations/ev-${n}`, {
      title: `Boda ${n}`,
      contact: { name: `Ana ${n}`, phone: `+54911550${String(10_000 + n)}` },
      data: { nota: 'n'.repeat(800) },
    })
  await maker.simulator.phone('+5491155500003').write('hola', { channel: 'whatsapp' })
  await server.stop()
  whole = readFileSync(maker.file)
  await maker.close()
})
beforeEach(async () => {
  world = await createWorld()
  mkdirSync(dirname(world.file), { recursive: true })
})
afterEach(async () => {
  await world.close()
})

const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
/** Starts it and expects it to refuse; answers what it said. */
async function refusal(env: Record<string, string> = {}, command?: string[]): Promise<string> {
  const server = launch({ ...world.env, ...env }, command)
  const { code } = await server.ended
  expect(code).toBe(1)
  const said = server.said()
  expect(said.trim().split('\n'), said).toHaveLength(1)
  expect(said).toMatch(/^Hilo cannot start\. /)
  expect(said).not.toMatch(/\bat .*\.ts:\d/)
  return said
}

describe('a SQLite file', () => {
  test.each<[string, (file: string) => void, RegExp]>([
    ['that is garbage', (file) => writeFileSync(file, randomBytes(20_000)), /damaged or no database.*DATABASE_URL.*restore/],
    ['that is a few letters', (file) => writeFileSync(file, 'hola'), /damaged or no database/],
    [
      'with another magic',
      (file) => writeFileSync(file, Buffer.concat([Buffer.from('SQLite format 4\0'), whole.subarray(16)])),
      /no database/,
    ],
    ['that is cut off', (file) => truncateSync(file, whole.length - 40_000), /damaged.*restore/],
    [
      'with a page that is none',
      (file) => {
        const handle = openSync(file, 'r+')
        writeSync(handle, randomBytes(4096), 0, 4096, 4096 * Math.floor(whole.length / 4096 / 2))
        closeSync(handle)
      },
      /damaged.*restore/,
    ],
    [
      'of a newer version',
      (file) => {
        const db = new DatabaseSync(file)
        db.exec('PRAGMA user_version = 99')
        db.close()
      },
      /schema version 99.*newer Hilo/,
    ],
    [
      'of another program',
      (file) => {
        rmSync(file)
        const db = new DatabaseSync(file)
        db.exec('CREATE TABLE accounts (id TEXT)')
        db.close()
      },
      /is not a Hilo database.*DATABASE_URL/,
    ],
  ])('%s is refused with a sentence, and left as it is', async (_, spoil, sentence) => {
    writeFileSync(world.file, whole)
    spoil(world.file)
    const before = digest(world.file)
    const said = await refusal()
    expect(said).toMatch(sentence)
    expect(said).toContain(world.file)
    expect(digest(world.file)).toBe(before)
    // Nothing stays behind that a restored file would have to fear.
    for (const name of readdirSync(dirname(world.file)))
      if (name.endsWith('-wal')) expect(readFileSync(join(dirname(world.file), name)).length).toBe(0)
  })

  test('that another server uses is refused, and that one goes on', async () => {
    const server = await world.start()
    expect(await refusal({ PORT: '0' })).toMatch(/Another Hilo server is running on .*hilo\.db.*DATABASE_URL/)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  })

  test('in a place where none can be is refused with its name', async () => {
    writeFileSync(join(world.folder, 'a-file'), 'x')
    for (const file of [join(world.folder, 'a-file', 'hilo.db'), dirname(world.file)])
      expect(await refusal({ DATABASE_URL: `sqlite:${file}` })).toContain(file)
  })

  test('that may only be read, or whose folder may, is refused and left as it is', async () => {
    // Root may write everything: the server gives those rights up first.
    const command = [process.execPath, 'test/server/as-nobody.ts']
    writeFileSync(world.file, whole)
    chmodSync(world.folder, 0o755)
    const before = digest(world.file)
    for (const [fileMode, folderMode] of [
      [0o444, 0o777],
      [0o444, 0o555],
    ] as const) {
      chmodSync(world.file, fileMode)
      chmodSync(dirname(world.file), folderMode)
      const said = await refusal({}, command)
      expect(said).toMatch(/cannot be (written|opened).*(right to write|may write)/)
      expect(said).toContain(world.file)
    }
    expect(digest(world.file)).toBe(before)
    chmodSync(dirname(world.file), 0o777)
    chmodSync(world.file, 0o666)
    const server = launch(world.env, command)
    await ready(server)
    expect(await server.stop()).toMatchObject({ code: 0 })
  })
})

test('a full disk: writes are answered 503 and not acknowledged, reads go on, and so does everything when there is room', {
  timeout: 60_000,
}, async () => {
  const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path))
  if (prlimit === undefined) throw new Error('This test needs prlimit, which is part of util-linux.')
  // Writes beyond the size that a process may give its files fail like those to a full disk.
  const server = launch(world.env, ['bash', '-c', `trap '' XFSZ; ulimit -S -f 2048; exec "$0" "$@"`, process.execPath, 'server/main.ts'])
  try {
    await ready(server)
    const path = '/webhooks/twilio/message'
    const write = async (text: string) => {
      const fields = {
        MessageSid: `SM${randomBytes(16).toString('hex')}`,
        AccountSid: accountSid,
        From: 'whatsapp:+5491155500004',
        To: `whatsapp:${ownNumbers.whatsapp}`,
        Body: text,
        NumMedia: '0',
      }
      const answer = await fetch(world.url + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signRequest(authToken, `https://inbox.example.com${path}`, fields),
        },
        body: new URLSearchParams(fields),
      })
      await answer.body?.cancel()
      return answer.status
    }
    let kept = 0
    let status = await write('x'.repeat(40_000))
    for (; status === 200 && kept < 500; status = await write('x'.repeat(40_000))) kept++
    expect(status).toBe(503)
    expect(kept).toBeGreaterThan(0)
    const records = Array.from({ length: 100 }, (_, n) => ({
      id: `ev-${n}`,
      title: 'Boda',
      contact: { name: 'Ana', phone: '+5491155500004' },
      data: { nota: 'n'.repeat(1900) },
    }))
    const refused = await world.call<{ code: string; detail: string }>('PUT', '/api/coordinations', records)
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable', detail: expect.stringMatching(/disk/) } })
    const look = async () =>
      (await world.call<{ items: OwnConversation[] }>('GET', `/api/conversations?phone=${encodeURIComponent('+5491155500004')}`)).body
        .items[0]
    expect((await look())?.inboundCount).toBe(kept)
    expect(server.said()).toMatch(/disk/)
    execFileSync(prlimit, ['--pid', String(server.child.pid), '--fsize=unlimited:'])
    expect(await write('hay lugar')).toBe(200)
    expect((await look())?.inboundCount).toBe(kept + 1)
    expect(await server.stop()).toMatchObject({ code: 0 })
  } finally {
    server.child.kill('SIGKILL')
    await server.ended
  }
})

describe('an address of MongoDB', () => {
  test('where nobody answers, or that cannot be read, is refused without its password', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    for (const [url, sentence] of [
      ['mongodb://hilo:secreto@127.0.0.1:1/hilo', /MongoDB at 127\.0\.0\.1:1 does not answer/],
      [`mongodb://hilo:secreto@127.0.0.1:${port}/hilo`, /does not answer/],
      ['mongodb://hilo:se/cr@eto@x/hilo', /cannot be read as an address/],
    ] as const) {
      const said = await refusal({ DATABASE_URL: url })
      expect(said).toMatch(sentence)
      expect(said).not.toMatch(/secreto|eto@/)
    }
    silent.close()
  })
})

const mongoUrl = process.env.MONGODB_URL
if (mongoUrl !== undefined)
  describe('a MongoDB', () => {
    const address = mongoUrl.replace(/^(mongodb:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_faults_${randomBytes(6).toString('hex')}`)
    afterAll(async () => {
      const connection = await createConnection(address).asPromise()
      await connection.dropDatabase()
      await connection.close()
    })

    test('that refuses the password, is newer, or has lost its schema document is refused, and left as it is', async () => {
      const stranger = address.replace('mongodb://', 'mongodb://hilo:secreto@')
      const said = await refusal({ DATABASE_URL: stranger })
      expect(said).toMatch(/refuses the user or the password/)
      expect(said).not.toContain('secreto')
      const server = await world.start({ DATABASE_URL: address })
      await world.simulator.phone('+5491155500005').write('hola', { channel: 'whatsapp' })
      await server.stop()
      const connection = await createConnection(address).asPromise()
      const meta = connection.db?.collection<{ _id: string; version: number }>('meta')
      const kept = await meta?.findOne({ _id: 'schema' })
      await meta?.updateOne({ _id: 'schema' }, { $set: { version: 99 } })
      expect(await refusal({ DATABASE_URL: address })).toMatch(/schema version 99.*newer Hilo/)
      await meta?.deleteOne({ _id: 'schema' })
      expect(await refusal({ DATABASE_URL: address })).toMatch(/lost the document "schema".*Restore a backup/)
      expect(await meta?.findOne({ _id: 'schema' })).toBeNull()
      if (kept) await meta?.insertOne(kept)
      await connection.close()
      await world.start({ DATABASE_URL: address })
      await until(async () => (await world.call<{ items: unknown[] }>('GET', '/api/conversations')).body.items.length === 1)
    })
  })
