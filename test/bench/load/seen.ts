// Webhooks with a number in them, and who has seen which: agents on sockets of this process, however many servers there are.
import { setTimeout as wait } from 'node:timers/promises'
import type { Started } from '../processes.ts'
import { agentToken } from '../settings.ts'
import { openConnection, type RawConnection } from './raw-http.ts'
import { connectMany, type ThinSocket } from './thin-socket.ts'

const CONNECTIONS = 16
const MESSAGES = Buffer.from('"messages":[')
const MARK = Buffer.from('"text":"#')

export interface Side {
  server: Started
  sockets: ThinSocket[]
  /** A request that makes the server tell everybody of this number. */
  request(mark: number): Buffer
  watch: Watch
}

/** Who has seen which mark. */
export interface Watch {
  hear(packet: Buffer): void
  sample: string
  seen(mark: number): number
  onSeen: ((mark: number) => void) | null
}

function createWatch(): Watch {
  const counts = new Map<number, number>()
  // A thousand sockets get the same bytes: they are read once.
  let last: Buffer = Buffer.alloc(0)
  let lastMarks: number[] = []
  const marksIn = (packet: Buffer): number[] => {
    if (packet.equals(last)) return lastMarks
    last = Buffer.from(packet)
    lastMarks = []
    let at = packet.indexOf(MESSAGES)
    while (at >= 0) {
      at = packet.indexOf(MARK, at)
      if (at < 0) break
      at += MARK.length
      lastMarks.push(Number.parseInt(packet.toString('latin1', at, at + 10), 10))
    }
    return lastMarks
  }
  const watch: Watch = {
    sample: '',
    onSeen: null,
    seen: (mark) => counts.get(mark) ?? 0,
    hear(packet) {
      for (const mark of marksIn(packet)) {
        if (watch.sample === '') watch.sample = packet.toString()
        counts.set(mark, (counts.get(mark) ?? 0) + 1)
        watch.onSeen?.(mark)
      }
    },
  }
  return watch
}

/** So many agents, connected to this server. */
export async function join(server: Started, agents: number, request: (mark: number) => Buffer): Promise<Side> {
  const watch = createWatch()
  const tokens = Array.from({ length: agents }, (_, i) => agentToken(`agent-${i}`))
  const sockets = await connectMany(server.url, tokens, (_, packet) => watch.hear(packet))
  return { server, sockets, request, watch }
}

let marks = 0
/** The next one that is given. */
export const nextMark = (): number => marks
export const takeMark = (): number => marks++

/** Opened for each run: an idle server closes kept connections after some seconds. */
export async function withConnections<T>(side: Side, use: (connections: RawConnection[]) => Promise<T>): Promise<T> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection(side.server.url)))
  try {
    return await use(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

export async function allSeen(side: Side, from: number, to: number): Promise<void> {
  const deadline = performance.now() + 30_000
  for (let mark = from; mark < to; mark++)
    while (side.watch.seen(mark) < side.sockets.length) {
      if (performance.now() > deadline)
        throw new Error(`Mark ${mark} was seen by ${side.watch.seen(mark)} of ${side.sockets.length} agents.`)
      await wait(5)
    }
}

/** From the moment a webhook was due to each agent's socket (`hearing`: of another server), ms, at a steady rate. */
export async function latencies(
  side: Side,
  connections: RawConnection[],
  perSecond: number,
  seconds: number,
  hearing: Side = side,
): Promise<number[]> {
  const first = marks
  const total = Math.round(perSecond * seconds)
  const dueAt = new Map<number, number>()
  const values: number[] = []
  hearing.watch.onSeen = (mark) => {
    const due = dueAt.get(mark)
    if (due !== undefined) values.push(performance.now() - due)
  }
  const free = [...connections]
  const began = performance.now()
  for (let i = 0; i < total; i++) {
    const due = began + (i * 1000) / perSecond
    const early = due - performance.now()
    if (early > 0) await wait(early)
    while (free.length === 0) await wait(1)
    const connection = free.pop() as RawConnection
    const mark = marks++
    dueAt.set(mark, Math.max(due, early > 0 ? performance.now() : due))
    void connection.send(side.request(mark)).then(() => free.push(connection))
  }
  await allSeen(hearing, first, marks)
  hearing.watch.onSeen = null
  return values
}
