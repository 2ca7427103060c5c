// Redis between two processes: it hurries, and nothing rests on it. Where a test must know that something came through it, the
// process that listens has a store whose feed tells nothing.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Agent } from '../../shared/model.ts'
import type { PresenceEvent } from '../../shared/events.ts'
import { createServer, type GivenParts, type RunningServer } from '../../server/server.ts'
import { openStore } from '../../server/store/open-store.ts'
import { systemClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import { emptyFeed } from '../../server/store/news-keys.ts'
import { connect, hears, type Live, openThread } from '../realtime/live.ts'
import { captureLog } from '../support/captured-log.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/until.ts'

const mongoUrl = process.env.MONGODB_URL ?? ''
const phone = '+5491144600001'
const newId = createIds(() => Date.now())

describe.runIf(mongoUrl && hasRedis)('Redis between two processes', () => {
  let redis: TestRedis
  let cable: TcpProxy
  let hilo: TestHilo
  const others: RunningServer[] = []
  const open: Live[] = []

  beforeAll(async () => {
    redis = await startRedis()
    cable = await createTcpProxy(Number(new URL(redis.url).port))
    hilo = await startHilo({ mongoUrl, env: { REDIS_URL: `redis://127.0.0.1:${cable.port}` } })
  })
  afterEach(async () => {
    for (const live of open.splice(0)) live.socket.close()
    for (const other of others.splice(0)) await other.close()
  })
  afterAll(async () => {
    await hilo.close()
    await cable.close()
    await redis.close()
  })
  const startOther = async (given: GivenParts = {}) => {
    const other = await createServer({ ...hilo.server.parts.config, port: 0 }, { log: captureLog().log, ...given })
    others.push(other)
    await until(async () => (await readiness(other.url)).redis === 'up', { what: 'Redis at the other' })
    return other
  }
  /** Hears of others through Redis alone. */
  const startWithoutFeed = async () => {
    const store = await openStore(hilo.server.parts.config.databaseUrl, { clock: systemClock, newId })
    return await startOther({ store: { ...store, changesSince: async () => emptyFeed('none') } })
  }
  const readiness = async (url: string) => {
    const response = await fetch(`${url}/readyz`)
    return { code: response.status, ...((await response.json()) as { status: string; redis?: string }) }
  }
  const redisAt = (url: string, state: 'up' | 'away') =>
    until(async () => (await readiness(url)).redis === state, { what: `Redis ${state} at ${url}` })
  const agent = () => hilo.agent({ sub: `agent-${randomUUID()}`, name: 'Ana' })
  const at = async (url: string, by = agent()) => {
    const live = await connect(url, by.token)
    open.push(live)
    return live
  }

  test('what comes in at one is heard at the other through it', async () => {
    const other = await startWithoutFeed()
    const there = await at(other.url)
    await hilo.simulator.phone(phone).write('por Redis')
    await hears(there, 'por Redis')
  })

  test('an answer entered at the one leaves by the other that holds the sender, and whoever waits for it hears of it', async () => {
    const other = await startWithoutFeed()
    await hilo.simulator.phone(phone).write('hola')
    const { id } = await hilo.conversation(phone)
    const response = await fetch(`${other.url}/api/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${agent().token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ conversationId: id, text: 'a través', clientMessageId: randomUUID(), wait: 'sent' }),
    })
    expect(await response.json()).toMatchObject({ message: { twilioSid: expect.stringMatching(/^SM/) } })
  })

  test('who looks at a thread, who replies and who is there is told across processes, and forgotten with a process', async () => {
    const other = await startWithoutFeed()
    const [ana, luis] = [agent(), hilo.agent({ sub: 'agent-luis', name: 'Luis' })]
    const { id } = await openThread(ana, 'ev-looks', '+5491144600002')
    const here = await at(hilo.url, ana)
    const there = await at(other.url, luis)
    await here.ask('viewing', { conversationId: id, replying: false })
    await there.ask('viewing', { conversationId: id, replying: true })
    const seen = (live: Live, count: number) =>
      until(() => live.all<PresenceEvent>('presence').at(-1)?.agents.length === count, { what: `${count} who look` })
    await seen(here, 2)
    await seen(there, 2)
    expect(
      here
        .all<PresenceEvent>('presence')
        .at(-1)
        ?.agents.find((one) => one.id === 'agent-luis'),
    ).toMatchObject({ replying: true })
    await until(() => here.all<{ agents: { name: string }[] }>('replying').some(({ agents }) => agents[0]?.name === 'Luis'))
    expect(hilo.server.parts.connected('default', 'agent-luis')).toBe(true)
    const presenceOf = () =>
      here
        .all<Agent[]>('agents')
        .flat()
        .filter((one) => one.id === 'agent-luis')
        .at(-1)?.presence
    await until(() => presenceOf() === 'online', { what: 'Luis being there' })
    await other.close()
    await seen(here, 1)
    await until(() => presenceOf() === 'offline', { what: 'Luis having gone' })
    expect(hilo.server.parts.connected('default', 'agent-luis')).toBe(false)
  })

  test.each([
    ['killed', () => redis.kill(), () => redis.start()],
    ['frozen', async () => redis.freeze(), async () => redis.thaw()],
    ['cut off', () => cable.refuse(), () => cable.mend()],
    ['slow', async () => cable.slow(4_000), () => cable.mend()],
  ])('%s, everything is told all the same, nobody reconnects, and all are ready', async (_, away, back) => {
    const other = await startOther()
    const lives = [await at(hilo.url), await at(other.url)]
    await away()
    const texts = ['sin Redis 1', 'sin Redis 2'].map((text) => `${text} ${randomUUID()}`)
    for (const text of texts) {
      await hilo.simulator.phone(phone).write(text)
      for (const live of lives) await hears(live, text)
    }
    await redisAt(other.url, 'away')
    expect(await readiness(hilo.url)).toMatchObject({ code: 200, status: 'ready' })
    await back()
    await redisAt(hilo.url, 'up')
    await redisAt(other.url, 'up')
    expect(lives.map((live) => live.closed())).toEqual([null, null])
    const last = `con Redis otra vez ${randomUUID()}`
    await hilo.simulator.phone(phone).write(last)
    for (const live of lives) await hears(live, last)
  })

  test('what Twilio holds against a channel is shown at both, and forgotten at both', async () => {
    const other = await startWithoutFeed()
    const reason = () => other.parts.organizations[0]?.senders.fault('whatsapp') ?? null
    const { senders } = hilo.server.parts.organizationOf('default')
    senders.noteFault('whatsapp', { step: 'request', reason: 'Twilio refuses the credentials.', at: Date.now() })
    hilo.server.parts.publish.channels('default')
    await until(() => reason() === 'Twilio refuses the credentials.')
    senders.works('whatsapp', 'request')
    hilo.server.parts.publish.channels('default')
    await until(() => reason() === null)
  })

  test('a token has one rate, whichever process it asks', async () => {
    const limited = await startHilo({ mongoUrl, env: { REDIS_URL: redis.url, RATE_LIMIT: '20' } })
    const other = await createServer({ ...limited.server.parts.config, port: 0 }, { log: captureLog().log })
    others.push(other)
    await redisAt(limited.url, 'up')
    await redisAt(other.url, 'up')
    const { token } = limited.agent()
    const ask = async (url: string) => (await fetch(`${url}/api/me/settings`, { headers: { authorization: `Bearer ${token}` } })).status
    const here = await Promise.all(Array.from({ length: 300 }, () => ask(limited.url)))
    expect(here).toContain(429)
    const there: number[] = []
    await until(async () => there.push(await ask(other.url)) > 0 && there.at(-1) === 429, { everyMs: 20 })
    expect(there.length, 'one process alone lets 60 pass').toBeLessThan(50)
    await limited.close()
  })

  test('emptied, it loses nothing, for it holds nothing', async () => {
    const other = await startWithoutFeed()
    const there = await at(other.url)
    expect(await redis.command('DBSIZE')).toBe(':0\r\n')
    await redis.command('FLUSHALL')
    await hilo.simulator.phone(phone).write('tras vaciarlo')
    await hears(there, 'tras vaciarlo')
  })

  test('flooded on our channel with what is none of ours, it is ignored and counted', async () => {
    const other = await startWithoutFeed()
    const there = await at(other.url)
    const channel = /hilo:[\w-]+/.exec(await redis.command('PUBSUB', 'CHANNELS', 'hilo:*'))?.[0] ?? ''
    for (const text of ['nonsense', '{"v":1,"db":"other","from":"x","n":1}']) await redis.command('PUBLISH', channel, text)
    await hilo.simulator.phone(phone).write('entre el ruido')
    await hears(there, 'entre el ruido')
    const metrics = await (await fetch(`${other.url}/metrics`)).text()
    expect(metrics).toMatch(/hilo_redis_ignored\{why="foreign"\} 2/)
    expect(metrics).toMatch(/hilo_redis_up 1/)
    // The figures that docs/scaling.md looks at.
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'hilo_sockets', 'hilo_http_request_seconds', 'process_resident_memory_bytes'])
      expect(metrics).toContain(name)
  })
})

describe.runIf(mongoUrl && hasRedis)('a Redis at the start', () => {
  test('that refuses the password is refused, with the setting’s name and without the password', async () => {
    const redis = await startRedis({ password: 'right' })
    for (const url of [redis.url.replace(':right@', ':wrong@'), redis.url.replace(':right@', '')]) {
      const refused = await startHilo({ mongoUrl, env: { REDIS_URL: url } }).then(
        async (hilo) => {
          await hilo.close()
          return 'started'
        },
        (error: Error) => error.message,
      )
      expect(refused).toMatch(/REDIS_URL/)
      expect(refused).not.toMatch(/wrong/)
    }
    await redis.close()
  })

  test('a user with the rights that the manual names is enough, one with fewer is refused', async () => {
    const redis = await startRedis()
    const rights = ['on', '>secret', 'resetchannels', '&hilo:*', '-@all', '+subscribe', '+hello', '+client']
    await redis.command('ACL', 'SETUSER', 'enough', ...rights, '+publish')
    await redis.command('ACL', 'SETUSER', 'listener', ...rights)
    const as = (user: string) => startHilo({ mongoUrl, env: { REDIS_URL: redis.url.replace('redis://', `redis://${user}:secret@`) } })
    await expect(as('listener')).rejects.toThrow(/REDIS_URL/)
    const hilo = await as('enough')
    await until(async () => ((await (await fetch(`${hilo.url}/readyz`)).json()) as { redis: string }).redis === 'up')
    await hilo.close()
    await redis.close()
  })

  test('that is not there is said, and waited for', async () => {
    const redis = await startRedis()
    await redis.kill()
    const hilo = await startHilo({ mongoUrl, env: { REDIS_URL: redis.url } })
    const ready = async () => (await (await fetch(`${hilo.url}/readyz`)).json()) as { status: string; redis: string }
    expect(await ready()).toEqual({ status: 'ready', redis: 'away' })
    expect(hilo.log()).toMatch(/Redis is away/)
    await redis.start()
    await until(async () => (await ready()).redis === 'up', { what: 'Redis found' })
    await hilo.close()
    await redis.close()
  })
})
