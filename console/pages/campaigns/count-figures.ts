// What the counts of a campaign say: how many there are, how many are done with, what became of them.
import type { CampaignCounts } from '../../../shared/campaigns.ts'
import type { PillKind } from '../../parts/pill.tsx'

export interface Figures {
  /** All that it is for, those who get nothing too. */
  total: number
  /** They wait for nothing more from us. */
  settled: number
  /** A message went, or was meant to. */
  tried: number
  arrived: number
}

export function figuresOf({ pending, queued, sent, delivered, read, failed, skipped }: CampaignCounts): Figures {
  const tried = queued + sent + delivered + read + failed
  return { total: pending + tried + skipped, settled: sent + delivered + read + failed + skipped, tried, arrived: delivered + read }
}

/** A whole number of a hundred; null: of nothing. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((100 * part) / whole)
}

/** For the bar, in the order in which they follow one another. */
export function partsOf({ queued, sent, delivered, read, failed, skipped }: CampaignCounts): { kind: PillKind; n: number }[] {
  return [
    { kind: 'good', n: delivered + read },
    { kind: 'active', n: queued + sent },
    { kind: 'bad', n: failed },
    { kind: 'plain', n: skipped },
  ]
}
