// `npm run mutants`: seeds one fault after the other in a copy of the tree and runs the suites that should notice. Prints
// what survives: each is a promise that no test holds. For development, not for CI: all of them take the better part of an hour.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allMutants } from './all-mutants.ts'
import { copyTree } from './copy-tree.ts'
import { choose, readOptions } from './options.ts'
import { seedFault } from './seed-fault.ts'
import { suiteRunner, type Trial } from './try-suites.ts'

const options = readOptions(process.argv.slice(2))
const chosen = choose(allMutants, options)
if (options.isList) {
  for (const { file, name } of chosen) console.log(`${file}: ${name}`)
  console.log(`\n${chosen.length} of ${allMutants.length} faults`)
  process.exit(0)
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
const copy = copyTree(process.cwd())
const runner = suiteRunner(copy, stop.signal)
const counts: Record<Trial['outcome'] | 'misplaced', number> = { caught: 0, survived: 0, unasked: 0, misplaced: 0 }
const words = { caught: 'caught', survived: 'SURVIVED', unasked: 'not asked', misplaced: 'COULD NOT BE APPLIED' }
const toDo: string[] = []

try {
  for (const [index, mutant] of chosen.entries()) {
    if (stop.signal.aborted) break
    const began = performance.now()
    const { outcome, by } = await tryMutant(mutant)
    if (stop.signal.aborted) break
    counts[outcome]++
    const line = `${words[outcome]}  ${mutant.file}: ${mutant.name}${by === '' ? '' : ` (${by})`}`
    if (outcome !== 'caught') toDo.push(line)
    console.log(`${index + 1}/${chosen.length}  ${Math.round((performance.now() - began) / 1000)} s  ${line}`)
  }
} finally {
  runner.end()
  rmSync(copy, { recursive: true, force: true })
}

if (toDo.length > 0) console.log(`\n${toDo.join('\n')}`)
const tried = Object.values(counts).reduce((sum, count) => sum + count, 0)
console.log(
  `\n${tried} of ${allMutants.length} faults: ${counts.caught} caught, ${counts.survived} survived, ${counts.unasked} not asked, ${counts.misplaced} could not be applied`,
)
process.exit(counts.survived + counts.misplaced === 0 && !stop.signal.aborted ? 0 : 1)

async function tryMutant(mutant: (typeof chosen)[number]): Promise<{ outcome: keyof typeof counts; by: string }> {
  const path = join(copy, mutant.file)
  const right = readFileSync(path, 'utf8')
  try {
    writeFileSync(path, seedFault(right, mutant))
  } catch (error) {
    return { outcome: 'misplaced', by: String(error) }
  }
  try {
    return await runner.try({ ...mutant, changed: path })
  } finally {
    writeFileSync(path, right)
  }
}
