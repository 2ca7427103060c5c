// The connection to MongoDB. The driver can lose itself when a line ends at a bad moment: the check that tells it whether
// the server is there again waits for ever on a socket that is gone, and so does the pool. A connection that is lost in
// this way is replaced by a new one; what hangs on the old one is answered `unavailable`.
import { clearInterval, setInterval } from 'node:timers'
import mongoose from 'mongoose'
import { createDeadline, type Deadline, limited } from './deadline.ts'
import { type Collections, openCollections } from './schema.ts'

export interface ConnectionOptions {
  url: string
  patienceMs: number
  onCommand?: ((command: Readonly<Record<string, unknown>>) => void) | undefined
}

export interface MongoConnection {
  /** For the schema, before anything else uses it. */
  first: mongoose.Connection
  /** Always those of the connection that is in use; each of their operations ends within a deadline. */
  collections: Collections
  close(): Promise<void>
}

const HEARTBEAT_MS = 2_000
const OPERATION_MS = 10_000
const LOOK_MS = 500
/** So many operations that were given up and never ended: what holds them holds places of the pool too. */
const MOST_OVERDUE = 8

interface Opened {
  connection: mongoose.Connection
  collections: Collections
  deadline: Deadline
  /** Nothing is heard of the driver's own checks, not even that they fail. */
  silent(): boolean
}

/** @throws what the driver throws when the server does not answer. */
export async function openConnection(options: ConnectionOptions): Promise<MongoConnection> {
  let opened = await open(options)
  const collections = { ...opened.collections }
  const first = opened.connection
  let replacing: Promise<void> | null = null
  let closing = false
  let lookedAt = performance.now()

  async function replace(): Promise<void> {
    const old = opened
    opened = await open(options)
    Object.assign(collections, opened.collections)
    // Not waited for: it may hang as well.
    void end(old.connection)
  }
  const looks = setInterval(() => {
    const slept = performance.now() - lookedAt > 4 * LOOK_MS
    lookedAt = performance.now()
    if (slept || closing || replacing !== null) return
    if (!opened.silent() && opened.deadline.overdue() < MOST_OVERDUE) return
    replacing = replace()
      // Away: at the next look again.
      .catch(() => undefined)
      .finally(() => {
        replacing = null
      })
  }, LOOK_MS)
  looks.unref()

  return {
    first,
    collections,
    async close() {
      closing = true
      clearInterval(looks)
      await replacing
      await opened.connection.destroy()
    },
  }
}

const end = (connection: mongoose.Connection) => connection.destroy(true).catch(() => undefined)

/** @throws what the driver throws when the server does not answer. */
export async function connect(url: string, patienceMs: number, more: mongoose.ConnectOptions): Promise<mongoose.Connection> {
  const connection = mongoose.createConnection(url, {
    ...(/^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/.test(url) ? {} : { dbName: 'hilo' }),
    serverSelectionTimeoutMS: patienceMs,
    connectTimeoutMS: patienceMs,
    waitQueueTimeoutMS: 2 * patienceMs,
    // Also of building an index; what else takes so long was given up before.
    socketTimeoutMS: 30_000,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    // By name, so that the address cannot say otherwise.
    w: 'majority',
    journal: true,
    readPreference: 'primary',
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    appName: 'hilo',
    ...more,
  })
  // Without a listener a lost connection would end the process; each call says so by itself.
  connection.on('error', () => undefined)
  try {
    await connection.asPromise()
  } catch (error) {
    await end(connection)
    throw error
  }
  return connection
}

async function open({ url, patienceMs, onCommand }: ConnectionOptions): Promise<Opened> {
  const connection = await connect(url, patienceMs, { maxPoolSize: 50, monitorCommands: onCommand !== undefined })
  const client = connection.getClient()
  if (onCommand) client.on('commandStarted', (event) => onCommand(event.command))
  const deadline = createDeadline(OPERATION_MS)
  const collections = Object.fromEntries(
    Object.entries(openCollections(connection)).map(([name, collection]) => [name, limited(collection, deadline)]),
  ) as unknown as Collections
  return { connection, collections, deadline, silent: listenTo(client, patienceMs) }
}

/** A check that began ends within two of its waits, a new line and the greeting; between two there is a pause. */
function listenTo(client: mongoose.mongo.MongoClient, patienceMs: number): () => boolean {
  const last = new Map<string, { at: number; mostMs: number }>()
  const hear = (address: string, pauseMs: number) =>
    last.set(address, { at: performance.now(), mostMs: pauseMs + 2 * patienceMs + LOOK_MS })
  client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => hear(connectionId, awaited ? HEARTBEAT_MS : 0))
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => hear(connectionId, HEARTBEAT_MS))
  client.on('serverHeartbeatFailed', ({ connectionId }) => hear(connectionId, HEARTBEAT_MS))
  client.on('serverClosed', ({ address }) => last.delete(address))
  return () => [...last.values()].some(({ at, mostMs }) => performance.now() - at > mostMs)
}
