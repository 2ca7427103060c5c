// More than one Redis: the primary that Sentinel watches, and the nodes of a Cluster. Where a test must know that something came
// through it, the process that listens has a store whose feed tells nothing.
import { randomUUID } from 'node:crypto'
import tls from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { createServer } from '../../server/server.ts'
import { openStore } from '../../server/store/open-store.ts'
import { systemClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import { emptyFeed } from '../../server/store/news-keys.ts'
import { connect, hears, type Live } from '../realtime/live.ts'
import { captureLog } from '../support/captured-log.ts'
import { createCertificate } from '../support/certificate.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { hasRedis, startCluster, startRedis, type TestRedis } from '../support/redis.ts'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'

const mongoUrl = process.env.MONGODB_URL ?? ''
const phone = '+5491144700001'
const newId = createIds(() => Date.now())

describe.runIf(mongoUrl && hasRedis)('more than one Redis', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  const kept = <T extends { close(): unknown }>(one: T): T => {
    closers.push(() => one.close())
    return one
  }
  const startOne = async (url: string) => kept(await startHilo({ mongoUrl, env: { REDIS_URL: url } }))
  /** Hears of the first through Redis alone. */
  const startWithoutFeed = async (hilo: TestHilo) => {
    const store = await openStore(hilo.server.parts.config.databaseUrl, { clock: systemClock, newId })
    const config = { ...hilo.server.parts.config, port: 0 }
    return kept(await createServer(config, { log: captureLog().log, store: { ...store, changesSince: async () => emptyFeed('none') } }))
  }
  const ready = async (url: string) => (await (await fetch(`${url}/readyz`)).json()) as { status: string; redis: string }
  const redisAt = (state: 'up' | 'away', ...urls: string[]) =>
    until(async () => (await Promise.all(urls.map(ready))).every(({ redis }) => redis === state), { what: `Redis ${state}` })
  const at = async (hilo: TestHilo, url: string): Promise<Live> => {
    const live = await connect(url, hilo.agent({ sub: `agent-${randomUUID()}`, name: 'Ana' }).token)
    closers.push(() => live.socket.close())
    return live
  }
  const refusalOf = (url: string) =>
    startHilo({ mongoUrl, env: { REDIS_URL: url } }).then(
      (hilo) => {
        kept(hilo)
        return 'started'
      },
      (error: Error) => error.message,
    )

  describe('Sentinel', () => {
    const startGroup = async () => {
      const primary = kept(await startRedis())
      const replica = kept(await startRedis({ replicaOf: primary }))
      const sentinels: TestRedis[] = []
      for (let made = 0; made < 3; made++) sentinels.push(kept(await startRedis({ sentinelOf: primary })))
      const addresses = sentinels.map(({ port }) => `127.0.0.1:${port}`).join()
      const knows = async (sentinel: TestRedis, words: RegExp) => words.test(await sentinel.command('SENTINEL', 'MASTER', 'mymaster'))
      const whole = /num-slaves\r\n\$1\r\n1\r\n\$\d+\r\nnum-other-sentinels\r\n\$1\r\n2\r\n/
      for (const sentinel of sentinels) await until(() => knows(sentinel, whole), { what: 'a group that knows itself' })
      /** More than there are: no other primary is named meanwhile. */
      const need = async (quorum: number) => {
        for (const sentinel of sentinels) await sentinel.command('SENTINEL', 'SET', 'mymaster', 'quorum', String(quorum))
      }
      return { primary, replica, sentinels, addresses, need }
    }

    test.each([
      ['killed', (primary: TestRedis) => primary.kill()],
      ['frozen', async (primary: TestRedis) => primary.freeze()],
    ])(
      'names another primary where the one is %s: everything is told, nobody reconnects, and soon at once again',
      { timeout: 150_000 },
      async (_, end) => {
        const { primary, replica, addresses, need } = await startGroup()
        const hilo = await startOne(`redis+sentinel://127.0.0.1:${await freePort()},${addresses}/mymaster`)
        const [plain, deaf] = [
          kept(await createServer({ ...hilo.server.parts.config, port: 0 }, { log: captureLog().log })),
          await startWithoutFeed(hilo),
        ]
        await redisAt('up', hilo.url, plain.url, deaf.url)
        const lives = [await at(hilo, hilo.url), await at(hilo, plain.url)]
        const throughRedis = await at(hilo, deaf.url)
        await hilo.simulator.phone(phone).write('por Sentinel')
        for (const live of [...lives, throughRedis]) await hears(live, 'por Sentinel')
        await need(4)
        await end(primary)
        const texts = ['sin primario 1', 'sin primario 2', 'sin primario 3']
        for (const text of texts) {
          await hilo.simulator.phone(phone).write(text)
          for (const live of lives) await hears(live, text)
        }
        await redisAt('away', hilo.url, plain.url, deaf.url)
        expect((await ready(hilo.url)).status).toBe('ready')
        await need(2)
        // It closes its connections as it becomes the primary.
        await until(async () => (await replica.command('ROLE').catch(() => '')).includes('master'), {
          what: 'another primary',
          // A Sentinel that got no time for two seconds does nothing for thirty.
          timeoutMs: 90_000,
        })
        await redisAt('up', hilo.url, plain.url, deaf.url)
        primary.thaw()
        await hilo.simulator.phone(phone).write('por el otro primario')
        for (const live of [...lives, throughRedis]) await hears(live, 'por el otro primario')
        expect([...lives, throughRedis].map((live) => live.closed())).toEqual([null, null, null])
      },
    )

    test('moves the primary while the old one goes on: all follow, also where nothing ended their connections', async () => {
      const { primary, replica, sentinels, addresses } = await startGroup()
      const hilo = await startOne(`redis+sentinel://${addresses}/mymaster`)
      const other = await startWithoutFeed(hilo)
      await redisAt('up', hilo.url, other.url)
      const there = await at(hilo, other.url)
      const heardAt = async (redis: TestRedis) => /\$\d+\r\nhilo:/.test(await redis.command('PUBSUB', 'CHANNELS'))
      expect(await heardAt(primary)).toBe(true)
      // Its remains take no part in the group any more, and tell nobody so.
      await replica.command('REPLICAOF', 'NO', 'ONE')
      for (const sentinel of sentinels) {
        await sentinel.command('SENTINEL', 'REMOVE', 'mymaster')
        await sentinel.command('SENTINEL', 'MONITOR', 'mymaster', '127.0.0.1', String(replica.port), '2')
      }
      await until(async () => (await heardAt(replica)) && !(await heardAt(primary)), { what: 'both at the new primary' })
      // Who speaks follows a moment after who listens; until then the feed alone tells, which this one has not.
      const isHeard = () => there.changes().some(({ messages }) => messages.some(({ text }) => text === 'tras la mudanza'))
      await until(
        async () => {
          await hilo.simulator.phone(phone).write('tras la mudanza')
          return isHeard()
        },
        { what: 'one process heard at the other by the new primary', everyMs: 500 },
      )
    })

    test('that is not there at the start is said, and waited for', async () => {
      const { sentinels, addresses } = await startGroup()
      for (const sentinel of sentinels) await sentinel.kill()
      const hilo = await startOne(`redis+sentinel://${addresses}/mymaster`)
      expect(await ready(hilo.url)).toEqual({ status: 'ready', redis: 'away' })
      expect(hilo.log()).toMatch(/Redis is away/)
      await sentinels[2]?.start()
      await redisAt('up', hilo.url)
    })

    test('that knows no such primary, or refuses the password, or whose primary does, is refused with the setting’s name', async () => {
      const primary = kept(await startRedis({ password: 'right' }))
      const sentinel = kept(await startRedis({ password: 'own', sentinelOf: primary }))
      const found = `redis+sentinel://:right@127.0.0.1:${sentinel.port}/mymaster`
      expect(await refusalOf(found)).toMatch(/refuses the user or the password that REDIS_URL names/)
      expect(await refusalOf(`${found}?sentinel_password=wrong`)).toMatch(/refuses the user or the password that REDIS_URL names/)
      expect(await refusalOf(`${found.replace('mymaster', 'other')}?sentinel_password=own`)).toMatch(
        /No Sentinel knows the primary.*REDIS_URL/,
      )
      expect(await refusalOf(`${found.replace('right', 'wrong')}?sentinel_password=own`)).toMatch(/refuses the user or the password/)
      expect(await refusalOf(`${found}?sentinel_password=own`)).toBe('started')
    })
  })

  describe('Cluster', () => {
    const startNodes = async (password?: string) => {
      const nodes = await startCluster(3, password === undefined ? {} : { password })
      for (const node of nodes) kept(node)
      return { nodes, addresses: nodes.map(({ port }) => `127.0.0.1:${port}`) }
    }
    /** Without that which asks. */
    const connectionsTo = async (nodes: TestRedis[]) => {
      const lists = await Promise.all(nodes.map((node) => node.command('CLIENT', 'LIST')))
      return (lists.join('').match(/ addr=/g)?.length ?? 0) - nodes.length
    }

    test('goes on where nodes are killed: what happens at one process is heard at the other through those that are left', async () => {
      const { nodes, addresses } = await startNodes()
      const hilo = await startOne(`redis://${addresses}`)
      const other = await startWithoutFeed(hilo)
      await redisAt('up', hilo.url, other.url)
      const there = await at(hilo, other.url)
      const write = async (text: string) => {
        await hilo.simulator.phone(phone).write(text)
        await hears(there, text)
      }
      await write('por tres nodos')
      for (const killed of [1, 2]) {
        await nodes[killed - 1]?.kill()
        await until(async () => (await connectionsTo(nodes.slice(killed))) === 4, { what: 'all at the nodes that are left' })
        await write(`sin ${killed}`)
      }
      expect(there.closed()).toBeNull()
    })

    test('that is not there at the start is said, and waited for, whichever node comes', async () => {
      const { nodes, addresses } = await startNodes()
      for (const node of nodes) await node.kill()
      const hilo = await startOne(`redis+cluster://${addresses}`)
      expect(await ready(hilo.url)).toEqual({ status: 'ready', redis: 'away' })
      expect(hilo.log()).toMatch(/Redis is away/)
      await nodes[1]?.start()
      await redisAt('up', hilo.url)
    })

    test('that refuses the password is refused, with the setting’s name', async () => {
      const { addresses } = await startNodes('right')
      const refused = await refusalOf(`redis+cluster://:wrong@${addresses}`)
      expect(refused).toMatch(/REDIS_URL/)
      expect(refused).not.toMatch(/wrong/)
      expect(await refusalOf(`redis+cluster://:right@${addresses}`)).toBe('started')
    })
  })

  describe('TLS', () => {
    const trusted = tls.getCACertificates('default')
    const startTrusted = () => {
      const certificate = createCertificate()
      closers.push(certificate.remove)
      tls.setDefaultCACertificates([...trusted, certificate.cert])
      closers.push(() => tls.setDefaultCACertificates(trusted))
      return certificate
    }
    const tellsThrough = async (url: string) => {
      const hilo = await startOne(url)
      const other = await startWithoutFeed(hilo)
      await redisAt('up', hilo.url, other.url)
      const there = await at(hilo, other.url)
      await hilo.simulator.phone(phone).write('por TLS')
      await hears(there, 'por TLS')
    }

    test('is spoken to the Sentinels and to the primary that they name', async () => {
      const certificate = startTrusted()
      const primary = kept(await startRedis({ certificate, password: 'right' }))
      const sentinel = kept(await startRedis({ certificate, sentinelOf: primary }))
      await tellsThrough(`rediss+sentinel://:right@127.0.0.1:${sentinel.port}/mymaster`)
    })

    test('is spoken to the nodes of a Cluster', async () => {
      const certificate = startTrusted()
      const nodes = await startCluster(3, { certificate })
      for (const node of nodes) kept(node)
      await tellsThrough(`rediss+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join()}`)
    })

    test('by a certificate that nobody trusts is no connection, and is said', async () => {
      const certificate = startTrusted()
      const redis = kept(await startRedis({ certificate }))
      tls.setDefaultCACertificates(trusted)
      const hilo = await startOne(redis.url)
      expect(await ready(hilo.url)).toEqual({ status: 'ready', redis: 'away' })
      expect(hilo.log()).toMatch(/self-signed certificate.*Redis is away/)
    })
  })
})
