// Keeps what the host is to be told, as deliveries: at once what this process hears of, and from the store's feed whatever was
// lost on the way there. Every event has a key, so that it is kept once, however often it is found.
import { isRepeatedPress } from '../coordinations/is-repeated-press.ts'
import type { Parts } from '../parts.ts'
import { type Changed, type HostEvent, hostEvents, isWanted } from '../rules/host-events.ts'
import type { DeliveryDraft } from '../store/records.ts'
import { placeNow, readOwnFeed, saveCursor } from './own-feed.ts'
import type { Webhook } from './webhook.ts'
import { seesAll } from '../store/sees-all.ts'

/** Everything that was written before a place is told by then, and kept. */
const SETTLED_MS = 10_000
const AT_ONCE = 200

export interface Collector {
  /** Returns at once; false: nobody asks for it. */
  hear(changed: Partial<Changed>): boolean
  /** Those who are told; null: another process does it. */
  listen(webhooks: readonly Webhook[] | null): void
  /** Keeps what was heard. */
  flush(): Promise<void>
  /** Reads the feed from the kept place. */
  catchUp(): Promise<void>
  /** Moves the kept place on, now and then. */
  moveOn(): Promise<void>
}

type CollectorParts = Pick<Parts, 'store' | 'clock' | 'newId' | 'log'>

export function createCollector(parts: CollectorParts, orgId: string): Collector {
  const { store, clock, newId, log } = parts
  let webhooks: readonly Webhook[] = []
  let heard: HostEvent[] = []
  let flushing: Promise<void> = Promise.resolve()
  let place: { cursor: string; at: number } | null = null
  let isDirty = false

  async function keep(events: readonly HostEvent[]): Promise<void> {
    const now = clock.now()
    for (let from = 0; from < events.length; from += AT_ONCE) {
      const drafts: DeliveryDraft[] = []
      for (const event of events.slice(from, from + AT_ONCE)) {
        const wanting = webhooks.filter((one) => isWanted(one, event, now))
        if (wanting.length === 0 || (event.type === 'action' && (await isRepeated(event)))) continue
        for (const { name } of wanting) drafts.push({ ...of(event), id: newId(), webhook: name })
      }
      if (drafts.length > 0) await store.addDeliveries(orgId, drafts, now)
    }
  }

  const of = ({ key, type, about, at }: HostEvent) => ({ key, type, about, at })

  async function isRepeated({ about }: HostEvent): Promise<boolean> {
    const message = await store.message(seesAll(orgId), about.id)
    return message !== null && isRepeatedPress(store, orgId, message)
  }

  async function flushNow(): Promise<void> {
    const events = heard
    heard = []
    try {
      await keep(events)
    } catch (error) {
      heard = [...events, ...heard]
      throw error
    }
  }

  return {
    hear(changed) {
      if (webhooks.length === 0) return false
      const now = clock.now()
      const events = hostEvents({ messages: [], conversations: [], coordinations: [], ...changed })
      const wanted = events.filter((event) => webhooks.some((one) => isWanted(one, event, now)))
      isDirty = true
      heard.push(...wanted)
      return wanted.length > 0
    },
    listen(given) {
      webhooks = given ?? []
      if (given !== null) return
      // Who has the lease finds it.
      heard = []
      place = null
    },
    flush() {
      // One after another: `moveOn` is only right where nothing is under way.
      flushing = flushing.catch(() => undefined).then(flushNow)
      return flushing
    },
    async catchUp() {
      const { changed, cursor, full } = await readOwnFeed(parts, orgId)
      if (full)
        log.warn({ orgId }, 'More changed than can be told to the host’s webhooks, or the database is another one: some events are missing')
      await keep(hostEvents(changed))
      await saveCursor(parts, orgId, cursor)
      place = null
      isDirty = false
    },
    async moveOn() {
      if (place === null) {
        if (!isDirty) return
        isDirty = false
        place = { cursor: await placeNow(parts, orgId), at: clock.elapsed() }
      } else if (clock.elapsed() - place.at >= SETTLED_MS && heard.length === 0) {
        await saveCursor(parts, orgId, place.cursor)
        place = null
      }
    },
  }
}
