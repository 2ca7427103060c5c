// Runs the suites that should notice a fault, until the first test that does.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A fault may make a test wait for ever. */
const LONGEST_MS = 4 * 60_000

export interface Wanted {
  /** The whole path of the file with the fault. */
  changed: string
  suites: readonly string[]
  cases?: string
}

export interface Ran {
  /** `error`: one outside of its tests, as of a hook, or of a file that cannot be read. */
  modules: { name: string; error: string | null; tests: { name: string; state: string }[] }[]
  /** Those that no test waited for. */
  errors: number
}

export interface Trial {
  /** `unasked`: no test of these ran, as where a database is missing. */
  outcome: 'caught' | 'survived' | 'unasked'
  /** The test that noticed, or why it counts. */
  by: string
}

/** `stop` ends it early, with all that it began. */
export function suiteRunner(copy: string, stop: AbortSignal) {
  let runner: ChildProcess | null = null
  const end = () => {
    if (runner?.pid !== undefined && runner.exitCode === null) process.kill(-runner.pid, 'SIGKILL')
    runner = null
  }
  stop.addEventListener('abort', end)

  async function started(): Promise<ChildProcess> {
    if (runner !== null && runner.exitCode === null) return runner
    // In a group of its own, since a worker that never ends would outlive vitest.
    const begun = fork(join(import.meta.dirname, 'suite-runner.ts'), { cwd: copy, stdio: 'ignore', detached: true })
    runner = begun
    await Promise.race([
      once(begun, 'message'),
      once(begun, 'exit').then(() => {
        throw new Error('vitest could not begin here.')
      }),
    ])
    return begun
  }

  return {
    async try(wanted: Wanted): Promise<Trial> {
      const suites = await started()
      const ran = Promise.withResolvers<Ran | null>()
      const timer = setTimeout(end, LONGEST_MS)
      suites.once('message', (said) => ran.resolve(said as Ran))
      suites.once('exit', () => ran.resolve(null))
      suites.send(wanted)
      const said = await ran.promise
      clearTimeout(timer)
      suites.removeAllListeners()
      return judgeTrial(said)
    },
    end,
  }
}

export function judgeTrial(ran: Ran | null): Trial {
  if (ran === null) return { outcome: 'caught', by: 'its suites did not end' }
  const tests = ran.modules.flatMap((module) => module.tests)
  const failed = tests.find((one) => one.state === 'failed')
  if (failed) return { outcome: 'caught', by: failed.name }
  const broken = ran.modules.find((module) => module.error !== null)
  if (broken) return { outcome: 'caught', by: `${broken.name}: ${broken.error}` }
  if (!tests.some((one) => one.state === 'passed')) return { outcome: 'unasked', by: 'no test ran' }
  return ran.errors > 0 ? { outcome: 'caught', by: 'an error outside of every test' } : { outcome: 'survived', by: '' }
}
