// Redis as a bell: one channel, no keys, so that there is nothing in it to lose. Two connections, since one that listens
// cannot be relied on to speak.
import { createClient, type RedisClientType } from '@redis/client'
import type { Logger } from 'pino'
import { DomainError } from '../../shared/problems.ts'
import type { Bell } from '../processes/bell.ts'

const CONNECT_MS = 2_000
/** Each process says something every second: a connection that is silent for this long is dead, and made anew. */
const SILENCE_MS = 5_000
const MOST_PAUSE_MS = 2_000
/** The most that may wait in memory for a Redis that does not answer. */
const MOST_WAITING = 1_000

const isRefusal = (error: unknown): boolean => error instanceof Error && /\b(WRONGPASS|NOAUTH|NOPERM)\b|\bAUTH\b/.test(error.message)

export function createRedisBell({ url, channel, log }: { url: string; channel: string; log: Logger }): Bell {
  let closed = false
  let started = false
  let isAway = false

  function connection(): RedisClientType {
    const client = createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_WAITING,
      socket: {
        connectTimeout: CONNECT_MS,
        socketTimeout: SILENCE_MS,
        // Refused at the start, it is a setting to correct; later it may be one that is being changed.
        reconnectStrategy: (retries, cause) => (!started && isRefusal(cause) ? cause : Math.min(100 * 2 ** retries, MOST_PAUSE_MS)),
      },
    }) as RedisClientType
    client.on('error', (error: unknown) => {
      if (closed || isAway || (!started && isRefusal(error))) return
      isAway = true
      log.warn({ err: error }, 'Redis is away: what other processes do is told within a second instead of at once; trying again')
    })
    client.on('ready', () => {
      if (isAway) log.info('Redis is there again')
      isAway = false
    })
    return client
  }
  const speaker = connection()
  const listener = connection()
  const refused = (error: unknown) =>
    new DomainError(
      'unavailable',
      'Redis refuses the user or the password that REDIS_URL names, or does not let it subscribe and publish. Correct REDIS_URL.',
      { cause: error },
    )

  return {
    async start(hear) {
      const up = (async () => {
        await Promise.all([speaker.connect(), listener.connect()])
        await listener.subscribe(channel, hear)
        await speaker.publish(channel, '')
      })()
      const away = new Promise<'away'>((resolve) => {
        for (const client of [speaker, listener]) client.once('error', (error: unknown) => !isRefusal(error) && resolve('away'))
        setTimeout(resolve, CONNECT_MS, 'away').unref()
      })
      try {
        await Promise.race([up, away])
      } catch (error) {
        if (isRefusal(error) || isRefusal((error as Error).cause)) throw refused(error)
        log.warn({ err: error }, 'Redis is away; trying again')
      } finally {
        started = true
      }
      up.catch((error: unknown) => {
        if (!closed) log.error({ err: error }, 'Redis takes no part any more')
      })
    },
    ring(text) {
      if (speaker.isReady) speaker.publish(channel, text).catch(() => undefined)
    },
    async close() {
      closed = true
      for (const client of [speaker, listener]) if (client.isOpen) client.destroy()
    },
  }
}
