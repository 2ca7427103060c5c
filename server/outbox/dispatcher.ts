// Brings what is entered to Twilio: one in flight per line, each line in order, senders within their rates, people
// before machines. The store is the truth; what is remembered here can be lost at any moment.
import { DomainError } from '../../shared/problems.ts'
import { repeatAfter } from '../clock.ts'
import type { Dispatch, Parts } from '../parts.ts'
import type { WaitingLine } from '../rules/what-follows.ts'
import { noChanges } from '../store/no-changes.ts'
import type { Head, OpenLine } from '../store/records.ts'
import { tell } from '../tell.ts'
import { pursueUnconfirmed } from './settle-unconfirmed.ts'
import { createReadyQueue, type Line, type ReadyQueue } from './lines.ts'
import { createPacer, type Leave, type Pacer } from './pacer.ts'
import { sendClaimed } from './send-claimed.ts'
import { createDueLoop } from './due-loop.ts'
import { createDelayNotes } from './delay-notes.ts'
import { createWaiters } from './waiters.ts'

export interface Dispatcher extends Dispatch {
  start(): Promise<void>
  /** Takes no more, lets what is under way end (at most `graceMs`), gives the senders back. */
  close(graceMs?: number): Promise<void>
  /** For `/readyz`. */
  running(): boolean
}

interface SenderState {
  orgId: string
  sender: string
  pacer: Pacer
  ready: ReadyQueue
  busy: number
  fence: number | null
  /** Not leased by this process before. */
  fresh: boolean
  leasing: Promise<void> | null
  /** The next attempt. */
  cancelLease: (() => void) | null
  /** Another process had it, so that what it has to send is not remembered here. */
  elsewhere: boolean
  /** The next look at what is ready. */
  timer: { at: number; cancel: () => void } | null
}

/** With the pause between attempts: within ten seconds another process goes on where one was killed. */
const LEASE_MS = 9_000
const RENEW_MS = 3_000
const ATTEMPT_MS = 500
/** Longer than the gateway's own time-out. */
const CLAIM_LEASE_MS = 40_000
/** Requests to Twilio at one time per sender; its account-wide cap is not published. */
const MOST_AT_ONCE = 50
/** Lines that another process entered, or whose wake-up was lost. */
const SWEEP_MS = 5_000
const STORE_AWAY_MS = 1_000
/** From a claim to the moment at which its request no longer counts. */
const LATELY_MS = 2_000

