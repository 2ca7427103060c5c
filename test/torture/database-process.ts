// A MongoDB of the run's own, so that its process can be killed and started again on its data.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'

export interface DatabaseProcess {
  url: string
  /** With SIGKILL, all of it at once; resolves when nobody answers at its port. */
  kill(): Promise<void>
  /** On the same data and port; resolves when it takes connections. */
  start(): Promise<void>
  close(): Promise<void>
}

/** @param command started as `command --port N --keep FOLDER`; ends by SIGTERM. */
export async function createDatabaseProcess(command: string): Promise<DatabaseProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-torture-data-'))
  // The database may run as another user.
  chmodSync(folder, 0o755)
  const port = await freePort()
  let child: ChildProcess | null = null
  let wanted = false

  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
  const gone = (one: ChildProcess | null) =>
    new Promise<void>((resolve) => {
      if (one === null || one.exitCode !== null || one.signalCode !== null) resolve()
      else one.once('exit', () => resolve())
    })
  /** Leads a group of its own, so that all of it dies in one moment. */
  const launch = () => {
    const launched = spawn(command, ['--port', String(port), '--keep', join(folder, 'data')], { detached: true, stdio: 'ignore' })
    child = launched
    launched.on('error', () => {})
    // The dead one's locks may not be free yet.
    launched.on('exit', () => {
      if (wanted && child === launched) void pause(500).then(() => wanted && launch())
    })
  }
  const signal = (name: NodeJS.Signals) => {
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name)
  }
  const die = () => signal('SIGKILL')
  process.once('exit', die)

  const start = async () => {
    wanted = true
    launch()
    await until(answers, { timeoutMs: 90_000, everyMs: 50, what: 'the database' })
  }
  await start()
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    start,
    async kill() {
      wanted = false
      die()
      await gone(child)
      await until(async () => !(await answers()), { what: 'the end of the database' })
    },
    async close() {
      wanted = false
      process.off('exit', die)
      if (child?.pid !== undefined && child.exitCode === null) child.kill('SIGTERM')
      await Promise.race([gone(child), pause(10_000).then(die)])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
