// The widget's socket against a real Socket.IO server: acknowledgements, refusals, connections that die in silence.
import { createServer } from 'node:http'
import { type AddressInfo, connect as dial, createServer as createRelay, type Socket as TcpSocket } from 'node:net'
import { Server } from 'socket.io'
import { afterEach, expect, test } from 'vitest'
import { createSocket, type Socket } from '../../widget/client/socket.ts'
import { until } from '../support/until.ts'

const closers: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(
  options: { pingInterval?: number; pingTimeout?: number; maxHttpBufferSize?: number } = {},
): Promise<{ io: Server; port: number }> {
  const http = createServer()
  const io = new Server(http, { transports: ['websocket'], ...options })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  closers.push(() => io.close())
  return { io, port: (http.address() as AddressInfo).port }
}

function socketTo(port: number, openMs = 2000): Socket & { events: string[]; errors: unknown[] } {
  const events: string[] = []
  const errors: unknown[] = []
  const socket = createSocket(`http://127.0.0.1:${port}`, openMs, (error) => errors.push(error))
  socket.on('connect', () => events.push('connect'))
  socket.on('down', (refusal) => events.push(`down ${JSON.stringify(refusal)}`))
  closers.push(() => socket.disconnect())
  return Object.assign(socket, { events, errors })
}

test('carries the token, hears events and is answered, each by its own answer', async () => {
  const { io, port } = await serve()
  const tokens: unknown[] = []
  io.use((socket, next) => {
    tokens.push(socket.handshake.auth)
    next()
  })
  io.on('connection', (socket) => {
    socket.emit('unread', { version: 1, total: 2, conversations: 1, awaitingReply: 0 })
    socket.on('viewing', (body: { conversationId: string }, ack: (answer: object) => void) => {
      setImmediate(() => ack({ ok: true, of: body.conversationId }))
    })
    socket.on('sync', () => {}) // never answers
  })
  const socket = socketTo(port)
  const heard: unknown[] = []
  socket.on('unread', (unread) => heard.push(unread))
  socket.connect('a-token')
  socket.connect('another') // it is opening already
  await until(() => heard.length === 1)
  expect(tokens).toEqual([{ token: 'a-token' }])
  expect(heard).toEqual([{ version: 1, total: 2, conversations: 1, awaitingReply: 0 }])
  const answers = await Promise.all(
    ['uno', 'dos ["{', 'ñ😀'].map((conversationId) => socket.ask('viewing', { conversationId, replying: false }, 2000)),
  )
  expect(answers).toEqual([
    { ok: true, of: 'uno' },
    { ok: true, of: 'dos ["{' },
    { ok: true, of: 'ñ😀' },
  ])
  expect(await socket.ask('sync', { since: null }, 20)).toBeNull()
  expect(socket.events).toEqual(['connect'])
})

test('stays up by answering pings, and knows when they stay out', async () => {
  const { io, port } = await serve({ pingInterval: 20, pingTimeout: 2_000 })
  let pings = 0
  io.on('connection', (socket) => {
    socket.conn.on('packet', ({ type }) => {
      if (type === 'pong') pings++
    })
  })
  // A line that can be cut without either end being told, as when a phone leaves the network.
  const ends: TcpSocket[] = []
  const relay = createRelay((near) => {
    const far = dial(port, '127.0.0.1')
    near.pipe(far).pipe(near)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    ends.push(near, far)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const end of ends) end.destroy()
    relay.close()
  })
  const socket = socketTo((relay.address() as AddressInfo).port)
  socket.connect('token')
  await until(() => pings > 8, { what: 'pongs' })
  expect(socket.connected()).toBe(true)
  for (const end of ends) end.unpipe()
  const asked = socket.ask('viewing', { conversationId: null, replying: false }, 60_000)
  await until(() => !socket.connected(), { what: 'the silence to be noticed' })
  expect(socket.events).toEqual(['connect', 'down null'])
  expect(await asked).toBeNull()
})

test('says why it was refused, and that it was let go', async () => {
  const { io, port } = await serve()
  io.use((socket, next) => {
    if (socket.handshake.auth.token === 'good') next()
    else next(Object.assign(new Error('token_invalid'), { data: { code: 'token_invalid', detail: 'No.' } }))
  })
  const socket = socketTo(port)
  socket.connect('bad')
  await until(() => socket.events.length === 1)
  expect(socket.events).toEqual(['down {"code":"token_invalid","detail":"No."}'])
  socket.connect('good')
  await until(() => socket.connected())
  io.disconnectSockets(true)
  await until(() => socket.events.length === 3)
  expect(socket.events.slice(1)).toEqual(['connect', 'down null'])
})

test('takes a handshake that the server finds too large for a refusal, and a later packet for a broken line', async () => {
  const { port } = await serve({ maxHttpBufferSize: 1000 })
  const socket = socketTo(port)
  socket.connect('t'.repeat(2000))
  await until(() => socket.events.length === 1)
  expect(socket.events).toEqual(['down {"code":"payload_too_large"}'])
  socket.connect('token')
  await until(() => socket.connected())
  expect(await socket.ask('conversation:read', { conversationId: 'c'.repeat(2000), seq: 1 }, 2000)).toBeNull()
  expect(socket.events.slice(1)).toEqual(['connect', 'down null'])
})

test('gives up an opening that takes too long, and one that nobody takes', async () => {
  const ends: TcpSocket[] = []
  const mute = createRelay((end) => ends.push(end.on('error', () => {})))
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const { port } = mute.address() as AddressInfo
  const socket = socketTo(port, 30)
  socket.connect('token')
  await until(() => socket.events.length === 1)
  for (const end of ends) end.destroy()
  await new Promise((resolve) => mute.close(resolve))
  socket.connect('token')
  await until(() => socket.events.length === 2)
  expect(socket.events).toEqual(['down null', 'down null'])
})

test("a handler's defect is told, and ends nothing", async () => {
  const { io, port } = await serve()
  io.on('connection', (socket) => socket.emit('channels', []))
  const socket = socketTo(port)
  socket.on('channels', () => {
    throw new Error('a defect')
  })
  socket.connect('token')
  await until(() => socket.errors.length === 1)
  expect(String(socket.errors[0])).toBe('Error: a defect')
  expect(socket.connected()).toBe(true)
})
