// Two processes under webhooks, one of them killed in the middle: what is not answered is posted again at the other, as Twilio
// does. How many are missing then, in the store or at an agent of the one that lives, and how many are there twice.
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '../../../server/clock.ts'
import { createIds } from '../../../server/ids.ts'
import { openStore } from '../../../server/store/open-store.ts'
import type { RawConnection } from '../load/raw-http.ts'
import { join, type Side, takeMark, withConnections } from '../load/seen.ts'
import { startTwilioSink } from '../load/twilio-sink.ts'
import { newDatabase, startHilo } from '../processes.ts'

const AGENTS = 50
const A_SECOND = 40
const SEEN_WITHIN_MS = 30_000

export interface Outcome {
  posted: number
  lost: number
  doubled: number
}

export async function killOne(
  mongoUrl: string,
  seconds: number,
  env: Record<string, string>,
  request: (mark: number) => Buffer,
): Promise<Outcome> {
  const sink = await startTwilioSink()
  const databaseUrl = newDatabase(mongoUrl)
  const sides: [Side, Side] = [
    await join(await startHilo(databaseUrl, sink.url, env), AGENTS, request),
    await join(await startHilo(databaseUrl, sink.url, env), AGENTS, request),
  ]
  const [lives, dies] = sides
  const marks: number[] = []
  await withConnections(lives, (safe) =>
    withConnections(dies, async (mortal) => {
      const free: [RawConnection[], RawConnection[]] = [[...safe], [...mortal]]
      let killed: Promise<void> | null = null
      const post = async (mark: number, at: 0 | 1): Promise<void> => {
        while (free[at].length === 0) {
          await wait(1)
          if (at === 1 && killed !== null) return await post(mark, 0)
        }
        const connection = free[at].pop() as RawConnection
        const status = await connection.send(request(mark)).catch(() => 0)
        if (status !== 0 || at === 0) free[at].push(connection)
        if (status < 200 || status > 299) await post(mark, 0)
      }
      const total = seconds * A_SECOND
      const posts: Promise<void>[] = []
      for (let i = 0; i < total; i++) {
        if (i === total >> 1) killed = dies.server.kill()
        const mark = takeMark()
        marks.push(mark)
        posts.push(post(mark, killed === null && i % 2 === 1 ? 1 : 0))
        await wait(1000 / A_SECOND)
      }
      await Promise.all([killed, ...posts])
    }),
  )
  const until = performance.now() + SEEN_WITHIN_MS
  const unseen = () => marks.filter((mark) => lives.watch.seen(mark) < lives.sockets.length)
  while (unseen().length > 0 && performance.now() < until) await wait(20)
  const missing = new Set(unseen())
  for (const socket of [...lives.sockets, ...dies.sockets]) socket.close()
  await lives.server.stop()
  sink.close()
  const stored = await countStored(databaseUrl)
  for (const mark of marks) if (!stored.has(mark)) missing.add(mark)
  return { posted: marks.length, lost: missing.size, doubled: marks.filter((mark) => (stored.get(mark) ?? 0) > 1).length }
}

/** How often each mark stands in a message. */
async function countStored(databaseUrl: string): Promise<Map<number, number>> {
  const counts = new Map<number, number>()
  const store = await openStore(databaseUrl, { clock: systemClock, newId: createIds(systemClock.now) })
  const viewer = { orgId: 'default', agentId: 'bench', scope: null }
  let cursor: string | null = null
  do {
    const page = await store.messageLog(viewer, { direction: 'inbound' }, { cursor, limit: 200 })
    for (const { text } of page.items) {
      const mark = Number(/^#(\d+)#/.exec(text)?.[1])
      counts.set(mark, (counts.get(mark) ?? 0) + 1)
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  await store.close()
  return counts
}
