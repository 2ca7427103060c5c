// Baseline of Send: a bare socket that inserts durably what it gets and acknowledges.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import mongoose from 'mongoose'
import { Server } from 'socket.io'
import { answerBench } from '../answer-bench.ts'

const [kind = 'sqlite', place = ''] = process.argv.slice(2)

async function opened(): Promise<(id: string, body: string) => Promise<void> | void> {
  if (kind === 'mongoose') {
    const connection = await mongoose.createConnection(place, { writeConcern: { w: 'majority', j: true } }).asPromise()
    const Message = connection.model('Message', new mongoose.Schema({ _id: String, body: String }))
    return async (id, body) => void (await Message.create({ _id: id, body }))
  }
  const database = new DatabaseSync(join(place, 'baseline.db'))
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE messages (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT`)
  const statement = database.prepare('INSERT INTO messages (id, body) VALUES (?, ?)')
  return (id, body) => void statement.run(id, body)
}

const insert = await opened()
const http = createServer()
const io = new Server(http, { transports: ['websocket'], serveClient: false })
io.on('connection', (socket) => {
  socket.on('message:send', async (body: unknown, ack: (answer: object) => void) => {
    const message = { id: randomUUID(), ...(body as object), status: 'queued', createdAt: new Date().toISOString() }
    await insert(message.id, JSON.stringify(message))
    ack({ ok: true, message })
  })
})
http.listen(0, '127.0.0.1', () => answerBench(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, () => {}))
