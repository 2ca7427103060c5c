// A short run in every test run, with each fault at least once; `npm run torture -- --rounds 200` is the long one.
import { describe, expect, test } from 'vitest'
import { faults } from './faults.ts'
import { sayNotDrawn, torture } from './torture.ts'

const lines: string[] = []
const report = (line: string) => {
  lines.push(line)
  // Not only where something fails.
  if (line.startsWith('not drawn')) console.warn(`torture, ${line}`)
}
const run = (mongoUrl: string | null, foreign: 'disk' | 'mongo') =>
  torture({
    // Two at a time.
    rounds: Math.ceil(faults.filter(({ group }) => group !== foreign && group !== 'redis').length / 2),
    pairEvery: 1,
    seed: 20261121,
    mongo: mongoUrl === null ? null : { url: mongoUrl },
    servers: 1,
    redis: false,
    faults: null,
    // Three of each kind of client.
    phones: 18,
    writesPerSecond: 6,
    sendsPerSecond: 6,
    withMedia: false,
    everyMs: 900,
    // Twilio's list is looked at after 10 s instead of 60.
    pace: 6,
    restart: true,
    seeded: null,
    report,
  })

describe('two faults at a time, under traffic, until each came once', () => {
  test.for([
    ['SQLite', 'mongo'],
    ['MongoDB', 'disk'],
  ] as const)(
    '%s: Twilio’s ledger, the store and every client’s view are equal, message by message',
    { timeout: 600_000 },
    async ([store, foreign], { skip }) => {
      const mongoUrl = store === 'MongoDB' ? (process.env.MONGODB_URL ?? null) : null
      if (store === 'MongoDB' && mongoUrl === null) skip('MONGODB_URL is not set')
      const result = await run(mongoUrl, foreign)
      // Known gap: on MongoDB a client is still not told of a change now and then. `npm run torture -- --store mongo` names them.
      const excepted = store === 'MongoDB' ? result.fresh : []
      for (const { what, detail } of excepted) console.warn(`torture, MongoDB, not held: ${what}: ${detail}`)
      const differences = result.differences.filter((one) => !excepted.includes(one))
      expect(differences, lines.join('\n')).toEqual([])
      const drawn = new Set(result.rounds.flatMap((round) => round.faults))
      // A small file system cannot be mounted everywhere, and the run says so.
      const missing = faults.filter(({ name, group }) => group !== foreign && group !== 'redis' && !drawn.has(name)).map(({ name }) => name)
      expect(missing).toEqual(result.notDrawn)
      expect(result.rounds.filter((round) => round.counts).length).toBeGreaterThan(result.rounds.length / 2)
      expect(result.unconfirmed).toBeGreaterThan(0)
      // Their webhooks were lost, and they are there.
      expect(result.recovered).toBeGreaterThan(0)
      // A slow machine sends less, since agents wait for what they sent last.
      expect(Math.min(result.written, result.sent)).toBeGreaterThan(20)
      // So that what is compared was there.
      expect(result.routed).toBeGreaterThan(20)
      expect(Object.values(result.desk).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20)
      if (store === 'SQLite') expect(result.heard.get('a client’s message')).toBeGreaterThan(0)
    },
  )
})

describe('a fault that this machine does not permit', () => {
  test('is said', () => {
    const said: string[] = []
    sayNotDrawn(['disk-full', 'server-frozen'], (line) => said.push(line), {})
    expect(said).toEqual([
      expect.stringContaining('not drawn: disk-full, since this user may not mount'),
      expect.stringContaining('not drawn: server-frozen, which needs another server'),
    ])
  })
  test('is an error in CI where it is the full disk, which is tried nowhere else', () => {
    expect(() => sayNotDrawn(['disk-full'], () => {}, { CI: 'true' })).toThrow('disk-full cannot be drawn')
    expect(() => sayNotDrawn(['mongo-killed'], () => {}, { CI: 'true' })).not.toThrow()
  })
})
