// Brings what is entered to Twilio: one in flight per line, each line in order, senders within their rates, people
// before machines. The store is the truth; what is remembered here can be lost at any moment.
import { DomainError } from '../../shared/problems.ts'
import { repeatAfter } from '../clock.ts'
import type { Dispatch, Parts } from '../parts.ts'
import type { WaitingLine } from '../rules/what-follows.ts'
import type { OpenLine } from '../store/records.ts'
import { tell } from '../tell.ts'
import type { Line } from './lines.ts'
import type { Leave } from './pacer.ts'
import { createSenderLease, type SenderLease } from './sender-lease.ts'
import { createSenderQueue, type SenderQueue } from './sender-queue.ts'
import { takeTurn } from './take-turn.ts'
import { eraseTexts } from './erase-texts.ts'
import { createGather } from './gather.ts'
import { createDueLoop } from './due-loop.ts'
import { createDelayNotes } from './delay-notes.ts'
import { createWaiters } from './waiters.ts'

export interface Dispatcher extends Omit<Dispatch, 'fetchMedia'> {
  start(): Promise<void>
  /** Takes no more, lets what is under way end (at most `graceMs`), gives the senders back. */
  close(graceMs?: number): Promise<void>
  /** For `/readyz`. */
  running(): boolean
}

/** A sender: the right to send by it, and what is ready to go. */
interface Sender {
  lease: SenderLease
  queue: SenderQueue
}

/** Lines that another process entered, or whose wake-up was lost. */
const SWEEP_MS = 5_000
const STORE_AWAY_MS = 1_000
const ERASE_MS = 60_000
/** From a claim to the moment at which its request no longer counts. */
const LATELY_MS = 2_000

