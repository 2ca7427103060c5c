// Runs the suites that should notice a fault, until the first test that does.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SuitesReport } from '../gate/judge-report.ts'

/** A fault may make a test wait for ever. */
const LONGEST_MS = 4 * 60_000

export interface Trial {
  /** `unasked`: no test of these ran, as where a database is missing. */
  outcome: 'caught' | 'survived' | 'unasked'
  /** The test that noticed, or why it counts. */
  by: string
}

type Report = Omit<SuitesReport, 'testResults'> & {
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}

/** `stop` ends it early, with all that it began. */
export async function trySuites(copy: string, suites: readonly string[], cases: string | undefined, stop: AbortSignal): Promise<Trial> {
  const file = join(copy, 'mutant-report.json')
  rmSync(file, { force: true })
  const args = ['run', '--bail=1', '--reporter=json', `--outputFile.json=${file}`, ...suites, ...(cases === undefined ? [] : ['-t', cases])]
  // In a group of its own, since a worker that never ends would outlive vitest.
  const vitest = spawn(process.execPath, [join(copy, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: copy,
    stdio: 'ignore',
    detached: true,
  })
  const ended = Promise.withResolvers<number | null>()
  vitest.once('exit', ended.resolve)
  const end = () => {
    if (vitest.pid !== undefined && vitest.exitCode === null) process.kill(-vitest.pid, 'SIGKILL')
  }
  const timer = setTimeout(end, LONGEST_MS)
  stop.addEventListener('abort', end)
  const status = await ended.promise
  clearTimeout(timer)
  stop.removeEventListener('abort', end)
  return judgeTrial(status, existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null)
}

export function judgeTrial(status: number | null, report: Report | null): Trial {
  if (report === null) return { outcome: 'caught', by: status === null ? 'its suites did not end' : 'its suites could not begin' }
  for (const { name, status: ended, assertionResults } of report.testResults) {
    const failed = assertionResults.find((one) => one.status === 'failed')
    if (failed) return { outcome: 'caught', by: failed.fullName }
    if (ended === 'failed') return { outcome: 'caught', by: `${name} could not run` }
  }
  if (status !== 0 && report.numPassedTests > 0) return { outcome: 'caught', by: 'an error outside of every test' }
  return report.numPassedTests === 0 ? { outcome: 'unasked', by: 'no test ran' } : { outcome: 'survived', by: '' }
}
