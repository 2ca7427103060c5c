// The list of faults itself, without trying them: that it does not rot while the code changes.
import { existsSync, readFileSync } from 'node:fs'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { allMutants } from './all-mutants.ts'
import type { Fault } from './fault.ts'
import { choose, readOptions } from './options.ts'
import { seedFault } from './seed-fault.ts'
import { judgeTrial } from './try-suites.ts'

describe('the list of faults', () => {
  test('each can be seeded in its file, and names suites that are there', () => {
    const wrong = allMutants.flatMap((mutant) => {
      const missing = mutant.suites.filter((suite) => !existsSync(suite)).map((suite) => `${mutant.name}: no ${suite}`)
      try {
        seedFault(readFileSync(mutant.file, 'utf8'), mutant)
        return missing
      } catch (error) {
        return [...missing, `${mutant.file}, ${mutant.name}: ${String(error)}`]
      }
    })
    expect(wrong).toEqual([])
  })
  test('each is code: what cannot be read is noticed by any suite', () => {
    const unread = allMutants.flatMap((mutant) => {
      const { errors } = parseSync(mutant.file, seedFault(readFileSync(mutant.file, 'utf8'), mutant))
      return errors.map((error) => `${mutant.file}, ${mutant.name}: ${error.message}`)
    })
    expect(unread).toEqual([])
  })
  test('holds 150 or more, each with suites and a name of its own', () => {
    expect(allMutants.length).toBeGreaterThanOrEqual(150)
    const names = allMutants.map(({ file, name }) => `${file}: ${name}`)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    expect(allMutants.filter(({ suites }) => suites.length === 0)).toEqual([])
  })
})

describe('seeding a fault', () => {
  const fault: Fault = { name: 'n', find: 'a', replace: 'b' }
  test('changes the one place that is meant', () => {
    expect(seedFault('xax', fault)).toBe('xbx')
    expect(seedFault('aaa', { ...fault, nth: 2 })).toBe('aba')
    expect(seedFault('xax', { ...fault, replace: '$&' })).toBe('x$&x')
  })
  test.each([
    ['none is there', 'xxx', fault],
    ['several are there', 'aa', fault],
    ['there are fewer', 'aa', { ...fault, nth: 3 }],
    ['it changes nothing', 'a', { ...fault, replace: 'a' }],
  ])('is refused where %s', (_, text, one) => {
    expect(() => seedFault(text, one)).toThrow()
  })
})

describe('how a trial is judged', () => {
  const passed = { name: 'one', state: 'passed' }
  const failed = { name: 'two', state: 'failed' }
  const ran = (tests: (typeof passed)[], error: string | null = null, errors = 0) => ({ modules: [{ name: 'file', error, tests }], errors })
  test.each([
    ['all passed', ran([passed]), 'survived', ''],
    ['one failed', ran([passed, failed]), 'caught', 'two'],
    ['a file could not be read', ran([], 'no such file'), 'caught', 'file: no such file'],
    ['an error that nobody waited for', ran([passed], null, 1), 'caught', 'an error outside of every test'],
    ['all were skipped', ran([{ name: 'one', state: 'skipped' }]), 'unasked', 'no test ran'],
    ['it was ended', null, 'caught', 'its suites did not end'],
  ])('%s', (_, said, outcome, by) => {
    expect(judgeTrial(said)).toEqual({ outcome, by })
  })
})

test('--only and --file choose, and what is unknown is refused', () => {
  const mutants = [
    { name: 'lost', file: 'shared/a.ts', find: 'a', replace: 'b', suites: [] },
    { name: 'twice', file: 'server/b.ts', find: 'a', replace: 'b', suites: [] },
  ]
  const chosen = (...args: string[]) => choose(mutants, readOptions(args)).map(({ name }) => name)
  expect(chosen()).toEqual(['lost', 'twice'])
  expect(chosen('--only', 'twi')).toEqual(['twice'])
  expect(chosen('--file', 'shared/')).toEqual(['lost'])
  expect(chosen('--file', 'shared/', '--only', 'twice')).toEqual([])
  expect(() => readOptions(['--every'])).toThrow()
})
