// When Twilio's list is compared with the store: at the start, every few minutes, when Twilio or the store is there
// again, when the machine slept; every few seconds where no webhook can reach us.
import { repeatAfter } from '../clock.ts'
import { createStatusCompletion } from '../outbox/complete-statuses.ts'
import { createLease } from '../lease.ts'
import { createRecentWatch } from '../outbox/watch-recent.ts'
import type { Parts } from '../parts.ts'
import { recoverMessages } from './recover-messages.ts'

export interface Recovery {
  start(): void
  /** Something that was to come in was not taken: looked for as soon as the store answers. */
  missed(): void
  /** Twilio answers again after it did not: compared as soon as its repeats of webhooks are over. */
  returned(): void
  /** Ends what is under way at its next step. */
  close(): Promise<void>
}

export interface RecoveryOptions {
  /** This process, as leases name it. */
  holder: string
  /** No webhook reaches us: the list is all there is. */
  polls: boolean
}

const EVERY_MS = 3 * 60_000
export const POLL_MS = 5_000
/** Twilio gives a webhook fifteen seconds with all its repeats. */
const SETTLE_MS = 20_000
const OVERLAP_MS = 60 * 60_000
const POLL_OVERLAP_MS = 2 * 60_000
/** One process looks at a time; it keeps the lease while it polls. */
const LEASE_MS = 15_000
const RETRY_MS = 5_000
const LONGEST_RETRY_MS = 60_000
const TICK_MS = 15_000
/** A timer that comes so much later than asked: the machine slept. */
const DRIFT_MS = 30_000

export function createRecovery(parts: Parts, orgId: string, { holder, polls }: RecoveryOptions): Recovery {
  const { store, clock, log } = parts
  const watchRecent = createRecentWatch(parts, orgId)
  const lease = createLease(store, { orgId, name: 'recovery', holder, ttlMs: LEASE_MS })
  const timers = new Set<() => void>()
  const completeStatuses = createStatusCompletion(parts, orgId, pause)
  let closed = false
  let cancelLook: (() => void) | null = null
  let lookAt = 0
  let looking = false
  let wanted = false
  /** Twilio answered again while a look was under way, which may have been too early. */
  let sooner = false
  let failures = 0
  let deepAt = 0
  /** The store was away, or a webhook was not taken. */
  let missing = false
  let tickedAt = 0
  let startedAt = 0
  let statusesFailed = false

  /** Rejects when the loop is closed, so that nothing goes on waiting. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(new Stopped())
      const cancel = clock.after(ms, () => {
        timers.delete(stop)
        resolve()
      })
      const stop = () => {
        cancel()
        reject(new Stopped())
      }
      timers.add(stop)
    })
  }

  function lookIn(ms: number): void {
    cancelLook?.()
    lookAt = clock.now() + ms
    cancelLook = closed ? null : clock.after(ms, () => void look())
  }

  async function look(): Promise<void> {
    if (closed) return
    if (looking) {
      wanted = true
      return
    }
    looking = true
    wanted = false
    let nextMs = polls ? POLL_MS : EVERY_MS
    try {
      if ((await lease.hold()) === null) nextMs = RETRY_MS
      else if (closed) return
      else {
        // Also when the clock was set back.
        const deep = clock.now() >= deepAt || clock.now() < deepAt - EVERY_MS
        const overlapMs = deep ? OVERLAP_MS : POLL_OVERLAP_MS
        const { again } = await recoverMessages(parts, orgId, { startedAt, overlapMs, settleMs: polls ? 0 : SETTLE_MS, pause })
        if (deep) deepAt = clock.now() + (polls ? EVERY_MS : 0)
        if (polls) await watchRecent()
        if (again === 'now') nextMs = 0
        else if (again === 'soon') nextMs = SETTLE_MS
        if (failures > 0) log.info('Twilio’s list can be read again')
        failures = 0
      }
    } catch (error) {
      if (closed) return
      if (failures++ === 0) log.warn({ err: error }, 'Twilio’s list could not be compared with the store; trying again')
      deepAt = 0
      nextMs = Math.min(RETRY_MS * 2 ** Math.min(failures - 1, 8), LONGEST_RETRY_MS)
    } finally {
      looking = false
    }
    lookIn(wanted ? 0 : sooner ? Math.min(nextMs, SETTLE_MS) : nextMs)
    sooner = false
  }

  /** Notices a machine that slept and a store that was away, and completes what became due of sent messages. */
  async function tick(): Promise<void> {
    const now = clock.now()
    const slept = now - tickedAt > TICK_MS + DRIFT_MS
    tickedAt = now
    try {
      await store.ping()
    } catch {
      missing = true
      return
    }
    if (slept || missing) {
      missing = false
      deepAt = 0
      void look()
    }
    try {
      await completeStatuses()
      statusesFailed = false
    } catch (error) {
      if (!statusesFailed && !closed) log.warn({ err: error }, 'Statuses could not be completed from Twilio; trying again')
      statusesFailed = true
    }
    // Its own duration is no sleep.
    tickedAt = clock.now()
  }

  return {
    start() {
      // What comes in before the first look began is looked for.
      startedAt = clock.now()
      tickedAt = startedAt
      void look()
      timers.add(repeatAfter(clock, TICK_MS, tick, (error) => log.error({ err: error }, 'Recovery failed')))
    },
    missed() {
      missing = true
    },
    returned() {
      if (looking) sooner = true
      else if (lookAt - clock.now() > SETTLE_MS) lookIn(SETTLE_MS)
    },
    async close() {
      closed = true
      cancelLook?.()
      for (const cancel of [...timers]) cancel()
      timers.clear()
      await lease.giveBack().catch(() => undefined)
    },
  }
}

class Stopped extends Error {
  constructor() {
    super('The server stops.')
  }
}
