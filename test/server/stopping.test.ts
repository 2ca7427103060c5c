// How the process ends: what was asked is finished, the rest is handed back, in ten seconds at most; and nothing is lost
// when it does not get that far.
import { once } from 'node:events'
import { request as httpRequest, Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { randomBytes, randomUUID } from 'node:crypto'
import { createConnection } from 'mongoose'
import { io } from 'socket.io-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { signRequest } from '../../server/simulator/signature.ts'
import { accountSid, authToken, ownNumbers } from '../support/hilo.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'
import { createWorld, launch, type ServerProcess, type World } from './server-process.ts'

// Every test starts the server twice, which takes a machine under load half a minute each.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

const phone = '+5491155500001'
const mongoUrl = process.env.MONGODB_URL
let world: World
const raw: Socket[] = []
afterEach(async () => {
  for (const socket of raw.splice(0)) socket.destroy()
  await world?.close()
})

/** A connection by hand: what was heard on it, and whether it is closed. */
async function dial() {
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
  raw.push(socket)
  let heard = ''
  let closed = false
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
  })
  await once(socket, 'connect')
  return { write: (text: string) => socket.write(text), heard: () => heard, closed: () => closed, pause: () => socket.pause() }
}

/** A stop that waits for nothing. On a machine that is slow now: less than its start, which is more work. */
const quick = (startedInMs: number) => Math.max(1_500, startedInMs)

const stopping = (server: ServerProcess) => until(() => server.said().includes('"Stopping"'), { what: 'the stop' })

