// Keeps one connection to whichever node is the right one now: any of a list, or the primary that Sentinel names.
import { setTimeout as pause } from 'node:timers/promises'
import type { RedisAddress, RedisNode } from '../redis-url.ts'
import { createFindPrimary } from './find-primary.ts'
import { type Client, endOf, openClient } from './open-client.ts'

const FIRST_PAUSE_MS = 100
const MOST_PAUSE_MS = 2_000
/** A primary that was replaced ends our connections to it; one that Sentinel cannot reach does not. */
const LOOK_AGAIN_MS = 5_000

export interface Connection {
  /** Null: there is none now. */
  client(): Client | null
  /** The end of the first round. Rejects with why no node could be used; it goes on trying all the same. */
  first: Promise<void>
  close(): void
}

export interface ConnectionParts {
  address: RedisAddress
  /** Belongs to the opening: where it fails, the connection does. */
  prepare: (client: Client) => Promise<unknown>
  isThere: () => void
  /** A whole round failed. */
  isAway: (error: unknown) => void
}

export function stayConnected({ address, prepare, isThere, isAway }: ConnectionParts): Connection {
  const { nodes, tls, login, database, sentinel } = address
  const closed = new AbortController()
  const wait = (ms: number, signal = closed.signal) => pause(ms, undefined, { signal, ref: false }).catch(() => undefined)
  let current: Client | null = null
  // Processes spread over the nodes of a Cluster: what is published at one is heard at all.
  let next = Math.floor(Math.random() * nodes.length)

  const findPrimary = sentinel === null ? null : createFindPrimary(address, sentinel)
  const open = (node: RedisNode) => openClient({ ...node, tls, login, database }, prepare)

  async function openAny(): Promise<{ client: Client; node: RedisNode }> {
    if (findPrimary !== null) {
      const node = await findPrimary()
      return { client: await open(node), node }
    }
    let failure: unknown
    for (let tried = 0; tried < nodes.length && !closed.signal.aborted; tried++) {
      const node = nodes[next % nodes.length] as RedisNode
      try {
        return { client: await open(node), node }
      } catch (error) {
        failure = error
        next++
      }
    }
    throw failure
  }

  async function use(client: Client, node: RedisNode): Promise<void> {
    const ended = new AbortController()
    const end = endOf(client).then(() => ended.abort())
    while (findPrimary !== null && !ended.signal.aborted) {
      await wait(LOOK_AGAIN_MS, ended.signal)
      if (ended.signal.aborted) break
      const now = await findPrimary().catch(() => node)
      if (now.host !== node.host || now.port !== node.port) client.destroy()
    }
    await end
  }

  async function run(began: (error?: unknown) => void): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS
    while (!closed.signal.aborted) {
      try {
        const { client, node } = await openAny()
        current = client
        if (closed.signal.aborted) break
        pauseMs = FIRST_PAUSE_MS
        isThere()
        began()
        await use(client, node)
        current = null
        next++
        await wait(pauseMs)
      } catch (error) {
        if (closed.signal.aborted) break
        isAway(error)
        began(error)
        await wait(pauseMs)
        pauseMs = Math.min(2 * pauseMs, MOST_PAUSE_MS)
      }
    }
    current?.destroy()
  }

  const first = new Promise<void>((resolve, reject) => {
    void run((error) => (error === undefined ? resolve() : reject(error)))
  })
  return {
    first,
    client: () => (current?.isReady ? current : null),
    close() {
      closed.abort()
      current?.destroy()
    },
  }
}
