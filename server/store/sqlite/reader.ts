// Asks the reader's thread. It is begun when it is first needed, and ends with the store.
import { Worker } from 'node:worker_threads'
import { DomainError } from '../../../shared/problems.ts'
import { type ReaderCalls, readerCalls } from './reader-calls.ts'
import type { Sqlite } from './sqlite.ts'

type ArgsOf<Call> = Call extends (sql: Sqlite, ...args: infer Args) => unknown ? Args : never

export interface Asked {
  id: number
  call: keyof ReaderCalls
  args: readonly unknown[]
}
export type Told = { value: unknown } | { fault: unknown } | { refused: Pick<DomainError, 'code' | 'message' | 'more'> }

export interface Reader {
  ask<Call extends keyof ReaderCalls>(call: Call, ...args: ArgsOf<ReaderCalls[Call]>): Promise<ReturnType<ReaderCalls[Call]>>
  close(): Promise<void>
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** What is in memory alone no other thread can read. */
export const readHere = (sql: Sqlite): Reader => ({
  ask: async (call, ...args) => (readerCalls[call] as (sql: Sqlite, ...args: unknown[]) => never)(sql, ...args),
  async close() {},
})

export function createReader(file: string): Reader {
  let worker: Worker | null = null
  let closed = false
  let asked = 0
  const waiting = new Map<number, Waiting>()

  const failAll = (error: unknown) => {
    worker = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function begin(): Worker {
    const made = new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: { file } })
    // A process that is done does not wait for it.
    made.unref()
    made.on('message', ({ id, ...told }: Told & { id: number }) => {
      const one = waiting.get(id)
      waiting.delete(id)
      if (one === undefined) return
      if ('value' in told) one.resolve(told.value)
      else if ('refused' in told) one.reject(new DomainError(told.refused.code, told.refused.message, told.refused.more))
      else one.reject(told.fault)
      if (waiting.size === 0) made.unref()
    })
    // The next call begins another one.
    made.on('error', failAll)
    made.on('exit', () => {
      if (worker === made) failAll(new DomainError('unavailable', 'The database is closed.'))
    })
    return made
  }

  return {
    ask: (call, ...args) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new DomainError('unavailable', 'The database is closed.'))
        worker ??= begin()
        const id = ++asked
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
        worker.ref()
        worker.postMessage({ id, call, args } satisfies Asked)
      }),
    async close() {
      closed = true
      const ending = worker
      failAll(new DomainError('unavailable', 'The database is closed.'))
      await ending?.terminate()
    },
  }
}
