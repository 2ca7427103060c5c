// One connection to one node, whole or not at all: it is never made anew by itself, since then another node may be the right one.
import { setTimeout as pause } from 'node:timers/promises'
import { createClient, type RedisClientType } from '@redis/client'
import type { RedisLogin, RedisNode } from '../redis-url.ts'

/** For the connection and what is said first. */
export const CONNECT_MS = 2_000
/** Each process says something every second: a connection that is silent for this long is dead. */
const SILENCE_MS = 5_000
/** The most that may wait in memory for a Redis that does not answer. */
const MOST_WAITING = 1_000

export type Client = RedisClientType

export interface NodeToOpen extends RedisNode {
  tls: boolean
  login: RedisLogin
  database?: number
}

/** Resolves when `prepare` has ended; whatever fails or takes too long leaves nothing open. */
export async function openClient(node: NodeToOpen, prepare: (client: Client) => Promise<unknown>): Promise<Client> {
  const { host, port, tls, login, database = 0 } = node
  const client = createClient({
    ...login,
    ...(database === 0 ? {} : { database }),
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    socket: { host, port, ...(tls ? { tls } : {}), connectTimeout: CONNECT_MS, socketTimeout: SILENCE_MS, reconnectStrategy: false },
  }) as Client
  client.on('error', () => client.destroy())
  const done = new AbortController()
  const tooLong = pause(CONNECT_MS, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new Error(`Redis at ${host}:${port} did not answer within ${CONNECT_MS} ms.`)
  })
  try {
    await Promise.race([client.connect().then(() => prepare(client)), tooLong])
    return client
  } catch (error) {
    client.destroy()
    throw error
  } finally {
    done.abort()
    tooLong.catch(() => undefined)
  }
}

/** Resolves when it is of no more use. */
export function endOf(client: Client): Promise<void> {
  return new Promise((resolve) => {
    if (!client.isReady) resolve()
    client.once('error', () => resolve())
    client.once('end', () => resolve())
  })
}
