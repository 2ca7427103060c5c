// Which line goes next by one sender, and when: within its rate, people before machines, so many at one time.
import type { Clock } from '../clock.ts'
import type { Lane } from '../store/records.ts'
import { createReadyQueue, type Line } from './lines.ts'
import { createPacer, type Leave } from './pacer.ts'

export interface SenderQueue {
  push(line: Line): void
  clear(): void
  /** Starts all that may go now, and comes back by itself for the rest. */
  pump(): void
  /** Somebody else may have sent within the second that Twilio counts: nothing goes until it is over. */
  startFull(): void
}

interface QueueCalls {
  /** A timer that ends with the dispatcher. */
  after: (ms: number, task: () => void) => () => void
  /** Whether this process may send by this sender at all. */
  mayGo: () => boolean
  /** One turn of a line, to its end. */
  go: (line: Line, leave: Leave) => Promise<void>
}

/** Requests to Twilio at one time per sender; its account-wide cap is not published. */
const MOST_AT_ONCE = 50

export function createSenderQueue(ratePerSecond: number, clock: Clock, { after, mayGo, go }: QueueCalls): SenderQueue {
  const pacer = createPacer(ratePerSecond)
  let ready = createReadyQueue()
  let busy = 0
  let next: { at: number; cancel: () => void } | null = null

  /** At the earliest of the times that were asked for; what is under way pumps when it ends. */
  function pumpAfter(ms: number): void {
    const at = clock.elapsed() + ms
    if (at === Number.POSITIVE_INFINITY || (next !== null && next.at <= at)) return
    next?.cancel()
    const cancel = after(ms, () => {
      next = null
      pump()
    })
    next = { at, cancel }
  }

  function pump(): void {
    if (!mayGo()) return
    for (let lane: Lane = 0; busy < MOST_AT_ONCE; ) {
      const line = ready.peek(lane)
      if (line === undefined) return
      const leave = pacer.take(line.lane, line.cost, clock.elapsed())
      if (typeof leave === 'number') {
        pumpAfter(leave)
        // Bulk that has used up its share does not hold up people, nor the other way round.
        if (line.lane === 0 || lane === 2) return
        lane = (line.lane + 1) as Lane
        continue
      }
      ready.shift(line)
      busy++
      void go(line, leave).finally(() => {
        leave.giveBack()
        busy--
        pump()
      })
    }
  }

  return {
    pump,
    push: (line) => ready.push(line),
    clear() {
      ready = createReadyQueue()
    },
    startFull: () => pacer.startFull(clock.elapsed()),
  }
}
