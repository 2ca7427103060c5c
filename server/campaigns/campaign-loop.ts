// Takes running campaigns on, one process at a time for each organization, and tells supervisors how they go. Where that process is
// killed another, or itself when it starts again, goes on with what is pending.
import { DomainError } from '../../shared/problems.ts'
import { createLeases } from '../lease.ts'
import { createLookLoop } from '../look-loop.ts'
import type { Campaigns, Parts } from '../parts.ts'
import type { Campaign } from '../rules/campaign.ts'
import { sumOf } from '../rules/recipient.ts'
import { createCampaignCounter, type Counts } from './count-campaign.ts'
import { createFeeder } from './feed-campaign.ts'

export interface CampaignLoop extends Campaigns {
  start(): void
  /** Begins nothing more, and ends what is under way. */
  close(): Promise<void>
}

const MOST = 50
/** Another process may have started one. */
const LOOK_MS = 2_000
const LEAST_MS = 20
/** One that cannot be taken on is tried again then. */
const PUT_OFF_MS = 5_000
const COUNT_MS = 1_000
/** So long after it was taken on last are its statuses still told. */
const TOLD_MS = 10 * 60_000

interface Watched {
  orgId: string
  countAt: number
  until: number
}

export function createCampaignLoop(parts: Parts, holder: string): CampaignLoop {
  const { store, clock, log } = parts
  const leases = createLeases(parts, { name: 'campaigns', holder })
  const feeder = createFeeder(parts)
  const counter = createCampaignCounter(parts)
  /** When each is to be stepped, by a clock that only rises. */
  const nextAt = new Map<string, number>()
  const watched = new Map<string, Watched>()
  const loop = createLookLoop(parts, {
    look,
    says: { failed: 'Campaigns could not be looked for; trying again', again: 'Campaigns go on' },
  })

  async function look(): Promise<number> {
    const due = await store.dueCampaigns(clock.now(), MOST)
    const isDue = new Set(due.map(({ campaign }) => campaign.id))
    for (const id of nextAt.keys()) if (!isDue.has(id)) nextAt.delete(id)
    for (const { orgId, campaign } of due) {
      if (loop.closed()) return LOOK_MS
      if ((nextAt.get(campaign.id) ?? 0) > clock.elapsed() || !(await leases.holds(orgId))) continue
      const { countAt = 0 } = watched.get(campaign.id) ?? {}
      watched.set(campaign.id, { orgId, countAt, until: clock.elapsed() + TOLD_MS })
      nextAt.set(campaign.id, clock.elapsed() + (await stepOne(orgId, campaign)))
    }
    await tellCounts()
    return nextLook()
  }

  async function stepOne(orgId: string, campaign: Campaign): Promise<number> {
    try {
      return (await feeder.step(orgId, campaign)) ?? 0
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unavailable') throw error
      log.error({ err: error }, 'A campaign could not be taken on; it is tried again in a moment')
      return PUT_OFF_MS
    }
  }

  function nextLook(): number {
    const now = clock.elapsed()
    const times = [...nextAt.values(), ...[...watched.values()].map(({ countAt }) => countAt)]
    return Math.max(LEAST_MS, Math.min(LOOK_MS, ...times.map((at) => at - now)))
  }

  /** What is the same as before is not told again. */
  async function tellCounts(): Promise<void> {
    for (const [id, one] of watched) {
      const now = clock.elapsed()
      if (loop.closed() || now < one.countAt) continue
      const campaign = now > one.until ? null : await store.campaign(one.orgId, id)
      if (campaign === null) watched.delete(id)
      else {
        const counts = await counter.count(one.orgId, campaign)
        const tookMs = clock.elapsed() - now
        watched.set(id, { ...one, countAt: clock.elapsed() + Math.max(COUNT_MS, 10 * tookMs) })
        if (!isSame(counts, campaign.counts)) await keepCounts(one.orgId, campaign, counts)
      }
    }
  }

  async function keepCounts(orgId: string, { id }: Campaign, counts: Counts): Promise<void> {
    const changed = await store.changeCampaign(orgId, id, () => ({ counts }), clock.now())
    if (changed === null) return
    const { status, pause } = changed.campaign
    parts.publish.campaign(orgId, { id, status, pause, counts: sumOf(counts) })
  }

  return {
    changed: loop.wake,
    count: counter.count,
    start: loop.wake,
    async close() {
      if (loop.closed()) return
      await loop.close()
      await leases.giveBackAll()
    },
  }
}

const isSame = (one: Counts, other: Counts): boolean => JSON.stringify(one) === JSON.stringify(other)
