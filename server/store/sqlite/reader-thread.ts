// A thread with a connection of its own that only reads: it sees what was committed, and holds no socket up.
import { parentPort, workerData } from 'node:worker_threads'
import { DomainError } from '../../../shared/problems.ts'
import { connect } from './connection.ts'
import { readerCalls } from './reader-calls.ts'
import type { Asked, Told } from './reader.ts'
import type { Sqlite } from './sqlite.ts'

const { file } = workerData as { file: string }
const { get, all, each, memory } = connect(file, { readOnly: true })
const refuse = (): never => {
  throw new Error('The reader writes nothing.')
}
const sql: Sqlite = {
  ...{ get, all, each, run: refuse, write: refuse, turn: refuse, newId: refuse, storeId: '' },
  remember: memory.remember,
  clock: { now: () => Date.now() },
}

function answer({ call, args }: Asked): Told {
  try {
    const [viewer, ...rest] = args
    return { value: (readerCalls[call] as (sql: Sqlite, ...args: unknown[]) => unknown)(sql, viewer, ...rest) }
  } catch (error) {
    if (!(error instanceof DomainError)) return { fault: error }
    const { code, message, more } = error
    return { refused: { code, message, more } }
  }
}

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage({ id: asked.id, ...answer(asked) }))
