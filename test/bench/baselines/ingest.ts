// Baseline of Ingest: what a competent engineer writes with the same libraries and nothing else. An Express route that
// parses the form, checks the signature by Twilio's SDK and commits one insert before it answers.
//   request   a commit per request
//   group     what one turn of the event loop brings is one transaction
//   mongoose  one insert into MongoDB per request (the second argument is its address)
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import express from 'express'
import mongoose from 'mongoose'
import twilio from 'twilio'
import { answerBench } from '../answer-bench.ts'
import { authToken, publicUrl } from '../settings.ts'

type Insert = (sid: string, kind: string, body: string) => Promise<void>

const [kind = 'request', place = ''] = process.argv.slice(2)

function openSqlite(): { insert: (sid: string, kind: string, body: string) => void; database: DatabaseSync } {
  const database = new DatabaseSync(join(place, 'baseline.db'))
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS webhooks (sid TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (sid, kind)) STRICT`)
  const statement = database.prepare('INSERT OR IGNORE INTO webhooks (sid, kind, body) VALUES (?, ?, ?)')
  return { database, insert: (...values) => void statement.run(...values) }
}

function perRequest(): Insert {
  const { insert } = openSqlite()
  return async (...values) => insert(...values)
}

function grouped(): Insert {
  const { insert, database } = openSqlite()
  let waiting: { values: [string, string, string]; done: () => void; failed: (error: unknown) => void }[] = []
  const commit = () => {
    const group = waiting
    waiting = []
    try {
      database.exec('BEGIN IMMEDIATE')
      for (const { values } of group) insert(...values)
      database.exec('COMMIT')
    } catch (error) {
      for (const { failed } of group) failed(error)
      return
    }
    for (const { done } of group) done()
  }
  return (...values) =>
    new Promise((done, failed) => {
      if (waiting.length === 0) setImmediate(commit)
      waiting.push({ values, done, failed })
    })
}

async function byMongoose(): Promise<Insert> {
  const connection = await mongoose.createConnection(place, { writeConcern: { w: 'majority', j: true } }).asPromise()
  const schema = new mongoose.Schema({ sid: String, kind: String, body: String })
  schema.index({ sid: 1, kind: 1 }, { unique: true })
  const Webhook = connection.model('Webhook', schema)
  await Webhook.init()
  return async (sid, kind, body) => {
    try {
      await Webhook.create({ sid, kind, body })
    } catch (error) {
      if (!(await Webhook.exists({ sid, kind }))) throw error
    }
  }
}

const insert = kind === 'group' ? grouped() : kind === 'mongoose' ? await byMongoose() : perRequest()
const app = express()
app.use(express.urlencoded({ extended: false }))
app.post(['/webhooks/twilio/message', '/webhooks/twilio/status/:id'], async (request, response) => {
  const fields = request.body as Record<string, string>
  const signature = request.get('X-Twilio-Signature') ?? ''
  if (!twilio.validateRequest(authToken, signature, publicUrl + request.originalUrl, fields)) {
    response.sendStatus(403)
    return
  }
  await insert(fields.MessageSid ?? '', fields.MessageStatus ?? 'received', JSON.stringify(fields))
  if (fields.MessageStatus === undefined) response.type('text/xml').send('<Response/>')
  else response.sendStatus(204)
})
const server = app.listen(0, '127.0.0.1', () => {
  answerBench(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {})
})
