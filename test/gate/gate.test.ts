// The gate itself: nothing that goes wrong in a run may count as passed.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judgeReport, type SuitesReport, slowestFiles } from './judge-report.ts'
import { runSuites } from './run-suites.ts'

const file = (name: string, tests: number, seconds = 1) => ({
  name,
  status: 'passed',
  startTime: 0,
  endTime: seconds * 1000,
  assertionResults: Array.from({ length: tests }, () => ({})),
})
const good: SuitesReport = {
  success: true,
  numPassedTests: 2,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [file('a', 2)],
}

describe('how a run is judged', () => {
  const cases: [title: string, status: number | null, report: SuitesReport | null, passed: number, failed: number, skipped: number][] = [
    ['all passed', 0, good, 2, 0, 0],
    ['an error outside of every test: the status alone tells', 1, good, 2, 1, 0],
    ['ended by a signal', null, good, 2, 1, 0],
    ['no report', 0, null, 0, 1, 0],
    ['no report and a status', 1, null, 0, 1, 0],
    ['one failed test, which is why the status is 1', 1, { ...good, success: false, numPassedTests: 1, numFailedTests: 1 }, 1, 1, 0],
    ['a failed test under status 0', 0, { ...good, numPassedTests: 1, numFailedTests: 1 }, 1, 1, 0],
    ['an empty file beside a full one', 0, { ...good, testResults: [file('a', 2), file('b', 0)] }, 2, 1, 0],
    ['two empty files', 1, { ...good, testResults: [file('a', 0), file('b', 0)] }, 2, 2, 0],
    ['no file', 0, { ...good, numPassedTests: 0, testResults: [] }, 0, 1, 0],
    ['says of itself that it failed', 0, { ...good, success: false }, 2, 1, 0],
    ['skipped and postponed ones are told', 0, { ...good, numPendingTests: 2, numTodoTests: 1 }, 2, 0, 3],
  ]
  test.each(cases)('%s', (_title, status, report, passed, failed, skipped) => {
    expect(judgeReport(status, report)).toMatchObject({ passed, failed, skipped })
  })

  test('the slowest files come first', () => {
    const report = { ...good, testResults: [file('a', 1, 2), file('b', 1, 9.84), file('c', 1, 3)] }
    expect(slowestFiles(report, 2)).toEqual([
      { name: 'b', seconds: 9.8 },
      { name: 'c', seconds: 3 },
    ])
  })
})

describe('a real run', () => {
  test.each([
    ['passes', 2, 0],
    ['fails', 1, 1],
    ['rejection', 2, 1],
    ['empty', 0, 1],
    ['unloadable', 0, 1],
    ['ended', 0, 1],
    ['no-such-file', 0, 1],
  ])('of %s counts %i passed and %i failed', (name, passed, failed) => {
    const { status, report } = runSuites({
      cwd: join(import.meta.dirname, 'seeded'),
      args: [name],
      env: { VITEST: undefined },
      isShown: false,
    })
    expect(judgeReport(status, report)).toMatchObject({ passed, failed })
  })
})
