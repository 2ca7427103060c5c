// What the reader's thread answers: reads that take long, by their names.
import { logTable } from './log-text.ts'
import { logThreads } from './log-threads.ts'

export const readerCalls = { logThreads, logTable }
export type ReaderCalls = typeof readerCalls
