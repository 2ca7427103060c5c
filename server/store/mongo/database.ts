// Handed to every operation of this adapter: the collections, the two clocks, ids and locks of this process.
import type { Clock } from '../../clock.ts'
import type { NewId } from '../../ids.ts'
import { schemaLost } from './errors.ts'
import type { Collections } from './schema.ts'

export interface Database extends Collections {
  clock: Clock
  newId: NewId
  /** The database's clock, ms: the feed's, the same for every process. */
  now(): Promise<number>
  /** When a copy made it, by that clock; 0: none did. A cursor of before is of another database. */
  madeAt: number
  /** Up to so many unanswered conversations are counted one by one, more by sums. */
  countOneByOne: number
  /** Runs the tasks of one name one after the other, within this process. Correctness never rests on it but where said. */
  lock<T>(name: string, task: () => Promise<T>): Promise<T>
  /** Work that a group left to one of its calls: when it is its turn, so that not all of it reaches the database at once. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** Keys (org|key) that this process appended and nobody flushed yet, with their conversation. */
  unflushed: Map<string, string>
  /**
   * By conversation, the messages that this process copied and left on it: whatever writes the conversation next takes
   * them off, or else a moment does.
   */
  copied: Map<string, Set<string>>
  /** This conversation has something to flush; it happens shortly, together with others. */
  flushSoon(conversationId: string): void
  /** The preview shows this state of the message: its `echo` mark goes, shortly, together with others. */
  previewed(messageId: string, rev: number): void
}

export function createLocks(): Database['lock'] {
  const tails = new Map<string, Promise<unknown>>()
  return async (name, task) => {
    const before = tails.get(name) ?? Promise.resolve()
    const run = before.then(task, task)
    const tail = run.catch(() => undefined)
    tails.set(name, tail)
    try {
      return await run
    } finally {
      if (tails.get(name) === tail) tails.delete(name)
    }
  }
}

/** The database's clock. It is read through a document that is always there, since only stages see `$$NOW`. */
export async function readClock({ meta }: Collections): Promise<number> {
  const [answer] = await meta.aggregate<{ now: Date }>([{ $match: { _id: 'schema' } }, { $project: { now: '$$NOW' } }]).toArray()
  if (!answer) throw schemaLost()
  return answer.now.getTime()
}
