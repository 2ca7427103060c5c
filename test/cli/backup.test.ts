// Backup and restore, as an operator runs them: beside a server under load, elsewhere, onto what is there, from what is damaged.
import { createHash, randomUUID } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import type { Manifest } from '../../server/cli/manifest.ts'
import { createWorld, type World } from '../server/server-process.ts'
import { until } from '../support/until.ts'
import { messagesOf, runHilo, threadOf } from './ask-server.ts'

const phone = '+5491155500002'
const worlds: World[] = []
const open = async (): Promise<World> => {
  const world = await createWorld()
  worlds.push(world)
  return world
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
/** Every file below the folder with its content; not the lock, nor the memory that readers of a database share. */
const contentOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.lock|-shm$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith('-wal') || statSync(path).size > 0)
    .sort()
    .map((file) => [file, digest(file)])

test('a backup under load, restored elsewhere, holds everything acknowledged before it, and nothing half', {
  timeout: 180_000,
}, async () => {
  const world = await open()
  await world.start()
  const media = join(world.folder, 'data', 'media')
  mkdirSync(join(media, '2026'), { recursive: true })
  writeFileSync(join(media, '2026', 'foto.jpg'), 'a picture')
  mkdirSync(join(media, '.unfinished'), { recursive: true })
  writeFileSync(join(media, '.unfinished', 'half'), 'half a pic')
  const damaged = '0'.repeat(64)
  mkdirSync(join(media, '00'))
  writeFileSync(join(media, '00', damaged), 'other bytes')
  writeFileSync(join(media, '00', `${damaged}.preview`), 'made again where it is missing')
  writeFileSync(join(world.folder, 'data', 'demo-secret'), 'a secret of the demo that is long enough\n')
  await world.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
  const { id } = await threadOf(world, phone)
  const acknowledged: string[] = []
  let writing = true
  const writers = [1, 2, 3].map(async (writer) => {
    for (let n = 0; writing; n++) {
      const text = `carga ${writer}-${n}`
      if (writer === 3) await world.simulator.phone(phone).write(text, { channel: 'whatsapp' })
      else await world.call('POST', '/api/messages', { conversationId: id, text, clientMessageId: randomUUID() })
      acknowledged.push(text)
    }
  })
  await until(() => acknowledged.length > 60)
  const before = [...acknowledged]
  const target = join(world.folder, 'backups', 'one')
  expect(await runHilo(world, 'backup', '--to', target)).toMatchObject({
    code: 0,
    said: expect.stringContaining(`media/00/${damaged} is damaged`),
  })
  writing = false
  await Promise.all(writers)
  expect(existsSync(`${target}.part`)).toBe(false)
  expect(readdirSync(target).sort()).toEqual(['demo-secret', 'hilo.db', 'manifest.json', 'media'])
  for (const path of ['.', ...(readdirSync(target, { recursive: true }) as string[])])
    expect(statSync(join(target, path)).mode & 0o077, `nobody else may look into ${path}`).toBe(0)
  const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')) as Manifest
  expect(manifest.files.map((one) => one.path).sort()).toEqual(['demo-secret', 'hilo.db', `media/00/${damaged}`, 'media/2026/foto.jpg'])
  for (const one of manifest.files) expect(digest(join(target, one.path))).toBe(one.sha256)
  expect(manifest.counts.messages).toBeGreaterThanOrEqual(before.length)

  const other = await open()
  const restored = await runHilo(other, 'restore', target)
  expect(restored, restored.said).toMatchObject({ code: 0 })
  const cursor = (await world.call<{ cursor: string }>('GET', '/api/sync')).body.cursor
  await other.start()
  const found = await messagesOf(other, id)
  expect(found.map((one) => one.seq)).toEqual(found.map((_, index) => index + 1))
  const texts = new Set(found.map((one) => one.text))
  expect(before.filter((text) => !texts.has(text))).toEqual([])
  // Half of a message would be one that its conversation does not count, or that nobody will ever end.
  expect((await threadOf(other, phone)).lastSeq).toBe(found.length)
  expect((await threadOf(other, phone)).inboundCount).toBe(found.filter((one) => one.direction === 'inbound').length)
  expect(found.filter((one) => ['queued', 'sending', 'unconfirmed'].includes(one.status) && one.twilioSid === null)).toEqual([])
  expect(other.simulator.ledger().accepted).toEqual([])
  expect(readFileSync(join(other.folder, 'data', 'media', '2026', 'foto.jpg'), 'utf8')).toBe('a picture')
  expect(existsSync(join(other.folder, 'data', 'demo-secret'))).toBe(true)
  // A page that was open on the old one loads everything again.
  expect((await other.call<{ full: boolean }>('GET', `/api/sync?since=${encodeURIComponent(cursor)}`)).body.full).toBe(true)
})

