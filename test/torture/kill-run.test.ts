// A short kill run in every test run; `npm run torture -- --kills 30` is the long one.
import { describe, expect, test } from 'vitest'
import { killRun } from './kill-run.ts'

const run = (mongoUrl: string | null) => killRun({ kills: 3, webhooksPerSecond: 50, sendsPerSecond: 20, mongoUrl, seed: 20261121 })

describe('killed in the middle, three times, under load', () => {
  test('SQLite: ledger, store and a client’s view are equal, field by field', { timeout: 300_000 }, async () => {
    const result = await run(null)
    expect(result.differences).toEqual([])
    expect(Math.min(result.inbound, result.outbound)).toBeGreaterThan(50)
  })
  test.skipIf(!process.env.MONGODB_URL)('MongoDB: the same', { timeout: 300_000 }, async () => {
    const result = await run(process.env.MONGODB_URL ?? null)
    expect(result.differences).toEqual([])
    expect(Math.min(result.inbound, result.outbound)).toBeGreaterThan(50)
  })
})
