// The proof that the contract bites: every seeded fault makes it fail, and the store without one passes it all.
import { afterAll, describe, expect, test } from 'vitest'
import { type Fault, faults } from '../support/faulty-store.ts'
import { placesWith } from '../support/places/faulty.ts'
import type { Case } from './case.ts'
import { contract, runCase } from './contract.ts'

interface Catch {
  case: string
  error: unknown
}

/** Runs cases against a store with this fault until one fails; the likely one first. */
async function findCatch(fault: Fault | null): Promise<Catch | null> {
  const places = placesWith(fault?.name ?? null)
  const likely = (one: Case) => (one.name === fault?.likely ? 0 : 1)
  const address = await places.create()
  const shared = await places.open(address)
  try {
    for (const one of contract.toSorted((a, b) => likely(a) - likely(b))) {
      try {
        await runCase(one, places, shared)
      } catch (error) {
        return { case: one.name, error }
      }
    }
    return null
  } finally {
    await shared.close()
    await places.remove(address)
  }
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

describe('the contract suite bites', { timeout: 180_000 }, () => {
  const table: string[] = []
  afterAll(() => console.log(`Seeded faults and the case that caught each:\n${table.join('\n')}`))

  test('the store without a fault passes every case', async () => {
    const found = await findCatch(null)
    expect(found && `${found.case}: ${firstLine(found.error)}`).toBeNull()
  })

  test('names are unique and every likely case exists', () => {
    expect(new Set(faults.map((fault) => fault.name)).size).toBe(faults.length)
    expect(new Set(contract.map((one) => one.name)).size).toBe(contract.length)
    const names = new Set(contract.map((one) => one.name))
    expect(faults.map((fault) => fault.likely).filter((name) => !names.has(name))).toEqual([])
  })

  for (const fault of faults)
    test(fault.name, async () => {
      const found = await findCatch(fault)
      table.push(`  ${fault.name}\n    → ${found === null ? 'NOTHING CAUGHT IT' : found.case}`)
      expect(found, 'a case that fails').not.toBeNull()
      // A fault that breaks in itself would prove nothing.
      for (const broken of [TypeError, ReferenceError, SyntaxError, RangeError]) expect(found?.error).not.toBeInstanceOf(broken)
    })
})
