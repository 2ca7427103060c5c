// The entries of a table of faults: small mistakes that somebody could make, each of which a suite has to notice.

export interface Fault {
  /** The harm that it does, in the words of a user or an operator. */
  name: string
  /** Stands once in the file, or `nth` (from 1) says which one is meant. */
  find: string
  nth?: number
  replace: string
  /** Other suites than those of its file. */
  suites?: readonly string[]
  /** Which tests of them, as vitest's `-t`, where the others take long. */
  cases?: string
}

export interface FaultyFile {
  file: string
  /** Files of tests that should notice; the quickest first. */
  suites: readonly string[]
  faults: readonly Fault[]
}

/** One fault with all that is needed to try it. */
export interface Mutant extends Fault {
  file: string
  suites: readonly string[]
}

export function mutantsOf(files: readonly FaultyFile[]): Mutant[] {
  return files.flatMap(({ file, suites, faults }) => faults.map((fault) => ({ file, ...fault, suites: fault.suites ?? suites })))
}
