// Runs things later, however many they are, on one timer of the clock.
import type { Clock } from '../clock.ts'

export interface Scheduler {
  after(delayMs: number, task: () => void): void
  /** How many tasks wait. */
  waiting(): number
  clear(): void
}

interface Task {
  at: number
  order: number
  run: () => void
}

export function createScheduler(clock: Clock): Scheduler {
  // A binary heap, the earliest first; what is due at the same time keeps its order.
  let heap: Task[] = []
  let order = 0
  let armedFor = Number.POSITIVE_INFINITY
  let disarm: (() => void) | null = null
  const before = (a: Task, b: Task) => a.at < b.at || (a.at === b.at && a.order < b.order)

  const push = (task: Task) => {
    let index = heap.length
    heap.push(task)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Task
      if (!before(task, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = task
  }
  const pop = (): Task => {
    const first = heap[0] as Task
    const last = heap.pop() as Task
    if (heap.length > 0) {
      let index = 0
      for (;;) {
        let child = index * 2 + 1
        if (child >= heap.length) break
        if (child + 1 < heap.length && before(heap[child + 1] as Task, heap[child] as Task)) child++
        const below = heap[child] as Task
        if (!before(below, last)) break
        heap[index] = below
        index = child
      }
      heap[index] = last
    }
    return first
  }

  const arm = () => {
    const next = heap[0]
    if (next === undefined || next.at >= armedFor) return
    disarm?.()
    armedFor = next.at
    disarm = clock.after(Math.max(0, next.at - clock.now()), () => {
      disarm = null
      armedFor = Number.POSITIVE_INFINITY
      const now = clock.now()
      while (heap[0] !== undefined && heap[0].at <= now) pop().run()
      arm()
    })
  }
  return {
    after(delayMs, run) {
      push({ at: clock.now() + delayMs, order: order++, run })
      arm()
    },
    waiting: () => heap.length,
    clear() {
      heap = []
      disarm?.()
      disarm = null
      armedFor = Number.POSITIVE_INFINITY
    },
  }
}
