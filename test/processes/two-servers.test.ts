// Two server processes on one MongoDB, and nothing else between them: agents of either are told what the other one did.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Unread } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { systemClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import { createServer, type RunningServer } from '../../server/server.ts'
import { openStore } from '../../server/store/open-store.ts'
import type { Store } from '../../server/store/store.ts'
import { connect, hears, type Live, openThread } from '../realtime/live.ts'
import { captureLog } from '../support/captured-log.ts'
import { ownNumbers, startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const mongoUrl = process.env.MONGODB_URL ?? ''
const storeParts = { clock: systemClock, newId: createIds(() => Date.now()) }
const phone = '+5491144500001'
const quiet = captureLog().log

describe.runIf(mongoUrl)('two processes on one MongoDB', () => {
  let hilo: TestHilo
  let other: RunningServer
  const open: Live[] = []
  beforeAll(async () => {
    hilo = await startHilo({ mongoUrl })
    other = await createServer({ ...hilo.server.parts.config, port: 0 }, { log: quiet })
  })
  afterAll(async () => {
    for (const live of open) live.socket.close()
    await other.close()
    await hilo.close()
  })
  const agent = () => hilo.agent({ sub: `agent-${randomUUID()}` })
  const at = async (url: string, by = agent()) => {
    const live = await connect(url, by.token)
    open.push(live)
    return live
  }
  const atOther = (by = agent()) => at(other.url, by)
  const call = async (url: string, token: string, method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    expect(response.status).toBeLessThan(300)
  }

  test('what a client writes is heard at both, with the numbers of each agent', async () => {
    const [here, there] = [await at(hilo.url), await atOther()]
    await hilo.simulator.phone(phone).write('hola a los dos')
    await hears(here, 'hola a los dos')
    const heard = await hears(there, 'hola a los dos')
    expect(heard.conversations).toMatchObject([{ lastMessage: { text: 'hola a los dos' } }])
    const { id, coordinationId } = await openThread(agent(), 'ev-badge', '+5491144500005')
    await there.ask('subscribe:coordinations', { ids: [coordinationId] })
    await hilo.simulator.phone('+5491144500005').write('para el botón')
    await until(() => there.all<Record<string, number>>('badges').some((badges) => badges['ev-badge'] === 1), {
      what: `the badge of ${id}`,
    })
    await until(() => there.all<Unread>('unread').some(({ total }) => total > 0), { what: 'the number at the other process' })
  })

  test('what a supervisor sets at the one holds at the other, and its pages hear of it', async () => {
    const there = await atOther()
    const boss = hilo.agent({ sub: 'boss', role: 'supervisor' })
    await call(hilo.url, boss.token, 'PATCH', '/api/organization', { timezone: 'America/Bogota', channels: { sms: false } })
    await until(() => there.all<{ timezone: string }>('organization').some(({ timezone }) => timezone === 'America/Bogota'))
    expect(other.parts.organizationOf('default').senders.readiness('sms').ready).toBe(false)
    await call(other.url, boss.token, 'PATCH', '/api/organization', { timezone: null, channels: { sms: true } })
    await until(() => hilo.server.parts.organizationOf('default').senders.readiness('sms').ready)
  })

  test('what an agent sends at the one leaves once, whichever of them holds its sender, and its ticks are seen at both', async () => {
    const client = hilo.simulator.phone('+5491144500003')
    await client.write('hola')
    const { id } = await hilo.conversation('+5491144500003')
    const by = agent()
    const lives = [await at(hilo.url, by), await atOther(by)]
    for (const live of lives) await live.ask('viewing', { conversationId: id, replying: false })
    for (const [url, text] of [
      [hilo.url, 'por el uno'],
      [other.url, 'por el otro'],
    ] as const) {
      await call(url, by.token, 'POST', '/api/messages', { conversationId: id, text, clientMessageId: randomUUID() })
      for (const live of lives)
        await until(() => live.changes().some((event) => event.messages.some((one) => one.text === text && one.status === 'delivered')), {
          what: 'the tick',
        })
    }
    expect(hilo.simulator.ledger().accepted.map((one) => one.body)).toEqual(['por el uno', 'por el otro'])
  })

  test('an agent’s read cursor, settings and presence, and records, are told at the other', async () => {
    const by = agent()
    await hilo.simulator.phone('+5491144500004').write('para leer')
    const { id, lastSeq } = await hilo.conversation('+5491144500004')
    const there = await atOther(by)
    await by.call('POST', `/api/conversations/${id}/read`, { seq: lastSeq })
    await until(() => there.all<{ conversationId: string; readSeq: number }>('cursor').some((one) => one.readSeq === lastSeq), {
      what: 'the cursor',
    })
    await by.call('PATCH', '/api/me/settings', { sound: false })
    await until(() => there.all<{ sound: boolean }>('settings').some(({ sound }) => !sound), { what: 'the settings' })
    await by.call('PUT', '/api/coordinations/ev-both', { title: 'Boda de los dos', contact: { name: 'Ana', phone } })
    await until(() => there.all<{ title: string }>('coordination').some(({ title }) => title === 'Boda de los dos'), { what: 'the record' })
  })

  test('one that stops says that it is not ready first, lets its sockets go one by one, and takes no new ones', async () => {
    const leaving = await createServer({ ...hilo.server.parts.config, port: 0 }, { log: quiet })
    const lives = [await at(leaving.url), await at(leaving.url), await at(leaving.url)]
    const stopped = leaving.close()
    const answers = (path: string) =>
      fetch(leaving.url + path).then(
        ({ status }) => status,
        () => null,
      )
    expect(await answers('/readyz')).toBe(503)
    expect(await answers('/healthz'), 'balancers still bring what they took').toBe(200)
    await expect(connect(leaving.url, agent().token)).rejects.toThrow()
    await until(() => lives.some((live) => live.closed() !== null))
    expect(lives.filter((live) => live.closed() === null).length, 'not all at once').toBeGreaterThan(0)
    await stopped
    expect(lives.map((live) => live.closed())).toEqual(Array(3).fill('transport close'))
    expect(await answers('/healthz')).toBeNull()
    const [back] = [await at(hilo.url)]
    await hilo.simulator.phone(phone).write('sigue')
    await hears(back, 'sigue')
  })

  test('what is filed leaves the scope of who sees another record, at both', async () => {
    const by = agent()
    const { id } = await openThread(by, 'ev-from', '+5491144500002')
    await by.call('PUT', '/api/coordinations/ev-to', { title: 'Otra', contact: { name: 'Ana', phone: '+5491144500002' } })
    const scoped = await atOther(hilo.agent({ sub: 'agent-scoped', coordinations: ['ev-from'] }))
    await by.call('PATCH', `/api/conversations/${id}`, { coordinationId: 'ev-to' })
    await until(() => scoped.changes().some(({ removed }) => removed.includes(id)), { what: 'its going' })
  })
})

describe.runIf(mongoUrl)('one process on MongoDB', () => {
  /** A store of which a test changes calls. */
  async function withStore(change: (store: Store) => Partial<Store>, run: (hilo: TestHilo) => Promise<void>): Promise<void> {
    // Its address first: the store that is given must be on the database that the server is told.
    const probe = await startHilo({ mongoUrl })
    const { databaseUrl } = probe.server.parts.config
    await probe.server.close()
    const store = await openStore(databaseUrl, storeParts)
    const hilo = await startHilo({ env: { DATABASE_URL: databaseUrl }, given: { store: { ...store, ...change(store) } } })
    try {
      await run(hilo)
    } finally {
      await hilo.close()
      await probe.close()
    }
  }

  test('alone it reads nothing but who is there', async () => {
    let looks = 0
    let readings = 0
    await withStore(
      (store) => ({
        processes: () => {
          looks++
          return store.processes()
        },
        changesSince: (...args) => {
          readings++
          return store.changesSince(...args)
        },
      }),
      async (hilo) => {
        await hilo.simulator.phone(phone).write('hola')
        await until(() => looks > 3)
        expect(readings).toBe(0)
      },
    )
  })

  test('stopped, it gives back what it held: its sender and the comparison with Twilio’s list', async () => {
    const hilo = await startHilo({ mongoUrl })
    await hilo.simulator.phone(phone).write('hola')
    await hilo.agent().send({ conversationId: (await hilo.conversation(phone)).id, text: 'sale', wait: 'sent' })
    const store = await openStore(hilo.server.parts.config.databaseUrl, storeParts)
    const free = async (name: string) => (await store.takeLease('default', name, 'probe', 1)) !== null
    const names = [ownNumbers.whatsapp, 'recovery']
    // The comparison is begun beside what is answered.
    await until(async () => (await Promise.all(names.map(free))).every((isFree) => !isFree))
    await hilo.server.close()
    expect(await Promise.all(names.map(free))).toEqual([true, true])
    await store.close()
    await hilo.close()
  })

  test('a message that was stored although its answer was lost, and whose repeat finds it there, is told', async () => {
    let lost = 0
    await withStore(
      (store) => ({
        async receive(...args) {
          const received = await store.receive(...args)
          if (lost++ === 0) throw new DomainError('unavailable', 'The connection was cut.')
          return received
        },
      }),
      async (hilo) => {
        const live = await connect(hilo.url, hilo.agent().token)
        await hilo.simulator.phone(phone).write('no me pierdas')
        await hears(live, 'no me pierdas')
        expect(lost).toBeGreaterThan(0)
        live.socket.close()
      },
    )
  })
})
