// Talks with the other processes over the bell: what each told its own sockets, and who is there. Numbered, so that a gap is
// noticed: then the feed is read at once. Nothing waits for it; what is not heard within a moment is found in the feed.
import type { Logger } from 'pino'
import { repeatAfter, type Clock } from '../clock.ts'
import type { Bell } from './bell.ts'
import type { Elsewhere, PresenceThere } from './elsewhere.ts'
import type { News } from './news.ts'

const VERSION = 1
const BEAT_MS = 1_000
/** Who is silent for longer is gone; a bell that does not bring our own beat for longer is away. */
const SILENCE_MS = 3_500
/** Larger ones are found in the feed. */
const MOST_CHARS = 100_000

type Body =
  | { kind: 'news'; news: News[] }
  | { kind: 'look' }
  | { kind: 'beat' }
  /** Tell me who is there. */
  | { kind: 'hello' }
  | { kind: 'presence'; presence: PresenceThere }
  | { kind: 'bye' }

export type Ignored = 'foreign' | 'version' | 'broken'

export interface Exchange {
  tell(news: News): void
  start(): Promise<void>
  /** Whether a word of ours came back that was said lately. */
  isUp(): boolean
  /** Messages heard and not understood since the start, by the reason. */
  ignored(): Readonly<Record<Ignored, number>>
  close(): Promise<void>
}

export interface ExchangeParts {
  bell: Bell
  clock: Clock
  log: Logger
  /** This process, and the database that all who belong together share. */
  id: string
  database: string
  elsewhere: Elsewhere
  /** Something came that the feed knows more of. */
  look(): void
  hear(news: News): void
  /** Of our own sockets. */
  presence(): PresenceThere
}

const header = (database: string) => `{"v":${VERSION},"db":${JSON.stringify(database)},`

export function createExchange({ bell, clock, log, id, database, elsewhere, look, hear, presence }: ExchangeParts): Exchange {
  const ignored = { foreign: 0, version: 0, broken: 0 }
  const known = new Map<string, { n: number; at: number }>()
  const mine = header(database)
  let n = 0
  let waiting: News[] = []
  let pending: NodeJS.Immediate | null = null
  /** Beats of ours that may still come back, with when they were said. */
  const beats = new Map<number, number>()
  /** When the last that came back was said: what comes late says nothing of now. */
  let heardAt = Number.NEGATIVE_INFINITY
  let wasUp = false
  let stop: (() => void) | null = null
  let closed = false

  const isUp = () => clock.elapsed() - heardAt < SILENCE_MS

  function say(body: Body): void {
    const text = `${mine}${JSON.stringify({ from: id, n: ++n, ...body }).slice(1)}`
    if (text.length <= MOST_CHARS) bell.ring(text)
    else bell.ring(`${mine}${JSON.stringify({ from: id, n, kind: 'look' }).slice(1)}`)
  }

  function flush(): void {
    pending = null
    const news = waiting
    waiting = []
    // To a bell that is away it would be said in vain, or kept until it is late.
    if (news.length === 0 || !isUp()) return
    // Where something went is told as it is by then: heard late, it would take away what came back.
    const carried = news.filter((one) => one.kind !== 'changes' || one.changes.left.length === 0)
    if (carried.length > 0) say({ kind: 'news', news: carried })
    if (carried.length < news.length) say({ kind: 'look' })
  }

  function take(text: string): void {
    if (closed || text === '') return
    if (!text.startsWith(mine)) {
      ignored[/^\{"v":\d+,"db":"/.test(text) && text.includes(JSON.stringify(database)) ? 'version' : 'foreign']++
      return
    }
    try {
      const { from, n: number, ...body } = JSON.parse(text) as { from: string; n: number } & Body
      if (typeof from !== 'string' || typeof number !== 'number') throw new TypeError('no sender')
      if (from === id) cameBack(number)
      else {
        notice(from, number)
        act(from, body)
      }
    } catch (error) {
      ignored.broken++
      log.warn({ err: error }, 'What another process said was not understood')
    }
  }

  /** Our own word: it carries. */
  function cameBack(number: number): void {
    heardAt = Math.max(heardAt, beats.get(number) ?? heardAt)
    if (wasUp || !isUp()) return
    wasUp = true
    say({ kind: 'hello' })
    say({ kind: 'presence', presence: presence() })
    look()
  }

  function notice(from: string, number: number): void {
    const before = known.get(from)
    known.set(from, { n: number, at: clock.elapsed() })
    if (before !== undefined && number === before.n + 1) return
    // Somebody new, or something of it was not heard.
    look()
    say({ kind: 'hello' })
  }

  function act(from: string, body: Body): void {
    switch (body.kind) {
      case 'news':
        for (const news of body.news) hearOne(from, news)
        break
      case 'look':
        look()
        break
      case 'hello':
        say({ kind: 'presence', presence: presence() })
        break
      case 'presence':
        elsewhere.replace(from, body.presence)
        break
      case 'bye':
        forget(from)
        break
    }
  }

  function hearOne(from: string, news: News): void {
    if (news.kind === 'viewing') elsewhere.view(from, news.viewers)
    else if (news.kind === 'connected') elsewhere.agent(from, news.agent, news.isHere)
    else hear(news)
  }

  function forget(process: string): void {
    known.delete(process)
    elsewhere.drop(process)
  }

  async function beat(): Promise<void> {
    const now = clock.elapsed()
    for (const [number, at] of beats) if (now - at >= SILENCE_MS) beats.delete(number)
    beats.set(n + 1, now)
    say({ kind: 'beat' })
    if (!isUp()) wasUp = false
    for (const [process, { at }] of known) if (now - at >= SILENCE_MS) forget(process)
  }

  return {
    isUp,
    ignored: () => ({ ...ignored }),
    tell(news) {
      waiting.push(news)
      pending ??= setImmediate(flush)
    },
    async start() {
      await bell.start(take)
      await beat()
      stop = repeatAfter(clock, BEAT_MS, beat, () => undefined)
    },
    async close() {
      if (closed) return
      flush()
      say({ kind: 'bye' })
      closed = true
      stop?.()
      if (pending) clearImmediate(pending)
      await bell.close()
    },
  }
}
