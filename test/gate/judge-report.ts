// Judges a run of the suites: a pure function of how vitest ended and what it wrote down.

/** The part of vitest's JSON report that is read. It counts no unhandled error: those show in the exit status alone. */
export interface SuitesReport {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { name: string; status: string; startTime: number; endTime: number; assertionResults: unknown[] }[]
}

export interface Verdict {
  passed: number
  failed: number
  skipped: number
  /** Why it failed, beyond the tests that failed by name. */
  reasons: string[]
}

/** `status`: vitest's exit status, `null` where a signal ended it. `report`: `null` where it wrote none. */
export function judgeReport(status: number | null, report: SuitesReport | null): Verdict {
  const reasons: string[] = []
  if (report === null) return { passed: 0, failed: 1, skipped: 0, reasons: ['The suites ended without a report.'] }
  for (const file of report.testResults) if (file.assertionResults.length === 0) reasons.push(`${file.name} ran no test.`)
  if (report.testResults.length === 0) reasons.push('No file of tests was found.')
  const named = report.numFailedTests + reasons.length
  // Last, so that one fault is counted once: it may be why the status is what it is.
  if (named === 0 && status !== 0) reasons.push(`The suites ended with ${status ?? 'a signal'}: an error outside of every test, see above.`)
  else if (named === 0 && !report.success) reasons.push('The suites say of themselves that they failed.')
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + reasons.length,
    skipped: report.numPendingTests + report.numTodoTests,
    reasons,
  }
}

/** Where the time went, the slowest first. */
export function slowestFiles({ testResults }: SuitesReport, most: number): { name: string; seconds: number }[] {
  return testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: Math.round((endTime - startTime) / 100) / 10 }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, most)
}
