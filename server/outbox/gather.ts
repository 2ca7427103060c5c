// What many messages write goes to the store together: to make one write durable holds everybody up as long as to make twenty.
import type { Clock } from '../clock.ts'

export interface Gather {
  /** Resolves at once where few ask; where many do, with all who ask within a moment. */
  join(): Promise<void>
  /** Nobody waits any more. */
  close(): void
}

const WINDOW_MS = 100
/** So many in a window wait for nobody. */
const FREE = 4
const TOGETHER_MS = 20

export function createGather(clock: Pick<Clock, 'elapsed' | 'after'>): Gather {
  let began = Number.NEGATIVE_INFINITY
  let joined = 0
  let waiting: (() => void)[] = []
  let isClosed = false

  function goOn(): void {
    const all = waiting
    waiting = []
    for (const go of all) go()
  }

  return {
    async join() {
      const now = clock.elapsed()
      if (now - began > WINDOW_MS) {
        began = now
        joined = 0
      }
      joined++
      if (isClosed || (joined <= FREE && waiting.length === 0)) return
      await new Promise<void>((go) => {
        waiting.push(go)
        if (waiting.length === 1) clock.after(TOGETHER_MS, goOn)
      })
    },
    close() {
      isClosed = true
      goOn()
    },
  }
}
