// Servers under test and baselines, each in a process of its own; ended with the bench, whatever happens.
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverSettings } from './settings.ts'

export interface Started {
  url: string
  /** CPU of the process so far, ms. */
  cpuMs(): Promise<number>
  /** After a collection: what the heap and its buffers hold, and what the system has given, bytes. */
  memory(): Promise<{ used: number; resident: number }>
  /** The most that the system ever gave it, bytes. */
  peak(): Promise<number>
  stop(): Promise<void>
  /** At once, as a machine that is lost. */
  kill(): Promise<void>
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-bench-'))
  folders.add(folder)
  return folder
}

async function start(script: string, args: string[], env: Record<string, string>): Promise<Started> {
  const profile = process.env.BENCH_CPU_PROF
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    env: { PATH: process.env.PATH ?? '', ...env },
    execArgv: ['--expose-gc', ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  running.add(child)
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      running.delete(child)
      resolve()
    }),
  )
  const ask = <T>(question: string) =>
    new Promise<T>((resolve, reject) => {
      child.once('message', (answer) => resolve(answer as T))
      ended.then(() => reject(new Error(`${script} ended.`)))
      if (question !== '') child.send(question)
    })
  const { url } = await ask<{ url: string }>('')
  return {
    url,
    cpuMs: async () => (await ask<{ cpuMs: number }>('cpu')).cpuMs,
    memory: () => ask('memory'),
    peak: async () => (await ask<{ resident: number }>('peak')).resident,
    async stop() {
      child.send('stop')
      const hard = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(hard)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Where Hilo keeps its data: a new SQLite file, or a new database of that MongoDB. */
export function newDatabase(mongoUrl: string | null): string {
  if (mongoUrl === null) return `sqlite:${join(newFolder(), 'hilo.db')}`
  return mongoUrl.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_bench_${randomBytes(6).toString('hex')}`)
}

export function startHilo(databaseUrl: string, twilioUrl: string, more: Record<string, string> = {}): Promise<Started> {
  return start('serve-hilo.ts', [], { ...serverSettings(databaseUrl, twilioUrl), ...more })
}

export function startBaseline(name: 'ingest' | 'live' | 'send' | 'media-origin', ...args: string[]): Promise<Started> {
  return start(`baselines/${name}.ts`, args, {})
}
