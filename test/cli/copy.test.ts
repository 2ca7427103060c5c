// `hilo copy` as an operator runs it: not beside a server, killed in the middle, run again, and a server on what came of it.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createConnection } from 'mongoose'
import { afterEach, describe, expect, test } from 'vitest'
import { openMediaFiles } from '../../server/media/media-files.ts'
import { createWorld, launch, type World } from '../server/server-process.ts'
import { until } from '../support/until.ts'
import { messagesOf, runHilo, threadOf } from './ask-server.ts'

const phone = '+5491155500004'
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function openWorld(databaseUrl?: string): Promise<World> {
  const world = await createWorld(databaseUrl === undefined ? {} : { databaseUrl })
  closers.push(() => world.close())
  return world
}

function newMongo(): string {
  const address = (process.env.MONGODB_URL ?? '').replace(
    /^(mongodb:\/\/[^/?]+)(\/[^?]*)?/,
    `$1/hilo_copy_${randomBytes(6).toString('hex')}`,
  )
  closers.push(async () => {
    const connection = await createConnection(address).asPromise()
    await connection.dropDatabase()
    await connection.close()
  })
  return address
}

const mediaOf = (databaseUrl: string, { folder }: World) => openMediaFiles({ databaseUrl, mediaDir: join(folder, 'data', 'media') })
async function keepFile(databaseUrl: string, world: World): Promise<string> {
  const files = await mediaOf(databaseUrl, world)
  const { hash } = await files.keep(Readable.from([Buffer.from('a picture')]), 100)
  await files.close()
  return hash
}
async function readFile(databaseUrl: string, world: World, hash: string): Promise<string | null> {
  const files = await mediaOf(databaseUrl, world)
  const found = await files.open(hash)
  const content = found && (await text(found.stream))
  await files.close()
  return content
}

const targets: [string, (world: World) => string][] = [
  ['another file', ({ folder }) => `sqlite:${join(folder, 'data', 'copy.db')}`],
  ...(process.env.MONGODB_URL === undefined ? [] : ([['MongoDB', newMongo]] satisfies [string, () => string][])),
]

describe.each(targets)('hilo copy to %s', (_name, targetOf) => {
  test('is refused beside a server; killed and run again it is whole, and a server goes on there', { timeout: 180_000 }, async () => {
    const world = await openWorld()
    const from = `sqlite:${world.file}`
    const server = await world.start()
    for (let n = 1; n <= 30; n++) await world.simulator.phone(phone).write(`hola ${n}`, { channel: 'whatsapp' })
    const { id } = await until(async () => {
      const thread = await threadOf(world, phone)
      return thread.lastSeq === 30 ? thread : undefined
    })
    const before = await messagesOf(world, id)
    const to = targetOf(world)
    expect(await runHilo(world, 'copy', '--from', from, '--to', to)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/Another Hilo server is running/),
    })
    await server.stop()
    const media = await keepFile(from, world)

    const first = launch(world.env, [process.execPath, 'server/cli/hilo.ts', 'copy', '--from', from, '--to', to])
    await until(() => first.said().includes('Copying contacts'))
    await first.stop('SIGKILL')
    const second = await runHilo(world, 'copy', '--from', from, '--to', to)
    expect(second.code, second.said).toBe(0)
    expect(second.said).toMatch(/1 conversations with 30 messages .* both hold the same/)
    expect(await readFile(to, world, media)).toBe('a picture')
    const third = await runHilo(world, 'copy', '--from', from, '--to', to)
    expect(third, third.said).toMatchObject({ code: 0, said: expect.stringMatching(/^Compared 1 conversations/) })

    const copied = await openWorld(to)
    const onCopy = await copied.start()
    expect(await messagesOf(copied, id)).toEqual(before)
    await copied.simulator.phone(phone).write('y sigue', { channel: 'whatsapp' })
    await until(async () => (await messagesOf(copied, id)).length === 31)
    await onCopy.stop()
    const later = await runHilo(world, 'copy', '--from', from, '--to', to)
    expect(later.code).toBe(1)
    expect(later.said).toMatch(new RegExp(`messages: conversation ${id} has 30 in the source and 31 in the target`))
    expect(later.said).toMatch(/written since the copy was whole/)
  })
})

test('hilo copy makes no database of a mistyped address, and takes nothing from an empty one', { timeout: 60_000 }, async () => {
  const world = await openWorld()
  const to = `sqlite:${join(world.folder, 'new.db')}`
  const copy = (from: string, target = to) => runHilo(world, 'copy', '--from', from, '--to', target)
  expect((await copy(`sqlite:${join(world.folder, 'nothing.db')}`)).said).toMatch(/There is no database at/)
  expect((await copy('postgres://x')).said).toMatch(/--from must begin with sqlite:, mongodb:/)
  expect((await copy(to, to)).said).toMatch(/the same database/)
  expect((await runHilo(world, 'copy', '--from', to)).said).toMatch(/Say from where and to where/)
})
