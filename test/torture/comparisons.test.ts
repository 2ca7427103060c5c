// Each sentence that a comparison can say is said of a run that has that one difference, and nothing is said of one without.
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { agreeingSides } from './agreeing-sides.ts'
import { createClockHistory } from './clock-history.ts'
import { compareHeard } from './compare-heard.ts'
import { compareAll, saidOf, seededDifferences } from './seeded-differences.ts'
import { whatWasDue } from './what-was-due.ts'

describe('comparisons of the torture', () => {
  test('say nothing of a run that is right', () => {
    expect(compareAll(agreeingSides())).toEqual([])
    expect(compareAll(agreeingSides(), true)).toEqual([])
  })
  test.each(seededDifferences.map((one) => [`${one.says}${one.when === undefined ? '' : `: ${one.when}`}`, one] as const))(
    'say “%s”',
    (_title, one) => {
      expect(saidOf(one)).toContain(one.says)
    },
  )
  test('have no sentence that none of these makes them say', () => {
    const said = seededDifferences.map(({ says }) => says)
    const sources = globSync('test/torture/compare-*.ts').map((file) => readFileSync(file, 'utf8'))
    const patterns = sources.flatMap((source) => [...source.matchAll(/differ\(\s*(['`])(.+?)\1,/g)].map(([, , text = '']) => text))
    expect(patterns.length).toBeGreaterThan(50)
    const unsaid = patterns.filter((text) => {
      const pattern = new RegExp(
        `^${text
          .split(/\$\{[^}]+\}/)
          .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.+')}$`,
      )
      return !said.some((one) => pattern.test(one))
    })
    expect(unsaid).toEqual([])
  })
})

describe('what is due is not asked', () => {
  const asked = (change: (sides: ReturnType<typeof agreeingSides>) => void, world: Parameters<typeof compareHeard>[2] = {}) => {
    const sides = agreeingSides()
    sides.clients[0]?.sids.clear()
    change(sides)
    return compareHeard(sides.clients, whatWasDue(sides), world).differences.filter(({ what }) => what === 'not heard: a client’s message')
      .length
  }
  test('of a client that heard nothing of three messages, but for', () => expect(asked(() => {})).toBe(3))
  test('a client whose line broke meanwhile', () => {
    expect(
      asked(({ clients }) =>
        clients[0]?.lines.splice(0, 1, { from: 0, to: agreeingSides().calmAt - 16_000 }, { from: agreeingSides().calmAt, to: 9e15 }),
      ),
    ).toBe(1)
  })
  test('one of several servers that could not read the database, until five seconds after', () => {
    const away = [{ from: 0, to: agreeingSides().calmAt - 16_000 }]
    expect(asked(() => {}, { servers: 1, away })).toBe(3)
    expect(asked(() => {}, { servers: 2 })).toBe(3)
    expect(asked(() => {}, { servers: 2, away })).toBeLessThan(3)
    expect(asked(() => {}, { servers: 2, away: [{ from: 0, to: 1 }] })).toBe(3)
  })
  test('a server that stalled, so that no question was answered in time', () => {
    expect(asked(({ clients }) => clients[0]?.beats.splice(0))).toBe(0)
  })
})

describe('the clock’s history', () => {
  test('knows the least and the most that the clock was off, and that a change takes a while to arrive', () => {
    const clock = createClockHistory()
    clock.set(60_000, 100_000)
    clock.set(0, 120_000)
    expect(clock.between(0, 50_000)).toEqual({ least: 0, most: 0 })
    expect(clock.between(110_000, 115_000)).toEqual({ least: 60_000, most: 60_000 })
    expect(clock.between(121_000, 122_000)).toEqual({ least: 0, most: 60_000 })
    expect(clock.between(130_000, 140_000)).toEqual({ least: 0, most: 0 })
  })
})
