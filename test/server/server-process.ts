// Hilo as a process of its own, as an operator runs it: with settings in the environment, signals, and an exit code.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jwt from 'jsonwebtoken'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../server/simulator/simulator.ts'
import { createHidden } from '../support/captured-log.ts'
import { accountSid, authToken, jwtSecret, ownNumbers, serverEnv } from '../support/hilo.ts'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface ServerProcess {
  child: ChildProcess
  url: string
  /** How long it took until it was ready: what this machine needs now for a little work. */
  startedInMs: number
  /** Everything it wrote, to either output. */
  said(): string
  ended: Promise<Ended>
  /** Sends the signal; resolves with how it ended and after how long. */
  stop(signal?: NodeJS.Signals): Promise<Ended & { ms: number }>
}

export interface World {
  folder: string
  file: string
  env: Record<string, string | undefined>
  url: string
  simulator: Simulator
  /** Of a supervisor. */
  token: string
  /** Starts the server on the same data and address; resolves when it is ready. */
  start(env?: Record<string, string>): Promise<ServerProcess>
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>
  close(): Promise<void>
}

/** Runs the program; does not wait for it to be ready. */
export function launch(env: Record<string, string | undefined>, command: string[] = [process.execPath, 'server/main.ts']): ServerProcess {
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  return {
    child,
    url: `http://127.0.0.1:${env.PORT}`,
    startedInMs: Number.NaN,
    said: () => said,
    ended,
    async stop(signal = 'SIGTERM') {
      const at = performance.now()
      child.kill(signal)
      return { ...(await ended), ms: performance.now() - at }
    },
  }
}

export async function createWorld(options: { databaseUrl?: string; simulator?: Partial<SimulatorOptions> } = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-process-'))
  const file = join(folder, 'data', 'hilo.db')
  const publicUrl = 'https://inbox.example.com'
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const simulator = createSimulator({
    accountSid,
    authToken,
    senders: ownNumbers,
    timing: { sentAfterMs: 5, deliveredAfterMs: 10 },
    retryWebhooks: { rc: 1000, rp: ['all'], rt: 10_000, tt: 60_000, pauseMs: 200 },
    ...options.simulator,
  })
  const { url: apiUrl } = await simulator.listen()
  simulator.connect(publicUrl, url)
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...serverEnv({ port, publicUrl, databaseUrl: options.databaseUrl ?? `sqlite:${file}`, apiUrl }),
    MEDIA_DIR: join(folder, 'data', 'media'),
    SEND_LIMIT_PER_CONTACT_HOUR: '100000',
  }
  const token = jwt.sign({ sub: 'agent-1', name: 'Ana Díaz', org: 'default', role: 'supervisor' }, jwtSecret, { expiresIn: '12h' })
  const running: ServerProcess[] = []
  const hidden = createHidden(Object.values(ownNumbers), [authToken, jwtSecret])
  return {
    folder,
    file,
    env,
    url,
    simulator,
    token,
    async start(more = {}) {
      const server = launch({ ...env, ...more })
      running.push(server)
      const at = performance.now()
      await ready(server)
      server.startedInMs = performance.now() - at
      return server
    },
    async call<T>(method: string, path: string, body?: unknown) {
      hidden.add(body)
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as T }
    },
    async close() {
      for (const { child, ended } of running) {
        child.kill('SIGKILL')
        await ended
      }
      hidden.add(simulator.ledger())
      await simulator.close()
      rmSync(folder, { recursive: true, force: true })
      for (const { said } of running) hidden.check(said())
    },
  }
}

/** Resolves when `/readyz` says so. */
export async function ready(server: ServerProcess): Promise<void> {
  await until(
    async () => {
      if (server.child.exitCode !== null) throw new Error(`The server ended with ${server.child.exitCode}: ${server.said()}`)
      const answer = await fetch(`${server.url}/readyz`).catch(() => null)
      await answer?.body?.cancel()
      return answer?.status === 200
    },
    { timeoutMs: 120_000, everyMs: 20, what: '/readyz' },
  )
}
