// Tells the host's webhooks what happened. One process does it at a time; where it is killed another goes on, or itself when it
// starts again. Each webhook has its own few deliveries at a time, so that one which hangs delays no other.
import { createLeases } from '../lease.ts'
import { createLookLoop } from '../look-loop.ts'
import type { Parts } from '../parts.ts'
import type { Line } from '../request-public.ts'
import type { Changed } from '../rules/host-events.ts'
import { LOG_MS } from '../rules/delivery.ts'
import { type Collector, createCollector } from './collect-events.ts'
import { deliver } from './deliver.ts'
import { isOn, type Webhook, webhookOf } from './webhook.ts'

export interface HostWebhooks {
  /** Something changed, whoever wrote it. Returns at once. */
  hear(orgId: string, changed: Partial<Changed>): void
  /** A webhook was saved or forgotten here. Returns at once. */
  changed(): void
  start(): void
  /** Begins nothing more, and waits that long for what is under way. */
  close(withinMs: number): Promise<void>
}

/** Deliveries at a time, of each webhook. */
const MOST = 6
const LOOK_MS = 1_000
/** Where none is on: another process may have saved one, and ended before it told anything. */
const IDLE_LOOK_MS = 15_000
const PRUNE_EVERY_MS = 3600_000

interface Own {
  collector: Collector
  /** Those that were listened for, with since when; null: another process has the lease. */
  known: string | null
  holds: boolean
  prunedAt: number
}

export function createWebhooks(parts: Parts, holder: string, { line }: { line?: Line } = {}): HostWebhooks {
  const { store, clock, log, organizations } = parts
  const owns = new Map(
    organizations.map(({ id }): [string, Own] => [
      id,
      {
        collector: createCollector(parts, id),
        ...{ known: null, holds: false, prunedAt: Number.NEGATIVE_INFINITY },
      },
    ]),
  )
  /** By delivery. */
  const running = new Map<string, { lane: string; done: Promise<void> }>()
  const stopping = new AbortController()
  const leases = createLeases(parts, { name: 'webhooks', holder })
  const loop = createLookLoop(parts, {
    async look() {
      let isIdle = true
      for (const [orgId, own] of owns) if (await lookAt(orgId, own)) isIdle = false
      return isIdle ? IDLE_LOOK_MS : LOOK_MS
    },
    says: {
      failed: 'What the host’s webhooks are to be told could not be read or kept; trying again',
      again: 'The host’s webhooks are told again',
    },
  })
  const { wake, closed } = loop

  /** Whether there is anybody to tell. */
  async function lookAt(orgId: string, own: Own): Promise<boolean> {
    const { collector } = own
    const all = (await store.settings(orgId, 'webhook')).map(webhookOf)
    const webhooks = all.filter(isOn)
    const held = own.holds
    own.holds = webhooks.length > 0 && !closed() && (await leases.holds(orgId))
    if (!own.holds) {
      own.known = null
      collector.listen(null)
      if (held) await leases.giveBack(orgId)
      return webhooks.length > 0
    }
    collector.listen(webhooks)
    const known = JSON.stringify(webhooks.map(({ name, since, events, authors }) => [name, since, events, authors]))
    // What happened before it was listened for is in the feed.
    if (own.known !== known) await collector.catchUp()
    own.known = known
    await collector.flush()
    await collector.moveOn()
    for (const webhook of webhooks) await begin(orgId, webhook)
    if (clock.elapsed() - own.prunedAt < PRUNE_EVERY_MS) return true
    own.prunedAt = clock.elapsed()
    for (const { name } of all) while ((await store.deleteDeliveries(orgId, name, clock.now() - LOG_MS, 500)) === 500);
    return true
  }

  async function begin(orgId: string, webhook: Webhook): Promise<void> {
    const lane = JSON.stringify([orgId, webhook.name])
    const busy = [...running.values()].filter((one) => one.lane === lane).length
    if (busy >= MOST) return
    const due = await store.waitingDeliveries(orgId, webhook.name, MOST + busy)
    const now = clock.now()
    const next = due.filter(({ id, dueAt }) => dueAt !== null && dueAt <= now && !running.has(id))
    for (const delivery of next.slice(0, MOST - busy)) {
      if (closed()) return
      const done = deliver(parts, orgId, webhook, delivery, { stop: stopping.signal, line })
        .catch((error: unknown) => {
          if (!closed())
            log.warn({ err: error, webhook: webhook.name }, 'What became of a delivery to the host could not be noted; trying again')
        })
        .finally(() => {
          running.delete(delivery.id)
          wake()
        })
      running.set(delivery.id, { lane, done })
    }
  }

  return {
    hear(orgId, changed) {
      if (owns.get(orgId)?.collector.hear(changed)) wake()
    },
    changed: wake,
    start: wake,
    async close(withinMs) {
      if (closed()) return
      await loop.close()
      // What is not kept now is found in the feed.
      for (const { collector } of owns.values()) await collector.flush().catch(() => undefined)
      let end: (() => void) | undefined
      const late = new Promise<void>((resolve) => {
        end = clock.after(withinMs, resolve)
      })
      await Promise.race([Promise.all([...running.values()].map(({ done }) => done)), late])
      end?.()
      stopping.abort(new Error('The server stops.'))
      await Promise.all([...running.values()].map(({ done }) => done))
      await leases.giveBackAll()
    },
  }
}
