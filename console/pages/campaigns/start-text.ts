// When a campaign begins, in words; null: when it is started.
import type { CampaignShown } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import { formatMoment, type Shell } from '../../shell.ts'
import type { CampaignWords } from './words.ts'

const hasOffset = /(Z|[+-]\d\d:\d\d)$/

export function startText(shell: Shell, { facts }: CampaignWords, { startAt }: Pick<CampaignShown, 'startAt'>): string | null {
  if (startAt === null) return null
  // Without an offset it is the time of the clocks where each one lives: shown as it stands.
  if (!hasOffset.test(startAt)) return fill(facts.local, { when: formatMoment({ ...shell, timezone: 'UTC' }, `${startAt}Z`) })
  return fill(facts.at, { when: formatMoment(shell, startAt) })
}
