// The process that takes a list in is killed in the middle, three times: sent again, each client is in once, with all that the list says.
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Contact } from '../../shared/model.ts'
import type { ContactsImported } from '../../server/imports/import-contacts.ts'
import { createWorld, type World } from '../server/server-process.ts'
import { serverUrl } from '../support/places/mongo.ts'
import { until } from '../support/until.ts'

const ROWS = 2000
const KILLS = 3
const fast = { RATE_LIMIT: '0' }
const phoneOf = (n: number) => `+54911556${String(n).padStart(5, '0')}`
const list = ['phone,name,externalId,tags', ...Array.from({ length: ROWS }, (_, n) => `${phoneOf(n)},N ${n},kl-${n},a;b`)].join('\n')
const mongo = (url: string) => url.replace(/^(mongodb:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_killed_${randomBytes(6).toString('hex')}`)
const stores: [string, string | undefined][] = [
  ['SQLite', undefined],
  ...(serverUrl === undefined ? [] : [['MongoDB', mongo(serverUrl)] as [string, string]]),
]

/** Null: the line broke. */
async function take({ url, token }: World): Promise<ContactsImported | null> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' }
  const response = await fetch(`${url}/api/contacts/import`, { method: 'POST', headers, body: list }).catch(() => null)
  return response === null ? null : ((await response.json()) as ContactsImported)
}

async function contacts(world: World): Promise<Contact[]> {
  const found: Contact[] = []
  for (let cursor: string | null = null; ; ) {
    const path: string = `/api/contacts?limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
    const { body } = await world.call<{ items: Contact[]; nextCursor: string | null }>('GET', path)
    found.push(...body.items)
    if (body.nextCursor === null) return found
    cursor = body.nextCursor
  }
}

test.each(stores)('on %s', { timeout: 300_000 }, async (_, databaseUrl) => {
  const world = await createWorld(databaseUrl === undefined ? {} : { databaseUrl })
  try {
    let server = await world.start(fast)
    for (let kill = 1; kill <= KILLS; kill++) {
      const before = (await contacts(world)).length
      const taken = take(world)
      const moved = async () => (await world.call<{ items: Contact[] }>('GET', '/api/contacts?limit=100')).body.items.length
      await until(async () => (before === 0 ? (await moved()) > 0 : true), { timeoutMs: 60_000, everyMs: 1 })
      await server.stop('SIGKILL')
      await taken
      server = await world.start(fast)
    }
    const { created = 0, updated = 0, unchanged = 0, failed = 0 } = (await take(world)) ?? {}
    expect([created + updated + unchanged, failed]).toEqual([ROWS, 0])
    expect(unchanged, 'some were in').toBeGreaterThan(0)
    const found = await contacts(world)
    expect(new Set(found.map(({ id }) => id)).size).toBe(ROWS)
    const plain = found.map(({ externalId, name, tags, addresses }) =>
      [externalId, name, tags.join(), addresses.map(({ phone }) => phone).join()].join('|'),
    )
    expect(plain.toSorted()).toEqual(Array.from({ length: ROWS }, (__, n) => `kl-${n}|N ${n}|a,b|${phoneOf(n)}`).toSorted())
    expect(await take(world)).toMatchObject({ created: 0, updated: 0, unchanged: ROWS, failed: 0 })
    await server.stop('SIGTERM')
  } finally {
    await world.close()
  }
})
