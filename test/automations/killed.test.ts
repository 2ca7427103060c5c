// Reminders come due while the server is killed again and again, on MongoDB one of two: each enters once and is sent once at most.
// What a killed send becomes, a minute later, is in test/outbox/settlement.test.ts and in `npm run bench -- --only automations`.
import { randomBytes } from 'node:crypto'
import { createConnection } from 'mongoose'
import { afterEach, describe, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { createWorld, launch, ready, type ServerProcess, type World } from '../server/server-process.ts'
import { freePort } from '../support/free-port.ts'
import { HOUR } from '../support/builders.ts'
import { createRandom } from '../support/random.ts'
import { until } from '../support/until.ts'

const DAY = 24 * HOUR
const COUNT = 60
/** Five hundred a minute. */
const APART_MS = 120
const LEAD_MS = 1_500
const KILLS = 5
const mongoUrl = process.env.MONGODB_URL
const phoneOf = (n: number) => `+549115570${String(n).padStart(4, '0')}`

let world: World | null = null
afterEach(() => world?.close())

async function killedWhileDue(databaseUrl: string | undefined, servers: number): Promise<void> {
  world = await createWorld(databaseUrl === undefined ? {} : { databaseUrl })
  const { call, env, simulator } = world
  const others: ServerProcess[] = []
  let server = await world.start()
  const another = async () => {
    const one = launch({ ...env, PORT: String(await freePort()) })
    others.push(one)
    await ready(one)
  }
  if (servers > 1) await another()
  try {
    await call('PUT', '/api/templates/cita', { language: 'es', body: 'Hola {{nombre}}, te esperamos' })
    const rule = { at: { relativeTo: 'startsAt', offset: '-PT24H' }, template: 'cita', channels: ['sms'] }
    expect((await call('PUT', '/api/automations/dia', rule)).status).toBe(201)
    const from = Date.now() + LEAD_MS
    const startsAt = (n: number) => new Date(from + n * APART_MS + DAY).toISOString()
    const records = Array.from({ length: COUNT }, (_, n) => ({
      ...{ id: `ev-${n}`, title: 'Turno', contact: { name: 'Ana', phone: phoneOf(n) }, startsAt: startsAt(n) },
    }))
    expect((await call('PUT', '/api/coordinations', records)).status).toBe(200)
    const below = createRandom(randomBytes(4).readUInt32LE())
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 300 + below(900)))
      if (servers > 1 && kill % 2 === 1) {
        await others.at(-1)?.stop('SIGKILL')
        await another()
      } else {
        await server.stop('SIGKILL')
        server = await world.start()
      }
    }
    const log = await until(async () => {
      const { body } = await call<{ items: Message[] }>('GET', '/api/messages?automation=dia&limit=100')
      return body.items.length >= COUNT && Date.now() > from + COUNT * APART_MS ? body.items : null
    })
    expect(log.map(({ coordinationId }) => coordinationId).toSorted()).toEqual(records.map(({ id }) => id).toSorted())
    expect(log.filter(({ status }) => status === 'canceled')).toEqual([])
    // The rest of them were under way as a server was killed: they are looked up for a minute before they go again.
    const sent = await until(() => {
      const found = Map.groupBy(simulator.ledger().accepted, ({ to }) => to)
      return found.size > COUNT / 2 ? found : null
    })
    expect([...sent].filter(([, some]) => some.length > 1)).toEqual([])
  } finally {
    for (const one of others) await one.stop('SIGKILL')
  }
}

describe('killed at random under five hundred due a minute', () => {
  test('on SQLite each enters once, and goes once at most', () => killedWhileDue(undefined, 1), 120_000)

  test.skipIf(mongoUrl === undefined)(
    'so too with two servers on MongoDB',
    async () => {
      const url = new URL(mongoUrl ?? '')
      url.pathname = `/hilo_killed_${randomBytes(4).toString('hex')}`
      await killedWhileDue(url.toString(), 2)
      const connection = await createConnection(url.toString()).asPromise()
      await connection.dropDatabase()
      await connection.close()
    },
    120_000,
  )
})