export function createDispatcher(parts: Parts, holder: string): Dispatcher {
  const { store, clock, log, publish } = parts
  const lines = new Map<string, Line>()
  const senders = new Map<string, SenderState>()
  const underway = new Set<Promise<void>>()
  const waiters = createWaiters(clock)
  const notes = createDelayNotes(parts, reasonToWait)
  const due = createDueLoop(parts)
  const timers = new Set<() => void>()
  let closing = false
  let started = false

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

  function track(work: Promise<void>): void {
    underway.add(work)
    void work.finally(() => underway.delete(work))
  }

  function senderOf(orgId: string, line: Pick<Line, 'channel' | 'sender'>): SenderState {
    const key = `${orgId}|${line.channel}|${line.sender}`
    let found = senders.get(key)
    if (found === undefined) {
      const rate = parts.organizationOf(orgId).senders.find(line.channel, line.sender)?.ratePerSecond ?? 1
      found = {
        orgId,
        sender: line.sender,
        pacer: createPacer(rate),
        ready: createReadyQueue(),
        busy: 0,
        fence: null,
        fresh: true,
        leasing: null,
        cancelLease: null,
        elsewhere: false,
        timer: null,
      }
      senders.set(key, found)
    }
    return found
  }

  function wake(waiting: WaitingLine): void {
    if (closing) return
    if (waiting.messageId !== null && waiting.lane === 0) notes.watch(waiting.messageId, waiting.lineId, waiting.orgId)
    const known = lines.get(waiting.lineId)
    if (known === undefined) {
      const { orgId, lineId, channel, sender, lane, cost } = waiting
      const line: Line = {
        orgId,
        lineId,
        channel,
        sender,
        lane,
        cost,
        state: 'ready',
        again: false,
        released: false,
        cancelTimer: null,
        setbacks: 0,
        look: null,
      }
      lines.set(lineId, line)
      makeReady(line)
    } else if (known.state === 'busy') known.again = true
  }

  function makeReady(line: Line): void {
    line.cancelTimer?.()
    line.cancelTimer = null
    line.state = 'ready'
    const sender = senderOf(line.orgId, line)
    sender.ready.push(line)
    pump(sender)
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

  function pump(sender: SenderState): void {
    if (closing || !started) return
    if (sender.fence === null) {
      if (sender.cancelLease === null) lease(sender)
      return
    }
    for (let lane: 0 | 1 | 2 = 0; sender.busy < MOST_AT_ONCE; ) {
      const line = sender.ready.peek(lane)
      if (line === undefined) return
      const leave = sender.pacer.take(line.lane, line.cost, clock.elapsed())
      if (typeof leave === 'number') {
        pumpAfter(sender, leave)
        // Bulk that has used up its share does not hold up people, nor the other way round.
        if (line.lane === 0 || lane === 2) return
        lane = (line.lane + 1) as 1 | 2
        continue
      }
      sender.ready.shift(line)
      sender.busy++
      line.state = 'busy'
      line.again = false
      line.released = false
      track(
        run(sender, line, leave).finally(() => {
          leave.giveBack()
          sender.busy--
          pump(sender)
        }),
      )
    }
  }

  /** At the earliest of the times that were asked for; what is under way pumps when it ends. */
  function pumpAfter(sender: SenderState, ms: number): void {
    const at = clock.elapsed() + ms
    if (at === Number.POSITIVE_INFINITY || (sender.timer !== null && sender.timer.at <= at)) return
    sender.timer?.cancel()
    const cancel = after(ms, () => {
      sender.timer = null
      pump(sender)
    })
    sender.timer = { at, cancel }
  }

  /** One turn of a line: claims its head and does what its state asks for. */
  async function run(sender: SenderState, line: Line, leave: Leave): Promise<void> {
    try {
      const head = await store.claim(line.orgId, line.lineId, { now: clock.now(), leaseMs: CLAIM_LEASE_MS, fence: sender.fence ?? 0 })
      // Others need not wait for what a line that sends nothing has still to do.
      if (head.state !== 'claimed') leave.giveBack()
      await follow(sender, line, head, leave)
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'unavailable'))
        log.error({ err: error, lineId: line.lineId }, 'A line could not be dispatched')
      wait(line, STORE_AWAY_MS)
    }
  }

  async function follow(sender: SenderState, line: Line, head: Head, leave: Leave): Promise<void> {
    switch (head.state) {
      case 'empty':
        if (line.again) makeReady(line)
        else forget(line)
        return
      case 'waiting':
        wait(line, Math.max(1, head.until - clock.now()))
        return
      case 'in_flight':
        // Somebody else's, or ours from before: freed by its lease or a newer fence.
        wait(line, Math.min(Math.max(1000, head.leaseUntil - clock.now()), LEASE_MS))
        if (head.leaseUntil <= clock.now()) await expireClaims(sender, sender.fence ?? 0)
        return
      case 'unconfirmed': {
        line.lane = head.claim.lane
        const pauseMs = await pursueUnconfirmed(parts, head.claim, line)
        if (pauseMs === null) makeReady(line)
        else wait(line, pauseMs)
        return
      }
      case 'claimed': {
        line.lane = head.claim.lane
        line.cost = head.claim.cost
        line.look = null
        // Whoever has the thread open sees that it is on its way; the row shows it when Twilio answered.
        tell(parts, { ...noChanges(line.orgId, 'progress'), messages: [head.claim.message] })
        const result = await sendClaimed(parts, head.claim, line.setbacks, leave, persist)
        line.setbacks = result.next === 'wait' ? line.setbacks + 1 : 0
        if (result.next === 'wait') wait(line, result.ms)
        else makeReady(line)
      }
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
        if (closing || !(error instanceof DomainError && error.code === 'unavailable')) throw error
        await new Promise<void>((resume) => after(STORE_AWAY_MS, resume))
      }
    }
  }

  function lease(sender: SenderState): void {
    sender.cancelLease?.()
    sender.leasing ??= (async () => {
      try {
        // Claims of a killed process of this address are given back, so that its claims are of an older fence.
        if (sender.fresh) await store.releaseLease(sender.orgId, sender.sender, holder)
        sender.fresh = false
        const taken = await store.takeLease(sender.orgId, sender.sender, holder, LEASE_MS)
        if (taken !== null && taken.fence !== sender.fence) {
          const died = await expireClaims(sender, taken.fence)
          if (died > 0 || (await sentLately(sender))) sender.pacer.startFull(clock.elapsed())
          sender.fence = taken.fence
          if (sender.elsewhere) await sweep()
          sender.elsewhere = false
        } else if (taken === null) leaveToOthers(sender)
      } catch (error) {
        if (!(error instanceof DomainError && error.code === 'unavailable')) log.error({ err: error }, 'The lease of a sender failed')
      }
      sender.leasing = null
      if (closing) return
      sender.cancelLease = after(sender.fence === null ? ATTEMPT_MS : RENEW_MS, () => lease(sender))
      if (sender.fence !== null) pump(sender)
    })()
  }

  /** Another process dispatches this sender. Should it end, the store knows the lines. */
  function leaveToOthers(sender: SenderState): void {
    sender.fence = null
    sender.elsewhere = true
    sender.ready = createReadyQueue()
    for (const line of lines.values()) if (line.state === 'ready' && senderOf(line.orgId, line) === sender) lines.delete(line.lineId)
  }

  /** Answers how many there were. */
  async function expireClaims(sender: SenderState, fence: number): Promise<number> {
    const changes = await store.expireClaims(sender.orgId, sender.sender, { now: clock.now(), fence })
    tell(parts, changes)
    return changes.messages.length
  }

  /** Whoever held this sender before us may have sent within the second that Twilio counts. */
  async function sentLately({ orgId }: SenderState): Promise<boolean> {
    const now = clock.now()
    return (await store.incompleteSends(orgId, { from: now - LATELY_MS, to: now, after: null, limit: 1 })).length > 0
  }

  /** Every line with something open, page by page; before that what was held against our senders, where it is old. */
  async function sweep(): Promise<void> {
    for (const { id, senders: own } of parts.organizations) if (own.forgetFaults(clock.now()).length > 0) publish.channels(id)
    for (let after: string | null = null; !closing; ) {
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
      if (line === undefined || closing) return
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
    running: () => started && !closing,
    async start() {
      started = true
      await sweep()
      for (const sender of senders.values()) pump(sender)
      timers.add(repeatAfter(clock, SWEEP_MS, sweep, (error) => log.warn({ err: error }, 'Looking for open lines failed')))
      await due.start()
      notes.start()
    },
    async close(graceMs = 8_000) {
      if (closing) return
      closing = true
      due.close()
      notes.close()
      waiters.close()
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
      await Promise.allSettled(
        [...senders.values()].filter((one) => one.fence !== null).map((one) => store.releaseLease(one.orgId, one.sender, holder)),
      )
    },
  }
}
