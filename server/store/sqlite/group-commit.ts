// Writes of one turn of the event loop share a transaction, so that durability costs one fsync for many of them.
// One that fails takes no other with it. Promises resolve after COMMIT.
import { DomainError } from '../../../shared/problems.ts'
import { asDomainError, type Connection } from './connection.ts'

export interface GroupCommit {
  /** Runs `job` inside the next transaction. Reads made outside of jobs never see half of one. */
  write<T>(job: () => T): Promise<T>
  /** Number of the write under way, for the feed: the same for all that one job changes. Only inside a job. */
  turn(): number
  /** Resolves when what was begun has ended; later writes are refused. */
  end(): Promise<void>
}

/** A longer batch would hold up reads and sockets. */
const MAX_JOBS = 400

interface Outcome {
  error?: unknown
  value?: unknown
}

interface Job {
  /** May be called again after a rollback: whatever it changes is in the database. */
  run(): unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

export function createGroupCommit(connection: Connection): GroupCommit {
  const { db, memory, run } = connection
  let queue: Job[] = []
  let scheduled = false
  let ended: (() => void)[] | null = null
  let feed = 0
  let turnTaken = false

  /** Runs the jobs in one transaction. `apart`: each in a savepoint of its own, so that one that fails takes no other with it. */
  function runAll(jobs: Job[], apart: boolean): Outcome[] {
    run('BEGIN IMMEDIATE')
    const before = connection.get<{ value: number }>('SELECT value FROM feed WHERE one = 1')?.value ?? 0
    feed = before
    const outcomes = jobs.map((job) => {
      turnTaken = false
      return apart ? runApart(job) : { value: job.run() }
    })
    if (feed !== before) run('UPDATE feed SET value = ? WHERE one = 1', feed)
    run('COMMIT')
    return outcomes
  }

  function runApart(job: Job): Outcome {
    run('SAVEPOINT job')
    try {
      const value = job.run()
      run('RELEASE job')
      return { value }
    } catch (error) {
      // A full disk ends the whole transaction by itself: then there is no savepoint to return to.
      if (!db.isTransaction) throw error
      memory.forget()
      run('ROLLBACK TO job')
      run('RELEASE job')
      return { error: asDomainError(error) }
    }
  }

  function rollBack(): void {
    memory.forget()
    try {
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
    } catch {
      // The connection itself is broken: the next BEGIN says so to whoever asks.
    }
  }

  /** Nearly always nothing fails, and savepoints are spared; where something does, all of it is done again with them. */
  function runBatch(jobs: Job[]): Outcome[] {
    try {
      return runAll(jobs, false)
    } catch {
      rollBack()
      return runAll(jobs, true)
    }
  }

  function flush() {
    scheduled = false
    const jobs = queue.length > MAX_JOBS ? queue.splice(0, MAX_JOBS) : queue
    if (jobs === queue) queue = []
    let outcomes: Outcome[] = []
    let fault: { error: unknown } | null = null
    try {
      outcomes = runBatch(jobs)
    } catch (error) {
      fault = { error: asDomainError(error, true) }
      rollBack()
    }
    if (queue.length > 0) schedule()
    jobs.forEach((job, index) => {
      const outcome = fault ?? outcomes[index]
      if (outcome !== undefined && !('error' in outcome)) job.resolve(outcome.value)
      else job.reject(outcome?.error)
    })
    if (queue.length === 0 && !scheduled) for (const resolve of ended ?? []) resolve()
  }
  function schedule() {
    if (scheduled) return
    scheduled = true
    setImmediate(flush)
  }

  return {
    write<T>(job: () => T) {
      if (ended !== null) return Promise.reject(new DomainError('unavailable', 'The store is closed.'))
      return new Promise<T>((resolve, reject) => {
        queue.push({ run: job, resolve: resolve as (value: unknown) => void, reject })
        schedule()
      })
    },
    turn() {
      if (!turnTaken) {
        turnTaken = true
        feed++
      }
      return feed
    },
    end() {
      ended ??= []
      const waiting = ended
      return scheduled ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()
    },
  }
}
