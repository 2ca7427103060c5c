// The server as a process of its own, started again whenever it ends, as a supervisor would.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { until } from '../support/until.ts'

export interface ServerProcess {
  url: string
  /** Ends it; resolves when it is gone. The supervisor starts it again at once. */
  end(signal: 'SIGKILL' | 'SIGTERM', thenKillAfterMs?: number): Promise<void>
  /** Stops its clock and all that it does, without a word to it; what it answers lets it go on. */
  freeze(dice: (limit: number) => number): () => void
  /** Resolves when `/readyz` says 200; the answer is how long that took, ms. */
  ready(timeoutMs?: number): Promise<number>
  setClock(offsetMs: number): void
  /** While more than zero, a server that cannot start is no fault of its own. */
  excuse(by: 1 | -1): void
  /** How often it was started again. */
  restarts(): number
  /** Faults of the process itself: it ended, or stopped too slowly. */
  faults(): readonly string[]
  close(): Promise<void>
}

export interface ServerProcessOptions {
  port: number
  env: Record<string, string | undefined>
  logFile: string
  /** How many times faster its timers run. */
  pace: number
  /** A promise that it is made to break; null: it is the product. */
  seeded: string | null
}

/** The time that the docs promise for a stop, and a little for the machine. */
const STOP_MS = 11_000
/** From then on (by the server's timers) a stop may be cut short, and says so by its status. */
const CUT_SHORT_MS = 8_000
const PAUSE_MS = 200
const EXCUSED_MS = 5_000

export function createServerProcess({ port, env, logFile, pace, seeded }: ServerProcessOptions): ServerProcess {
  const url = `http://127.0.0.1:${port}`
  const preload = fileURLToPath(new URL('clock-preload.ts', import.meta.url))
  const main = seeded === null ? ['server/main.ts'] : ['test/torture/seeded-server.ts', seeded]
  const log = openSync(logFile, 'a')
  const faults: string[] = []
  let offsetMs = 0
  let excuses = 0
  let excusedUntil = 0
  let starts = 0
  let closing = false
  let again: NodeJS.Timeout | null = null
  /** Ended by us. */
  let asked: ChildProcess | null = null
  const twice = new Set<ChildProcess>()
  let child: ChildProcess | null = null

  const launch = () => {
    starts++
    const launched = spawn(process.execPath, ['--import', preload, ...main], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...env, TORTURE_CLOCK_OFFSET_MS: String(offsetMs), TORTURE_PACE: String(pace) } as NodeJS.ProcessEnv,
      stdio: ['ignore', log, log, 'ipc'],
    })
    child = launched
    launched.on('error', () => {})
    launched.on('exit', (code, signal) => {
      if (closing) return
      if (asked !== launched && excuses === 0 && Date.now() > excusedUntil) faults.push(`it ended by itself: ${signal ?? `status ${code}`}`)
      again = setTimeout(launch, asked === launched ? 0 : PAUSE_MS)
    })
  }
  const gone = (one: ChildProcess) =>
    new Promise<void>((resolve) => {
      if (one.exitCode !== null || one.signalCode !== null) resolve()
      else one.once('exit', () => resolve())
    })
  launch()

  return {
    url,
    async end(signal, thenKillAfterMs) {
      const ended = child
      if (ended === null) return
      // Two signals at a time: the second one says how it ends.
      if (asked === ended) twice.add(ended)
      asked = ended
      const at = performance.now()
      // One that is frozen cannot stop.
      ended.kill('SIGCONT')
      ended.kill(signal)
      if (thenKillAfterMs !== undefined) setTimeout(() => ended.kill('SIGKILL'), thenKillAfterMs)
      const hard = setTimeout(() => ended.kill('SIGKILL'), STOP_MS * 3)
      await gone(ended)
      clearTimeout(hard)
      const ms = Math.round(performance.now() - at)
      if (signal === 'SIGTERM' && thenKillAfterMs === undefined && !twice.has(ended)) {
        if (ms > STOP_MS) faults.push(`it took ${ms} ms to stop`)
        // Before it can handle a signal, the signal ends it.
        else if (
          ended.exitCode !== 0 &&
          (ended.exitCode !== 1 || ms < CUT_SHORT_MS / pace) &&
          ended.signalCode !== 'SIGTERM' &&
          excuses === 0 &&
          Date.now() > excusedUntil
        )
          faults.push(`it stopped with status ${ended.exitCode ?? ended.signalCode}`)
      }
    },
    freeze() {
      const frozen = child
      frozen?.kill('SIGSTOP')
      return () => void frozen?.kill('SIGCONT')
    },
    async ready(timeoutMs = 120_000) {
      const at = performance.now()
      const answers = () => fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null)
      await until(async () => (await answers())?.status === 200, { timeoutMs, everyMs: 20, what: '/readyz' })
      return Math.round(performance.now() - at)
    },
    setClock(ms) {
      offsetMs = ms
      if (child?.connected) child.send({ clockOffsetMs: ms }, () => {})
    },
    excuse(by) {
      excuses += by
      if (by < 0) excusedUntil = Date.now() + EXCUSED_MS
    },
    restarts: () => starts - 1,
    faults: () => faults,
    async close() {
      closing = true
      if (again !== null) clearTimeout(again)
      if (child !== null) {
        child.kill('SIGKILL')
        await gone(child)
      }
      closeSync(log)
    },
  }
}
