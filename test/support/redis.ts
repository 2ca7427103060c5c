// A Redis of a test's own, which it may kill, freeze and start again.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectByTls } from 'node:tls'
import type { Certificate } from './certificate.ts'
import { freePort } from './free-port.ts'
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
  port: number
  url: string
  /** Answers nothing and closes nothing. */
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  /** Again, empty. */
  start(): Promise<void>
  /** By another client. */
  command(...parts: string[]): Promise<string>
  close(): Promise<void>
}

export interface RedisOptions {
  password?: string
  cluster?: boolean
  replicaOf?: TestRedis
  /** Watches it as `mymaster`, and takes half a second of silence for its end. */
  sentinelOf?: TestRedis
  /** Speaks TLS alone, to its kind too. */
  certificate?: Certificate
}

export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const port = await freePort()
  const { password, replicaOf, sentinelOf, certificate } = options
  // Also for one that keeps nothing: a replica writes what it is sent before it reads it.
  const folder = mkdtempSync(join(tmpdir(), 'hilo-redis-'))
  const busPort = options.cluster ? await freePort() : 0
  let child: ChildProcess | null = null

  /** The answer's first line or lines, as they come. */
  const command = (...parts: string[]) =>
    new Promise<string>((resolve, reject) => {
      const socket = certificate ? connectByTls({ port, host: '127.0.0.1', ca: certificate.cert }) : connect(port, '127.0.0.1')
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
    port,
    url: `${certificate ? 'rediss' : 'redis'}://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
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
      rmSync(join(folder, 'dump.rdb'), { force: true })
      child = spawn(
        'redis-server',
        [
          ...(sentinelOf ? [sentinelFile(folder, sentinelOf.port), '--sentinel'] : []),
          ...(certificate ? tlsOptions(port, certificate) : ['--port', String(port)]),
          '--bind',
          '127.0.0.1',
          '--dir',
          folder,
          ...(sentinelOf ? [] : ['--save', '', '--appendonly', 'no']),
          ...(password ? ['--requirepass', password] : []),
          ...(replicaOf ? ['--replicaof', '127.0.0.1', String(replicaOf.port)] : []),
          ...(options.cluster ? ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)] : []),
        ],
        { stdio: 'ignore' },
      )
      await until(async () => /PONG|NOAUTH/.test(await command('PING').catch(() => '')), { what: 'Redis answering' })
    },
    async close() {
      await redis.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await redis.start()
  return redis
}

function tlsOptions(port: number, { certFile, keyFile }: Certificate): string[] {
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile, '--tls-auth-clients', 'no']
  return ['--port', '0', '--tls-port', String(port), '--tls-replication', 'yes', '--tls-cluster', 'yes', ...files]
}

/** Sentinel writes into it what it learns, and goes on from there. */
function sentinelFile(folder: string, port: number): string {
  const file = join(folder, 'sentinel.conf')
  const known = `sentinel monitor mymaster 127.0.0.1 ${port} 2\nsentinel down-after-milliseconds mymaster 500\nsentinel failover-timeout mymaster 2000\n`
  if (!existsSync(file)) writeFileSync(file, known)
  return file
}

/** A Cluster without replicas, which knows itself whole. */
export async function startCluster(count: number, options: Pick<RedisOptions, 'password' | 'certificate'> = {}): Promise<TestRedis[]> {
  const nodes: TestRedis[] = []
  for (let made = 0; made < count; made++) nodes.push(await startRedis({ ...options, cluster: true }))
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const login = options.password ? ['-a', options.password] : []
  const tls = options.certificate ? ['--tls', '--cacert', options.certificate.certFile] : []
  execFileSync('redis-cli', [...login, ...tls, '--cluster', 'create', ...addresses, '--cluster-yes'], { stdio: 'ignore' })
  return nodes
}
