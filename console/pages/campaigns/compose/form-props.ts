import type { Template } from '../../../../shared/model.ts'
import type { CampaignWords } from '../words.ts'
import type { Draft, FaultAt } from './draft.ts'

/** What every part of the form is given. */
export interface FormProps {
  draft: Draft
  change(part: Partial<Draft>): void
  /** Those to be shown: of what was tried to be saved. */
  faults: FaultAt
  templates: readonly Template[]
  words: CampaignWords
}
