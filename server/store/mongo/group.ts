// Calls that arrive together run together, so that a turn of many costs few commands. As many groups as are given room
// run at once; what comes meanwhile is the next group, which is the larger the busier it is.
import { clearTimeout, setTimeout } from 'node:timers'
import { busy as refusal, WAIT_MS } from './gate.ts'

export interface GroupOptions<In, Out> {
  /** The answers, in the order of the calls. What it throws is thrown to each of them. */
  run(calls: readonly In[]): Promise<readonly Out[]>
  /** Calls of one name are never in two groups at once: they would get in each other's way. */
  nameOf(call: In): string
  /** True: nor twice in one group. */
  apart: boolean
  /** Groups that run at one time. With two, one waits for the database while the other is prepared. */
  atOnce: 1 | 2
  /** How long a call waits for its group before it is refused. */
  waitMs?: number
}

const MOST_TOGETHER = 64

interface Waiting<In, Out> {
  call: In
  name: string
  timer: NodeJS.Timeout
  resolve(answer: Out): void
  reject(error: unknown): void
}

/** @throws DomainError `unavailable` to a call that waits too long for its group, beside what the group throws. */
export function createGroup<In, Out>({ run, nameOf, apart, atOnce, waitMs = WAIT_MS }: GroupOptions<In, Out>): (call: In) => Promise<Out> {
  let waiting: Waiting<In, Out>[] = []
  const busy = new Set<string>()
  let running = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || running >= atOnce || waiting.length === 0) return
    scheduled = true
    setImmediate(begin)
  }

  /** Those whose turn it is; calls of one name stay in their order. */
  function take(): Waiting<In, Out>[] {
    const taken: Waiting<In, Out>[] = []
    const left: Waiting<In, Out>[] = []
    const held = new Set(busy)
    for (const one of waiting) {
      const now = taken.length < MOST_TOGETHER && !held.has(one.name)
      const into = now ? taken : left
      into.push(one)
      if (apart || !now) held.add(one.name)
    }
    waiting = left
    for (const { timer } of taken) clearTimeout(timer)
    return taken
  }

  function begin(): void {
    scheduled = false
    const group = take()
    if (group.length === 0) return
    running++
    for (const { name } of group) busy.add(name)
    run(group.map((one) => one.call))
      .then(
        (answers) => {
          for (const [index, one] of group.entries()) one.resolve(answers[index] as Out)
        },
        (error: unknown) => {
          for (const one of group) one.reject(error)
        },
      )
      .finally(() => {
        running--
        for (const { name } of group) busy.delete(name)
        schedule()
      })
    schedule()
  }

  return (call) =>
    new Promise<Out>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting = waiting.filter((one) => one.timer !== timer)
        reject(refusal())
      }, waitMs)
      waiting.push({ call, name: nameOf(call), timer, resolve, reject })
      schedule()
    })
}

/** The result of a call in its group: an answer, or what has to be done for it first, by itself. Undefined: try again. */
export type Step<T> = { done: T } | { alone: () => Promise<T | undefined> }
