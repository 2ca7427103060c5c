import type { CampaignShown, CampaignStatus } from '../../../shared/campaigns.ts'
import { Pill, type PillKind } from '../../parts/pill.tsx'
import type { CampaignWords } from './words.ts'

const kinds: Record<CampaignStatus, PillKind> = {
  draft: 'plain',
  scheduled: 'waits',
  running: 'active',
  paused: 'waits',
  done: 'good',
  canceled: 'plain',
}

export function StatePill({ campaign, words }: { campaign: Pick<CampaignShown, 'status'>; words: CampaignWords }) {
  return (
    <Pill kind={kinds[campaign.status]} {...(campaign.status === 'scheduled' ? { icon: 'calendar' } : {})}>
      {words.states[campaign.status]}
    </Pill>
  )
}
