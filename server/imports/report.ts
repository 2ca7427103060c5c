// What is told of an import: how many rows failed, and of the first hundred why.
const MOST_TOLD = 100
const MOST_HELD = 1000

export interface RowFault {
  line: number
  message: string
}

export function createReport() {
  let failed = 0
  let held: RowFault[] = []
  const first = () => held.toSorted((a, b) => a.line - b.line).slice(0, MOST_TOLD)
  /** The row is in, and something of it is not. */
  function fault(line: number, message: string): void {
    held.push({ line, message })
    // Rows of a batch are told after broken ones that stand behind them: the first are those of the lowest lines.
    if (held.length > MOST_HELD) held = first()
  }
  return {
    fault,
    fail(line: number, message: string): void {
      failed++
      fault(line, message)
    },
    told: () => ({ failed, faults: first() }),
  }
}
