// Shows that the torture bites: each comparison on a run with one difference, then each promise in a run of a server that
// breaks it.
import { saidOf, seededDifferences } from './seeded-differences.ts'
import { seededFaults } from './seeded-faults.ts'
import { torture } from './torture.ts'

/** An act that agents do seldom comes seldom: more rounds, where no number was given. */
const TRIES = 3

/** `only`: promises with these words. True: everything was noticed. */
export async function prove(only: string, report: (line: string) => void): Promise<boolean> {
  const unnoticed: string[] = []
  for (const one of seededDifferences) if (!saidOf(one).includes(one.says)) unnoticed.push(`${one.says} ${one.when ?? ''}`)
  report(`comparisons: ${seededDifferences.length} differences, ${unnoticed.length} not said`)

  const chosen = seededFaults.filter(({ name }) => name.includes(only))
  for (const fault of chosen) {
    let said: string[] = []
    for (let seed = 1; seed <= TRIES && !said.some((one) => fault.says.test(one)); seed++) said = await saidInRun(fault, seed)
    const noticed = said.find((one) => fault.says.test(one))
    if (noticed === undefined) unnoticed.push(fault.name)
    report(
      `${noticed === undefined ? 'NOT NOTICED' : 'noticed    '}  ${fault.name}: ${noticed ?? ([...new Set(said)].join('; ') || 'nothing was said')}`,
    )
  }
  report(`promises: ${chosen.length} broken`)
  for (const name of unnoticed) report(`not noticed: ${name}`)
  return unnoticed.length === 0
}

async function saidInRun({ name, faults, restart = false }: (typeof seededFaults)[number], seed: number): Promise<string[]> {
  try {
    const { differences } = await torture({
      rounds: 4,
      seed,
      mongo: null,
      servers: 1,
      redis: false,
      faults,
      phones: 12,
      writesPerSecond: 8,
      sendsPerSecond: 10,
      withMedia: true,
      everyMs: 2_000,
      pairEvery: 4,
      pace: 6,
      restart,
      seeded: name,
      report: () => {},
    })
    return differences.map(({ what }) => what)
  } catch (error) {
    return [`no end: ${error instanceof Error ? error.message : String(error)}`]
  }
}
