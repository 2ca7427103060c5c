// A client that does not read is dropped, so that it costs no memory; the others hear everything meanwhile.
import { createConnection } from 'node:net'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, everyone, hears, note, openThread } from './live.ts'

/** Some megabytes fit into the buffers of the system before a sender notices anything. */
const LONG = 200_000

/** A masked WebSocket text frame, as a browser sends it (RFC 6455, 5.2). */
function frame(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  const length = payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255]
  return Buffer.concat([Buffer.from([0x81, ...length]), mask, payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))])
}

/** Connects by hand and stops reading once it is in. */
async function connectAndStopReading(url: string, token: string) {
  const { port, hostname } = new URL(url)
  const socket = createConnection(Number(port), hostname)
  let heard = ''
  let closed = false
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1')
  })
  socket.on('close', () => {
    closed = true
  })
  socket.on('error', () => {})
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  )
  await until(() => heard.includes('"sid"'))
  socket.write(frame(`40${JSON.stringify({ token })}`))
  await until(() => heard.includes('"ready"'))
  socket.pause()
  return { closed: () => closed, resume: () => socket.resume(), destroy: () => socket.destroy() }
}

test('a socket that stops reading is dropped; the others hear everything', async () => {
  const hilo = await startHilo()
  const ana = hilo.agent({ sub: 'ana' })
  const thread = await openThread(ana, 'ev-1', '+5491154823391')
  const live = await connect(hilo.url, ana.token)
  const slow = await connectAndStopReading(hilo.url, hilo.agent({ sub: 'slow' }).token)
  const message = { ...(await note(ana, thread.id, 'x')), text: 'a'.repeat(LONG) }
  await hears(live, 'x')
  const { publish } = hilo.server.parts
  const dropped = () => hilo.log().includes('does not read')
  let sent = 0
  await until(
    async () => {
      publish.changes({ orgId: 'default', conversations: [], messages: [{ ...message, rev: ++sent }], left: [] }, everyone)
      await live.caughtUp()
      return dropped()
    },
    { everyMs: 0, timeoutMs: 20_000, what: 'the drop' },
  )
  expect(live.closed()).toBeNull()
  await live.caughtUp()
  expect(
    live
      .changes()
      .flatMap((event) => event.messages)
      .filter((one) => one.text.length === LONG),
  ).toHaveLength(sent)
  slow.resume()
  await until(() => slow.closed())
  live.socket.close()
  slow.destroy()
  await hilo.close()
})

test('closing ends every socket, answers no more, and leaves neither timers nor handles', async () => {
  const hilo = await startHilo()
  const handles = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'TCPServerWrap').length
  const ana = hilo.agent({ sub: 'ana' })
  const thread = await openThread(ana, 'ev-1', '+5491154823391')
  const lives = await Promise.all([1, 2, 3].map((n) => connect(hilo.url, hilo.agent({ sub: `a${n}` }).token)))
  for (const live of lives) await live.ask('viewing', { conversationId: thread.id, replying: true })
  await Promise.all([hilo.server.close(), hilo.server.close()])
  await until(() => lives.every((live) => live.closed() === 'transport close'))
  await expect(connect(hilo.url, ana.token)).rejects.toThrow()
  hilo.server.parts.publish.changes(
    { orgId: 'default', conversations: [], messages: [], left: [{ conversationId: 'x', from: null }] },
    everyone,
  )
  await hilo.close()
  await until(() => handles() === 0)
})

test('a client that asks much at once, and reads, is not taken for a slow one', async () => {
  const hilo = await startHilo()
  const live = await connect(hilo.url, hilo.agent({ sub: 'busy' }).token)
  const answers = await Promise.all(Array.from({ length: 1500 }, () => live.ask('viewing', { conversationId: null, replying: false })))
  expect(answers.every((answer) => answer.ok)).toBe(true)
  expect(live.closed()).toBeNull()
  live.socket.close()
  await hilo.close()
})