test('what was not sent when it was made is not sent by itself after a restore, unless nothing was sent since', {
  timeout: 180_000,
}, async () => {
  const world = await open()
  const server = await world.start()
  await world.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
  const { id } = await threadOf(world, phone)
  world.simulator.faults.set({ refuseWith: null, hang: 1 })
  for (const text of ['en camino', 'detrás'])
    await world.call('POST', '/api/messages', { conversationId: id, text, clientMessageId: randomUUID() })
  await world.call('POST', '/api/messages', { conversationId: id, text: 'más tarde', sendAt: new Date(Date.now() + 1500).toISOString() })
  await until(async () => (await messagesOf(world, id)).some((one) => one.status === 'sending'))
  const target = join(world.folder, 'one')
  expect(await runHilo(world, 'backup', '--to', target)).toMatchObject({ code: 0 })
  await server.stop('SIGKILL')
  world.simulator.faults.set({ hang: 0 })
  await until(() => Date.now() > Date.parse(JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')).createdAt) + 1600)
  const restored = await runHilo(world, 'restore', target, '--force')
  expect(restored.said).toContain('3 message(s) were not sent')
  await world.start()
  const found = (await messagesOf(world, id)).filter((one) => one.direction === 'outbound')
  expect(found.map((one) => [one.text, one.status, one.error?.reason, one.error?.action])).toEqual(
    ['en camino', 'detrás', 'más tarde'].map((text) => [text, 'failed', 'unsettled', 'retry']),
  )
  expect(world.simulator.ledger().accepted).toEqual([])

  const moved = await open()
  expect(await runHilo(moved, 'restore', target, '--resume')).toMatchObject({ code: 0 })
  await moved.start()
  // The one under way is looked up first; the one that was scheduled has a line of its own place behind it.
  const outbound = async () => (await messagesOf(moved, id)).filter((one) => one.direction === 'outbound')
  const resumed = await until(async () => {
    const found = await outbound()
    return found.length === 3 && found
  })
  expect(resumed.map((one) => one.text)).toEqual(['en camino', 'detrás', 'más tarde'])
  expect(resumed.map((one) => one.status)).not.toContain('failed')
})

test('a restore keeps what was there beside, whole, with what only its log held', { timeout: 180_000 }, async () => {
  const world = await open()
  let server = await world.start()
  await world.simulator.phone(phone).write('primero', { channel: 'whatsapp' })
  const target = join(world.folder, 'one')
  expect(await runHilo(world, 'backup', '--to', target)).toMatchObject({ code: 0 })
  await world.simulator.phone(phone).write('después', { channel: 'whatsapp' })
  expect((await runHilo(world, 'restore', target, '--force')).said).toMatch(/Another Hilo server is running/)
  await server.stop('SIGKILL')
  const before = contentOf(join(world.folder, 'data'))
  expect(before.map(([file]) => file)).toContain(world.file)
  const refused = await runHilo(world, 'restore', target)
  expect(refused).toMatchObject({ code: 1, said: expect.stringMatching(/is there already.*--force/) })
  expect(contentOf(join(world.folder, 'data'))).toEqual(before)
  expect((await runHilo(world, 'restore', target, '--force')).code).toBe(0)
  server = await world.start()
  // A message that came after the backup is taken from Twilio's list soon, and says so.
  const restored = (await messagesOf(world, (await threadOf(world, phone)).id)).filter((one) => !one.recovered)
  expect(restored.map((one) => one.text)).toEqual(['primero'])
  await server.stop()
  const kept = readdirSync(join(world.folder, 'data')).filter((name) => /^hilo\.db\.before-[^.]*$/.test(name))
  expect(kept).toHaveLength(1)
  const db = new DatabaseSync(join(world.folder, 'data', kept[0] ?? ''), { readOnly: true })
  expect(db.prepare('SELECT text FROM messages ORDER BY seq').all()).toEqual([{ text: 'primero' }, { text: 'después' }])
  db.close()
  // Also over a file that is no database any more.
  writeFileSync(world.file, 'no database')
  expect((await runHilo(world, 'restore', target, '--force')).code).toBe(0)
  await world.start()
})

test('a backup that is not whole, not its own, or newer is refused before anything is touched', { timeout: 180_000 }, async () => {
  const world = await open()
  const server = await world.start()
  await world.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
  mkdirSync(join(world.folder, 'data', 'media'), { recursive: true })
  writeFileSync(join(world.folder, 'data', 'media', 'foto.jpg'), 'a picture')
  await runHilo(world, 'backup', '--to', join(world.folder, 'whole'))
  await server.stop()
  const manifestOf = (folder: string) => join(folder, 'manifest.json')
  const rewrite = (folder: string, change: (manifest: Manifest) => void) => {
    const manifest = JSON.parse(readFileSync(manifestOf(folder), 'utf8')) as Manifest
    change(manifest)
    writeFileSync(manifestOf(folder), JSON.stringify(manifest))
  }
  const damages: [string, (folder: string) => void, RegExp][] = [
    ['no manifest', (folder) => rmSync(manifestOf(folder)), /is no backup, or not a whole one/],
    [
      'half a manifest',
      (folder) => writeFileSync(manifestOf(folder), readFileSync(manifestOf(folder), 'utf8').slice(0, 50)),
      /cannot be read/,
    ],
    ['another format', (folder) => rewrite(folder, (one) => Object.assign(one, { format: 2 })), /not as this Hilo writes it/],
    ['a missing file', (folder) => rmSync(join(folder, 'media', 'foto.jpg')), /foto\.jpg is missing/],
    ['a longer database', (folder) => appendFileSync(join(folder, 'hilo.db'), 'x'), /hilo\.db.*damaged/],
    ['another picture', (folder) => writeFileSync(join(folder, 'media', 'foto.jpg'), 'A picture'), /foto\.jpg.*damaged/],
    ['a newer schema', (folder) => rewrite(folder, (one) => Object.assign(one, { schemaVersion: 99 })), /schema version 99.*newer Hilo/],
    [
      'a way out',
      (folder) => rewrite(folder, (one) => one.files.push({ path: '../../etc/passwd', size: 1, sha256: '0'.repeat(64) })),
      /not as this Hilo writes it/,
    ],
  ]
  const before = contentOf(join(world.folder, 'data'))
  expect(before.map(([file]) => file)).toEqual(expect.arrayContaining([world.file, join(world.folder, 'data', 'media', 'foto.jpg')]))
  for (const [what, damage, said] of damages) {
    const folder = join(world.folder, 'damaged')
    cpSync(join(world.folder, 'whole'), folder, { recursive: true })
    damage(folder)
    const refused = await runHilo(world, 'restore', folder, '--force')
    expect(refused.code, what).toBe(1)
    expect(refused.said, what).toMatch(said)
    expect(contentOf(join(world.folder, 'data')), what).toEqual(before)
    renameSync(folder, join(world.folder, `damaged ${what}`))
  }
  for (const args of [
    ['backup'],
    ['restore'],
    ['backup', '--to', join(world.folder, 'whole')],
    ['backup', '--to', join(world.folder, 'data', 'media', 'x')],
  ])
    expect((await runHilo(world, ...args)).code, args.join(' ')).toBe(1)
})
