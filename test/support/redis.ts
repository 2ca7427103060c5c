// A Redis of a test's own, which it may kill, freeze and start again.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './tcp-proxy.ts'
import { until } from './until.ts'

/** Whether `redis-server` is installed. REQUIRE_REDIS=1: it must be. */
export const hasRedis = ((): boolean => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    if (process.env.REQUIRE_REDIS === '1') throw new Error('REQUIRE_REDIS=1, but there is no redis-server.')
    return false
  }
})()

export interface TestRedis {
  url: string
  /** Answers nothing and closes nothing. */
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  /** Again, empty. */
  start(): Promise<void>
  /** By another client. */
  command(...parts: string[]): Promise<string>
  /** Makes a Cluster of the two; both were started for one. */
  meet(other: TestRedis): Promise<void>
  /** Where nodes of a Cluster speak with each other. */
  busPort: number
  close(): Promise<void>
}

export async function startRedis(options: { password?: string; cluster?: boolean } = {}): Promise<TestRedis> {
  const port = await freePort()
  const { password } = options
  const folder = options.cluster ? mkdtempSync(join(tmpdir(), 'hilo-redis-')) : null
  const busPort = folder === null ? 0 : await freePort()
  let child: ChildProcess | null = null

  /** The answer's first line or lines, as they come. */
  const command = (...parts: string[]) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('error', reject)
      socket.once('data', (data) => {
        socket.destroy()
        resolve(String(data))
      })
      const encode = (words: string[]) =>
        `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
      socket.write(encode(parts))
    })

  const redis: TestRedis = {
    url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    command,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async kill() {
      const ended = child
      child = null
      if (ended === null) return
      const gone = new Promise((resolve) => ended.once('exit', resolve))
      ended.kill('SIGKILL')
      await gone
    },
    async start() {
      child = spawn(
        'redis-server',
        [
          '--port',
          String(port),
          '--bind',
          '127.0.0.1',
          '--save',
          '',
          '--appendonly',
          'no',
          ...(password ? ['--requirepass', password] : []),
          ...(folder === null ? [] : ['--dir', folder, '--cluster-enabled', 'yes', '--cluster-port', String(busPort)]),
        ],
        { stdio: 'ignore' },
      )
      await until(async () => /PONG|NOAUTH/.test(await command('PING').catch(() => '')), { what: 'Redis answering' })
    },
    meet: async (other) => {
      const { port: otherPort } = new URL(other.url)
      await command('CLUSTER', 'MEET', '127.0.0.1', otherPort, String(other.busPort))
      await until(async () => (await command('CLUSTER', 'INFO')).includes('cluster_known_nodes:2'), { what: 'two nodes of a Cluster' })
    },
    busPort,
    async close() {
      await redis.kill()
      if (folder !== null) rmSync(folder, { recursive: true, force: true })
    },
  }
  await redis.start()
  return redis
}
