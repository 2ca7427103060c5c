// Redis as a bell: one channel, no keys, so that there is nothing in it to lose. Two connections, since one that listens
// cannot be relied on to speak.
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { DomainError } from '../../shared/problems.ts'
import type { Bell } from '../processes/bell.ts'
import { readRedisUrl } from '../redis-url.ts'
import { isRefusal, NoSuchPrimary } from './is-refusal.ts'
import { CONNECT_MS } from './open-client.ts'
import { type Connection, type ConnectionParts, stayConnected } from './stay-connected.ts'

function refused(cause: unknown): DomainError {
  const why =
    cause instanceof NoSuchPrimary
      ? 'No Sentinel knows the primary that REDIS_URL names.'
      : 'Redis refuses the user or the password that REDIS_URL names, or does not let it subscribe and publish.'
  return new DomainError('unavailable', `${why} Correct REDIS_URL.`, { cause })
}

export function createRedisBell({ url, channel, log }: { url: string; channel: string; log: Logger }): Bell {
  const address = readRedisUrl(url)
  let speaker: Connection | null = null
  let listener: Connection | null = null
  let started = false
  let isAway = false

  const connect = (prepare: ConnectionParts['prepare']) =>
    stayConnected({
      address,
      prepare,
      isThere() {
        if (isAway) log.info('Redis is there again')
        isAway = false
      },
      isAway(error) {
        // At the start that is told by not starting.
        if (isAway || (!started && isRefusal(error))) return
        isAway = true
        log.warn({ err: error }, 'Redis is away: what other processes do is told within a second instead of at once; trying again')
      },
    })
  const close = () => {
    for (const connection of [speaker, listener]) connection?.close()
  }

  return {
    async start(hear) {
      listener = connect((client) => client.subscribe(channel, hear))
      speaker = connect((client) => client.publish(channel, ''))
      const up = Promise.all([speaker.first, listener.first])
      try {
        await Promise.race([up, pause(CONNECT_MS, undefined, { ref: false })])
      } catch (error) {
        if (!isRefusal(error)) return
        close()
        throw refused(error)
      } finally {
        started = true
        up.catch(() => undefined)
      }
    },
    ring(text) {
      speaker
        ?.client()
        ?.publish(channel, text)
        .catch(() => undefined)
    },
    async close() {
      close()
    },
  }
}
