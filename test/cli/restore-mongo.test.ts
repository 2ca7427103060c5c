// A database of MongoDB that is brought back: copied collection by collection, as mongodump and mongorestore do, from a server
// that was killed under load.
import { randomBytes, randomUUID } from 'node:crypto'
import { createConnection } from 'mongoose'
import { afterEach, describe, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { createWorld, type World } from '../server/server-process.ts'
import { until } from '../support/until.ts'
import { messagesOf, runHilo, threadOf } from './ask-server.ts'

const server = process.env.MONGODB_URL
const phone = '+5491155500003'
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Its address; dropped at the end. */
function newDatabase(): string {
  const address = (server ?? '').replace(/^(mongodb:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_restore_${randomBytes(6).toString('hex')}`)
  closers.push(async () => {
    const connection = await createConnection(address).asPromise()
    await connection.dropDatabase()
    await connection.close()
  })
  return address
}
async function open(databaseUrl: string): Promise<World> {
  const world = await createWorld({ databaseUrl })
  closers.push(() => world.close())
  return world
}
async function copyCollections(from: string, to: string): Promise<void> {
  const [source, target] = await Promise.all([from, to].map((address) => createConnection(address).asPromise()))
  for (const { name } of (await source?.db?.listCollections().toArray()) ?? []) {
    const documents = (await source?.db?.collection(name).find().toArray()) ?? []
    if (documents.length > 0) await target?.db?.collection(name).insertMany(documents)
  }
  await Promise.all([source?.close(), target?.close()])
}
const restore = (world: World, ...args: string[]) => runHilo(world, 'restore', ...args)

describe.runIf(server)('a MongoDB', () => {
  test('copied from under a killed server: all that was acknowledged is there, and what may have been sent is not sent by itself', {
    timeout: 120_000,
  }, async () => {
    const [old, copy, copyToResume] = [newDatabase(), newDatabase(), newDatabase()]
    const world = await open(old)
    const process = await world.start()
    await world.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
    const { id } = await threadOf(world, phone)
    const send = (text: string, more: object = {}) =>
      world.call('POST', '/api/messages', { conversationId: id, text, clientMessageId: randomUUID(), ...more })
    const acknowledged: string[] = []
    let writing = true
    const write = async (writer: number) => {
      for (let n = 0; writing; n++) {
        const text = `carga ${writer}-${n}`
        const taken =
          writer === 3
            ? (await world.simulator.phone(phone).write(text, { channel: 'whatsapp' })).webhook === 'accepted'
            : await send(text).then(
                ({ status }) => status === 202,
                () => false,
              )
        if (taken) acknowledged.push(text)
      }
    }
    for (const writer of [1, 2, 3]) void write(writer)
    await until(() => acknowledged.length > 40)
    // From now on nothing is answered: one is under way, the others wait behind it.
    world.simulator.faults.set({ hang: 1 })
    await send('más tarde', { sendAt: new Date(Date.now() + 3600_000).toISOString() })
    await send('detrás')
    await until(async () => (await messagesOf(world, id)).some((one) => one.status === 'sending' && one.twilioSid === null))
    const killed = process.stop('SIGKILL')
    writing = false
    await killed
    // Twilio repeats the last webhooks to nobody.
    world.simulator.connect('http://127.0.0.1:9')
    const sent = new Set(world.simulator.ledger().accepted.map((one) => one.body))
    await copyCollections(old, copy)
    await copyCollections(old, copyToResume)

    const restored = await open(copy)
    expect(await restore(restored, 'a-folder')).toMatchObject({ code: 1, said: expect.stringMatching(/For MongoDB use mongorestore/) })
    const { code, said } = await restore(restored)
    expect(code, said).toBe(0)
    expect(said).toMatch(/Looked at the restored database\. \d+ message\(s\) were not sent/)
    await restored.start()
    const found = await messagesOf(restored, id)
    expect(found.map((one) => one.seq)).toEqual(found.map((_, index) => index + 1))
    const texts = new Set(found.map((one) => one.text))
    expect(acknowledged.filter((text) => !texts.has(text))).toEqual([])
    const row = await threadOf(restored, phone)
    expect([row.lastSeq, row.inboundCount]).toEqual([found.length, found.filter((one) => one.direction === 'inbound').length])
    const unsent = found.filter((one) => one.direction === 'outbound' && one.twilioSid === null)
    expect(unsent.map((one) => one.text)).toContain('detrás')
    expect(unsent.filter((one) => one.status !== 'failed' || one.error?.reason !== 'unsettled')).toEqual([])
    // The message planned for later was not due, and still is planned.
    const planned = await restored.call<{ items: Message[] }>('GET', '/api/messages?status=scheduled')
    expect(planned.body.items.map((one) => one.text)).toEqual(['más tarde'])
    expect(restored.simulator.ledger().accepted).toEqual([])
    // All that Twilio had taken by then is known by its SID, but for what was under way in that moment.
    const known = new Set(found.filter((one) => one.twilioSid !== null).map((one) => one.text))
    expect([...sent].filter((text) => !known.has(text) && !unsent.some((one) => one.text === text))).toEqual([])

    const resumed = await open(copyToResume)
    expect(await restore(resumed, '--resume')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Looked at the restored database\.\s*$/),
    })
    const connection = await createConnection(copyToResume).asPromise()
    const messages = connection.db?.collection('messages')
    expect(await messages?.countDocuments({ status: 'failed' })).toBe(0)
    expect(await messages?.countDocuments({ status: { $in: ['queued', 'sending', 'unconfirmed'] } })).toBeGreaterThan(0)
    await connection.close()
  })
})
