// What became of a campaign's recipients, counted by the store from what is kept of them, a page at a time. Who asks again soon gets the same.
import type { CampaignCounts } from '../../shared/campaigns.ts'
import type { Parts } from '../parts.ts'
import type { Campaign } from '../rules/campaign.ts'
import { addToCounts, noCounts } from '../rules/recipient.ts'

/** Of each arm. */
export type Counts = readonly CampaignCounts[]

export interface CampaignCounter {
  count(orgId: string, campaign: Campaign): Promise<Counts>
}

/** A few milliseconds of the store. */
const PAGE = 2_000
const SAME_MS = 1_000
/** Counting takes at most this share of the time. */
const SHARE = 0.1
const MOST_KEPT = 200

export function createCampaignCounter({ store, clock }: Pick<Parts, 'store' | 'clock'>): CampaignCounter {
  const known = new Map<string, { counts: Promise<Counts>; status: Campaign['status']; until: number }>()

  async function countAll(orgId: string, { id, status, templates }: Campaign): Promise<Counts> {
    let counts: Counts = templates.length > 1 ? [noCounts, noCounts] : [noCounts]
    for (let cursor: string | null = null; ; ) {
      const page = await store.groupRecipients(orgId, id, { cursor, limit: PAGE })
      counts = addToCounts(counts, page.items, status)
      if (page.nextCursor === null) return counts
      cursor = page.nextCursor
      // Each page is a step by itself: who waits for the store goes in between.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  return {
    count(orgId, campaign) {
      const before = known.get(campaign.id)
      const began = clock.elapsed()
      if (before !== undefined && before.status === campaign.status && began < before.until) return before.counts
      const kept = { counts: countAll(orgId, campaign), status: campaign.status, until: Number.POSITIVE_INFINITY }
      known.delete(campaign.id)
      known.set(campaign.id, kept)
      const [oldest] = known.keys()
      if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest)
      kept.counts.then(
        () => {
          const ended = clock.elapsed()
          kept.until = ended + Math.max(SAME_MS, (ended - began) / SHARE)
        },
        () => known.delete(campaign.id),
      )
      return kept.counts
    },
  }
}