/** The client writes, so that the window is open; answers the conversation. */
async function write(text = 'hola'): Promise<OwnConversation> {
  await world.simulator.phone(phone).write(text, { channel: 'whatsapp' })
  return await until(async () => {
    const { body } = await world.call<{ items: OwnConversation[] }>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}`)
    return body.items[0]
  })
}
const send = async (conversationId: string, text: string): Promise<Message> => {
  const { status, body } = await world.call<{ message: Message }>('POST', '/api/messages', {
    conversationId,
    text,
    clientMessageId: randomUUID(),
  })
  expect(status).toBe(202)
  return body.message
}
const accepted = (text: string) => world.simulator.ledger().accepted.filter((one) => one.body === text)
const readMessage = async (id: string) => (await world.call<Message>('GET', `/api/messages/${id}`)).body
const delivered = (id: string, clock?: ManualClock) =>
  until(
    async () => {
      await clock?.advance(1_000)
      return /delivered|read/.test((await readMessage(id)).status)
    },
    { what: 'delivery', timeoutMs: 60_000 },
  )

describe('a stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s with nothing under way is quick, clean, and ends with 0', async (signal) => {
    world = await createWorld()
    const server = await world.start()
    await write()
    // Browsers open connections that they may never use.
    await dial()
    const ended = await server.stop(signal)
    expect(ended).toMatchObject({ code: 0, signal: null })
    expect(ended.ms).toBeLessThan(quick(server.startedInMs))
    await expect(fetch(`${world.url}/healthz`)).rejects.toThrow()
    await world.start()
    expect((await write('otra vez')).inboundCount).toBe(2)
  })

  test('answers what was asked, says that it is not ready, ends kept connections, and tells sockets to come again', async () => {
    world = await createWorld()
    const server = await world.start()
    const { id } = await write()
    const fields = {
      MessageSid: `SM${randomBytes(16).toString('hex')}`,
      AccountSid: accountSid,
      From: `whatsapp:${phone}`,
      To: `whatsapp:${ownNumbers.whatsapp}`,
      Body: 'a medias',
      NumMedia: '0',
    }
    const body = new URLSearchParams(fields).toString()
    const path = '/webhooks/twilio/message'
    const webhook = await dial()
    webhook.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n` +
        `X-Twilio-Signature: ${signRequest(authToken, `https://inbox.example.com${path}`, fields)}\r\n\r\n${body.slice(0, 20)}`,
    )
    const ready = await dial()
    ready.write('GET /readyz HTTP/1.1\r\nHost: x\r\n')
    const agent = new Agent({ keepAlive: true })
    const asked = httpRequest(`${world.url}/healthz`, { agent }, (response) => response.resume())
    const keptClosed = once(asked, 'socket').then(([kept]: Socket[]) => kept && once(kept, 'close'))
    await once(asked.end(), 'close')
    const socket = io(world.url, { auth: { token: world.token }, transports: ['websocket'], reconnectionDelay: 50 })
    await once(socket as never, 'ready')
    const left = new Promise<string>((resolve) => socket.once('disconnect', resolve))
    // Delivered before anything else of the stop: the request is whole only after it.
    const ended = server.stop()
    await stopping(server)
    ready.write('\r\n')
    webhook.write(body.slice(20))
    await until(() => webhook.closed() && ready.closed())
    expect(webhook.heard()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*<Response\/>/)
    expect(webhook.heard()).toMatch(/connection: close/i)
    expect(ready.heard()).toMatch(/^HTTP\/1\.1 503[\s\S]*"code":"unavailable"/)
    await keptClosed
    // Not 'io server disconnect', after which clients do not come back by themselves.
    expect(await left).toBe('transport close')
    expect(await ended).toMatchObject({ code: 0 })
    await world.start()
    await until(() => socket.connected, { what: 'the socket coming back' })
    socket.close()
    agent.destroy()
    const { body: thread } = await world.call<{ items: Message[] }>('GET', `/api/conversations/${id}/messages`)
    expect(thread.items.map((one) => one.text)).toEqual(['hola', 'a medias'])
  })

  test('lets a send to Twilio end, and leaves what waits behind it for the next start, once each', async () => {
    // Twilio answers when the test lets its time pass: after the stop has begun, however long that takes.
    const clock = createManualClock()
    world = await createWorld({ simulator: { clock, timing: { sentAfterMs: 5, deliveredAfterMs: 10, answeredAfterMs: 700 } } })
    const server = await world.start()
    const { id } = await write()
    const taken = new Promise<void>((resolve) => world.simulator.on('accepted', () => resolve()))
    const first = await send(id, 'la primera')
    const rest = [await send(id, 'la segunda'), await send(id, 'la tercera')]
    await taken
    const ended = server.stop()
    await stopping(server)
    await clock.advance(700)
    expect(await ended).toMatchObject({ code: 0 })
    expect(world.simulator.ledger().accepted).toHaveLength(1)
    const db = new DatabaseSync(world.file, { readOnly: true })
    expect(db.prepare('SELECT holder FROM leases WHERE name = ?').get(ownNumbers.whatsapp)).toEqual({ holder: null })
    const rows = db.prepare("SELECT text, twilio_sid IS NOT NULL AS sent FROM messages WHERE direction = 'outbound' ORDER BY seq").all()
    expect(rows.map((row) => row.sent)).toEqual([1, 0, 0])
    db.close()
    await world.start()
    for (const one of [first, ...rest]) await delivered(one.id, clock)
    expect(['la primera', 'la segunda', 'la tercera'].map((text) => accepted(text).length)).toEqual([1, 1, 1])
  })

  const places: [string, string | undefined][] = [
    ['SQLite', undefined],
    ...(mongoUrl === undefined
      ? []
      : ([['MongoDB', mongoUrl.replace(/^(mongodb:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_stop_${randomBytes(6).toString('hex')}`)]] as [
          string,
          string,
        ][])),
  ]
  test.each(places)('is over in ten seconds and clean while Twilio hangs and clients are stuck: %s', async (_, databaseUrl) => {
    world = await createWorld(databaseUrl === undefined ? {} : { databaseUrl })
    const server = await world.start()
    const { id } = await write()
    world.simulator.faults.set({ hang: 1 })
    const sent = await send(id, 'sin respuesta')
    await until(async () => (await readMessage(sent.id)).status === 'sending')
    const loris = await dial()
    loris.write('GET /api/me HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    const halfBody = await dial()
    halfBody.write('POST /webhooks/twilio/message HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nBody=')
    // In the middle of the stop too: a WebSocket that never reads the closing handshake.
    const asleep = await dial()
    asleep.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    )
    await until(() => asleep.heard().includes('"sid"'))
    asleep.pause()
    const ended = await server.stop()
    expect(ended).toMatchObject({ code: 0, signal: null })
    // Five seconds of it are for Twilio. It ends with 1 where its own ten are not enough.
    expect(ended.ms).toBeLessThan(Math.max(10_000, 5_000 + server.startedInMs))
    world.simulator.faults.set({ hang: 0 })
    await world.start()
    // Nobody knows whether Twilio has it: it is looked up, not sent again at once.
    await until(async () => (await readMessage(sent.id)).status === 'unconfirmed')
    expect(accepted('sin respuesta')).toHaveLength(0)
    if (databaseUrl !== undefined) {
      const connection = await createConnection(databaseUrl).asPromise()
      await connection.dropDatabase()
      await connection.close()
    }
  })

  test.each([
    ['a second SIGTERM', 'SIGTERM'],
    ['SIGKILL', 'SIGKILL'],
  ] as const)('that %s cuts short loses nothing and sends nothing twice', async (_, second) => {
    world = await createWorld()
    const server = await world.start()
    const { id } = await write()
    world.simulator.phone(phone).set({ timeoutAfterAccepting: 1, phoneOff: true })
    const first = await send(id, 'en camino')
    const behind = await send(id, 'detrás')
    await until(() => accepted('en camino').length === 1)
    const at = performance.now()
    const ended = server.stop()
    await stopping(server)
    server.child.kill(second)
    const { code, signal } = await ended
    expect([code, signal]).toEqual(second === 'SIGKILL' ? [null, 'SIGKILL'] : [1, null])
    expect(performance.now() - at).toBeLessThan(Math.max(2_000, server.startedInMs))
    world.simulator.phone(phone).set({ timeoutAfterAccepting: 0, phoneOff: false })
    await world.start()
    await delivered(first.id)
    await delivered(behind.id)
    expect([accepted('en camino').length, accepted('detrás').length]).toEqual([1, 1])
    expect((await write('y yo')).inboundCount).toBe(2)
  })

  test('while it starts is obeyed at once', async () => {
    world = await createWorld()
    // Whoever listens there never answers, so the start waits for it.
    const silent = await import('node:net').then(({ createServer }) => createServer(() => {}).listen(0, '127.0.0.1'))
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    const at = performance.now()
    const server = launch({ ...world.env, DATABASE_URL: `mongodb://127.0.0.1:${port}/hilo` })
    await until(async () => (await fetch(`${world.url}/healthz`).catch(() => null))?.status === 503, { timeoutMs: 120_000 })
    const answeredInMs = performance.now() - at
    const ended = await server.stop()
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.ms).toBeLessThan(quick(answeredInMs))
    silent.close()
  })
})