export function createDispatcher(parts: Parts, holder: string): Dispatcher {
  const { store, clock, log, publish } = parts
  const lines = new Map<string, Line>()
  const senders = new Map<string, Sender>()
  const underway = new Set<Promise<void>>()
  const waiters = createWaiters(clock)
  const notes = createDelayNotes(parts, reasonToWait)
  const due = createDueLoop(parts)
  const gather = createGather(clock)
  const timers = new Set<() => void>()
  let state: 'new' | 'running' | 'closing' = 'new'

  /** A timer that ends with the dispatcher. */
  function after(ms: number, task: () => void): () => void {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      task()
    })
    timers.add(cancel)
    return () => {
      timers.delete(cancel)
      cancel()
    }
  }

  function senderOf({ orgId, channel, sender }: Pick<Line, 'orgId' | 'channel' | 'sender'>): Sender {
    const key = `${orgId}|${channel}|${sender}`
    const known = senders.get(key)
    if (known) return known
    const made = makeSender(orgId, channel, sender)
    senders.set(key, made)
    return made
  }

  function makeSender(orgId: string, channel: Line['channel'], sender: string): Sender {
    const rate = parts.organizationOf(orgId).senders.find(channel, sender)?.ratePerSecond ?? 1
    const queue = createSenderQueue(rate, clock, { after, mayGo, go })
    const lease = createSenderLease(
      parts,
      { orgId, sender, holder },
      { after, isClosing: () => state === 'closing', takeOver, lookForLines: sweep, leave: leaveToOthers, go: queue.pump },
    )

    /** Asks for the lease where nobody has yet. */
    function mayGo(): boolean {
      if (state !== 'running') return false
      lease.start()
      return lease.fence() !== null
    }

    /** What another one claimed is nobody's any more, and may have been sent within the second that Twilio counts. */
    async function takeOver(fence: number): Promise<void> {
      const now = clock.now()
      const died = await store.expireClaims(orgId, sender, { now, fence })
      tell(parts, died)
      const lately = { from: now - LATELY_MS, to: now, after: null, limit: 1 }
      if (died.messages.length > 0 || (await store.incompleteSends(orgId, lately)).length > 0) queue.startFull()
    }

    /** Should the other process end, the store knows the lines. */
    function leaveToOthers(): void {
      queue.clear()
      for (const line of lines.values())
        if (line.state === 'ready' && line.orgId === orgId && line.channel === channel && line.sender === sender) lines.delete(line.lineId)
    }

    async function go(line: Line, leave: Leave): Promise<void> {
      line.state = 'busy'
      line.again = false
      line.released = false
      const turn = run(line, lease.fence() ?? 0, leave)
      underway.add(turn)
      await turn.finally(() => underway.delete(turn))
    }

    return { lease, queue }
  }

  function wake(waiting: WaitingLine): void {
    if (state === 'closing') return
    if (waiting.messageId !== null && waiting.lane === 0) notes.watch(waiting.messageId, waiting.lineId, waiting.orgId)
    const known = lines.get(waiting.lineId)
    if (known === undefined) {
      const { orgId, lineId, channel, sender, lane, cost } = waiting
      const line: Line = {
        ...{ orgId, lineId, channel, sender, lane, cost },
        ...{ state: 'ready', again: false, released: false, cancelTimer: null, setbacks: 0, look: null },
      }
      lines.set(lineId, line)
      makeReady(line)
    } else if (known.state === 'busy') known.again = true
  }

  function makeReady(line: Line): void {
    line.cancelTimer?.()
    line.cancelTimer = null
    line.state = 'ready'
    const { queue } = senderOf(line)
    queue.push(line)
    queue.pump()
  }

  function wait(line: Line, ms: number): void {
    if (line.released) {
      makeReady(line)
      return
    }
    line.state = 'waiting'
    line.cancelTimer?.()
    line.cancelTimer = after(ms, () => makeReady(line))
  }

  async function run(line: Line, fence: number, leave: Leave): Promise<void> {
    try {
      // What a person typed waits for nobody.
      const isOfMany = line.lane > 0
      if (isOfMany) await gather.join()
      const next = await takeTurn(parts, line, fence, leave, isOfMany ? persistTogether : persist)
      if (next === 'again' || (next === 'empty' && line.again)) makeReady(line)
      else if (next === 'empty') forget(line)
      else wait(line, next.waitMs)
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'unavailable'))
        log.error({ err: error, lineId: line.lineId }, 'A line could not be dispatched')
      wait(line, STORE_AWAY_MS)
    }
  }

  function forget(line: Line): void {
    line.cancelTimer?.()
    lines.delete(line.lineId)
  }

  /** Writes down what Twilio answered, however long the store is away: what was sent must not be forgotten. */
  async function persist<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (state === 'closing' || !(error instanceof DomainError && error.code === 'unavailable')) throw error
        await new Promise<void>((resume) => after(STORE_AWAY_MS, resume))
      }
    }
  }

  async function persistTogether<T>(write: () => Promise<T>): Promise<T> {
    await gather.join()
    return persist(write)
  }

  /** Every line with something open, page by page; before that what was held against our senders, where it is old. */
  async function sweep(): Promise<void> {
    for (const { id, senders: own } of parts.organizations) if (own.forgetFaults(clock.now()).length > 0) publish.channels(id)
    for (let after: string | null = null; state !== 'closing'; ) {
      const page: OpenLine[] = await store.openLines(after, 500)
      for (const { orgId, lineId, channel, sender, lane, cost } of page)
        if (!lines.has(lineId)) wake({ orgId, lineId, channel, sender, lane, cost, messageId: null })
      after = page.at(-1)?.lineId ?? null
      if (page.length < 500) return
    }
  }

  function reasonToWait(lineId: string): 'order' | 'rate' | 'provider' | null {
    const line = lines.get(lineId)
    if (line === undefined) return null
    if (line.state === 'ready') return 'rate'
    return line.state === 'busy' ? 'order' : line.setbacks > 0 ? 'provider' : 'order'
  }

  return {
    wake,
    release(lineId) {
      const line = lines.get(lineId)
      if (line === undefined || state === 'closing') return
      if (line.state === 'waiting') makeReady(line)
      else {
        line.again = true
        line.released = true
      }
    },
    schedule: (dueAt) => due.schedule(dueAt),
    settled: (messageId, timeoutMs) => waiters.wait(messageId, timeoutMs),
    settle(messageId) {
      notes.forget(messageId)
      waiters.wake(messageId)
    },
    running: () => state === 'running',
    async start() {
      if (state === 'new') state = 'running'
      await sweep()
      for (const { queue } of senders.values()) queue.pump()
      timers.add(repeatAfter(clock, SWEEP_MS, sweep, (error) => log.warn({ err: error }, 'Looking for open lines failed')))
      timers.add(
        repeatAfter(
          clock,
          ERASE_MS,
          () => eraseTexts(parts),
          (error) => log.warn({ err: error }, 'Sensitive texts could not be erased'),
        ),
      )
      await due.start()
      notes.start()
    },
    async close(graceMs = 8_000) {
      if (state === 'closing') return
      state = 'closing'
      due.close()
      notes.close()
      waiters.close()
      gather.close()
      for (const line of lines.values()) line.cancelTimer?.()
      for (const cancel of [...timers]) cancel()
      timers.clear()
      let over: (() => void) | undefined
      await Promise.race([
        Promise.allSettled([...underway]),
        new Promise<void>((resolve) => {
          over = clock.after(graceMs, resolve)
        }),
      ])
      over?.()
      await Promise.allSettled([...senders.values()].map(({ lease }) => lease.giveBack()))
    },
  }
}
