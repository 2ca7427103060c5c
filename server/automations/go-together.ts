// Records of one batch: what is read for each is read in a turn of its own, so that live traffic goes between, and what they write goes
// to the store together, since to make one write durable costs as much as to make twenty.
import { setImmediate as turn } from 'node:timers/promises'
import type { Store } from '../store/store.ts'

/** Writes of a record that is carried out; each waits for those of the others. */
const meeting = ['openConversation', 'enter', 'schedule', 'changePlan', 'saveCoordinations'] as const

export interface Together {
  /** Its writes wait for those of the other tasks under way. */
  store: Store
  /**
   * Runs a task for each, `atOnce` at a time and each begun in a turn of its own; of one client one after the other, since what went to a
   * client counts for the next. Rejects as the first that does, once all have ended.
   */
  each<Given>(
    all: readonly Given[],
    how: { atOnce: number; clientOf(one: Given): string },
    task: (one: Given) => Promise<void>,
  ): Promise<void>
}

export function createTogether(store: Store): Together {
  let working = 0
  let waiting: (() => void)[] = []
  let turns: Promise<unknown> = Promise.resolve()

  function goOn(): void {
    if (waiting.length < working) return
    const all = waiting
    waiting = []
    for (const go of all) go()
  }
  function meet(): Promise<void> {
    return new Promise((go) => {
      waiting.push(go)
      goOn()
    })
  }
  function ownTurn(): Promise<unknown> {
    turns = turns.then(() => turn())
    return turns
  }
  const meets = (name: (typeof meeting)[number]) => {
    const write = store[name] as (...args: unknown[]) => Promise<unknown>
    return async (...args: unknown[]) => {
      // A call of somebody else who was handed this store.
      if (working > 0) await meet()
      return write(...args)
    }
  }
  const written = Object.fromEntries(meeting.map((name) => [name, meets(name)])) as Pick<Store, (typeof meeting)[number]>

  return {
    store: { ...store, ...written },
    async each(all, { atOnce, clientOf }, task) {
      const todo = Map.groupBy(all, clientOf).values()
      const worker = async () => {
        working++
        try {
          for (const ofClient of todo)
            for (const one of ofClient) {
              await ownTurn()
              await task(one)
            }
        } finally {
          working--
          goOn()
        }
      }
      const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, all.length) }, worker))
      for (const one of ended) if (one.status === 'rejected') throw one.reason
    },
  }
}

/** What all records of a batch ask for alike, read once: rules and texts. Whoever keeps it longer than a batch sends by what is no more. */
export function readOnce(store: Store): Pick<Store, 'settings' | 'templatesNamed'> {
  const answers = new Map<string, Promise<unknown>>()
  const once = <Answer>(key: string, read: () => Promise<Answer>): Promise<Answer> => {
    const known = answers.get(key) ?? read()
    answers.set(key, known)
    return known as Promise<Answer>
  }
  return {
    settings: (orgId, kind) => once(JSON.stringify([kind, orgId]), () => store.settings(orgId, kind)),
    templatesNamed: (orgId, name) => once(JSON.stringify(['template', orgId, name]), () => store.templatesNamed(orgId, name)),
  }
}
