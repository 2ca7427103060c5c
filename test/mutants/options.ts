// Reads the command line.
import { parseArgs } from 'node:util'
import type { Mutant } from './fault.ts'

export interface Options {
  /** Words of which a fault's name holds at least one; empty: all. */
  only: string[]
  /** Beginnings of paths; empty: all. */
  files: string[]
  /** Names them without trying them. */
  isList: boolean
  /** Also those cases of the suites that a fault does not name. */
  isWhole: boolean
}

/** @throws TypeError with a sentence for what it does not know. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      file: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      whole: { type: 'boolean', default: false },
    },
  })
  return { only: values.only, files: values.file, isList: values.list, isWhole: values.whole }
}

export function choose(mutants: readonly Mutant[], { only, files, isWhole }: Options): Mutant[] {
  const chosen = mutants.filter(
    ({ name, file }) =>
      (only.length === 0 || only.some((words) => name.includes(words))) &&
      (files.length === 0 || files.some((start) => file.startsWith(start))),
  )
  return isWhole ? chosen.map(({ cases: _, ...one }) => one) : chosen
}
