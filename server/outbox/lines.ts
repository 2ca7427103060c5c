// The dispatcher's lines with something to send: which are ready, by lane, in the order they came.
//
//   ready ──its turn──▶ busy ──goes on──▶ ready
//                        ├──has to wait──▶ waiting ──time is over, or released──▶ ready
//                        └──nothing more to send──▶ forgotten
//
import type { WaitingLine } from '../rules/what-follows.ts'
import type { Lane } from '../store/records.ts'

export interface Look {
  /** Message and attempt: another one begins anew. */
  of: string
  /** How many looks were made; 0: the first wait has not begun. */
  made: number
  /** Until the next one. */
  leftMs: number
}

export interface Line extends Omit<WaitingLine, 'messageId'> {
  /** ready: in its queue. busy: a claim or send is under way. waiting: until its timer or a release. */
  state: 'ready' | 'busy' | 'waiting'
  /** Something came while it was busy. */
  again: boolean
  /** Its obstacle was settled while it was busy: it goes on instead of waiting. */
  released: boolean
  cancelTimer: (() => void) | null
  /** Tries in a row that Twilio did not take. */
  setbacks: number
  /** Finding out about its unconfirmed head. */
  look: Look | null
}

/** Three first-in-first-out queues; the lowest lane goes first. */
export interface ReadyQueue {
  push(line: Line): void
  /** Lines of the lanes `from` and above in their order, without taking them out. */
  peek(from: Lane): Line | undefined
  shift(line: Line): void
}

export function createReadyQueue(): ReadyQueue {
  const lanes: [Line[], Line[], Line[]] = [[], [], []]
  const heads = [0, 0, 0]
  return {
    push(line) {
      lanes[line.lane].push(line)
    },
    peek(from) {
      for (let lane = from; lane <= 2; lane++) {
        const found = lanes[lane as Lane][heads[lane] ?? 0]
        if (found !== undefined) return found
      }
      return undefined
    },
    shift(line) {
      const queue = lanes[line.lane]
      const head = (heads[line.lane] ?? 0) + 1
      if (head > 512 && head * 2 > queue.length) {
        queue.splice(0, head)
        heads[line.lane] = 0
      } else heads[line.lane] = head
    },
  }
}
