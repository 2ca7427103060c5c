// A line to MongoDB that breaks, in every way and under load: each call ends, and soon after the line is whole again calls
// are answered again. Nothing that was acknowledged is lost, nothing that is repeated is doubled.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import mongoose from 'mongoose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import { openMongoStore } from '../../server/store/mongo/open.ts'
import type { InboundMessage } from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'
import { inbound, person, viewerOf } from '../support/builders.ts'
import { serverUrl } from '../support/places/mongo.ts'
import { places } from '../support/places/mongo-kept.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/until.ts'

const orgId = 'org-1'
const all = viewerOf(orgId, 'agent-ana')
const newId = createIds(systemClock.now)
/** The deadline of an operation, what a call waits for its turn, and room for a slow machine. */
const ENDS_MS = 14_000
const RECOVERS_MS = 12_000

describe.skipIf(serverUrl === undefined)('a line to MongoDB that breaks', { timeout: 120_000 }, () => {
  let address: string
  let proxy: TcpProxy
  let store: Store
  let onCommand: (command: Readonly<Record<string, unknown>>) => void
  /** Our ends of the line that are open. */
  const sockets = new Set<Socket>()
  const keep = (told: unknown) => {
    const { socket } = told as { socket: Socket }
    socket.once('connect', () => {
      if (socket.remotePort !== proxy.port) return
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
  }
  const receive = (message: InboundMessage) => store.receive(message, () => ({ coordinationId: null, hintId: null }))
  const write = (client: number) => inbound(orgId, newId(), { from: person(client), text: `hola ${client}` })
  const answered = async () => (await receive(write(1)).catch(() => null)) !== null
  const back = (timeoutMs = RECOVERS_MS) => until(answered, { timeoutMs, everyMs: 100, what: 'a message that is taken in' })
  async function textsOf(client: number): Promise<string[]> {
    const first = await receive(write(client))
    if (first.outcome === 'ignored') throw new Error(first.outcome)
    const page = await store.messages(all, first.conversation.id, { after: 0, limit: 100 })
    return (page?.items ?? []).map((one) => one.id)
  }

  beforeEach(async () => {
    address = await places.create()
    const url = new URL(address)
    proxy = await createTcpProxy(Number(url.port || '27017'), url.hostname)
    url.host = `127.0.0.1:${proxy.port}`
    onCommand = () => {}
    subscribe('net.client.socket', keep)
    store = await openMongoStore({ url: url.href, clock: systemClock, newId, onCommand: (command) => onCommand(command) })
  })
  afterEach(async () => {
    await store.close()
    unsubscribe('net.client.socket', keep)
    await proxy.close()
    await places.remove(address)
  })

  test('a call whose line ends while its command is written ends, and so do those behind it', async () => {
    const message = write(1)
    await receive(write(1))
    onCommand = ({ update }) => {
      if (update !== 'conversations') return
      onCommand = () => {}
      for (const socket of sockets) socket.destroy()
    }
    const begun = performance.now()
    const calls = [receive(message), receive(message), receive(message)]
    await expect(calls[0]).rejects.toMatchObject({ code: 'unavailable' })
    await Promise.allSettled(calls)
    expect(performance.now() - begun).toBeLessThan(ENDS_MS)
    await back()
    await receive(message)
    expect((await textsOf(1)).filter((id) => id === message.id)).toEqual([message.id])
  })

  test('many calls that hang do not hold up the others for good', async () => {
    for (let client = 1; client <= 40; client++) await receive(write(client))
    let hang = 40
    onCommand = ({ update }) => {
      if (update !== 'conversations' || hang-- <= 0) return
      for (const socket of sockets) socket.destroy()
    }
    await Promise.allSettled(Array.from({ length: 40 }, (_, client) => receive(write(client + 1))))
    onCommand = () => {}
    await back()
  })

  test('the driver’s own check that is lost with the line does not keep the store away', async () => {
    // Three who write without pause, so that a command is under way when the check begins.
    let ended = false
    let refused = 0
    const writers = [1, 2, 3].map(async (client) => {
      while (!ended) await receive(write(client)).catch(() => refused++)
    })
    const client = mongoose.connections.at(-1)?.getClient()
    let checks = 0
    client?.on('serverHeartbeatStarted', () => {
      if (checks++ === 0) for (const socket of sockets) socket.destroy()
    })
    await until(() => refused > 0, { timeoutMs: 20_000, what: 'a call that is refused' })
    await back()
    ended = true
    await Promise.all(writers)
  })

  test.for(['freeze', 'refuse', 'cut'] as const)('%s, under load: each call ends, and calls are answered again', async (how) => {
    const messages = Array.from({ length: 60 }, (_, index) => write(1 + (index % 12)))
    for (const message of messages.slice(0, 12)) await receive(message)
    const calls = messages.slice(12).map(async (message) => ({ message, answer: await receive(message).catch((error: unknown) => error) }))
    await proxy[how]()
    // While it is down as well.
    const begun = performance.now()
    const answers = await Promise.all([
      ...calls,
      ...messages.slice(0, 12).map(async (message) => ({ message, answer: await receive(message).catch((error: unknown) => error) })),
    ])
    expect(performance.now() - begun).toBeLessThan(ENDS_MS)
    for (const { answer } of answers) if (answer instanceof Error) expect(answer).toMatchObject({ code: 'unavailable' })
    await proxy.mend()
    await back()
    for (const { message } of answers) await receive(message)
    for (let one = 1; one <= 12; one++) {
      const stored = await textsOf(one)
      const mine = messages.filter(({ address: from }) => from === person(one).address).map(({ id }) => id)
      expect(stored.filter((id) => mine.includes(id)).sort()).toEqual(mine.sort())
    }
  })
})
