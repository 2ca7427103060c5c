// One recipient of a campaign: what becomes of it, and how all of them are counted. What its message became is read from the message
// each time, so that nothing is counted twice and nothing is missed.
import type { CampaignCounts, CampaignStatus, RecipientStatus, SkipReason } from '../../shared/campaigns.ts'
import type { Failure, FailureAction, MessageStatus } from '../../shared/model.ts'
import type { Arm } from './campaign.ts'

/** `entered`: its message is in its thread, and that says what becomes of it. */
export type RecipientState = 'pending' | 'entered' | 'skipped'

/** Listed once for a campaign and key. */
export interface RecipientDraft {
  id: string
  /** The normalised address: two forms of one number have one. Of what is no number, what was given. */
  key: string
  to: string
  name: string | null
  coordinationId: string | null
  variables: Record<string, string>
  text: string | null
  arm: Arm
  /** Where it lives: its record's zone, else its country's. */
  zone: string
  dueAt: number
  /** It cannot be written to at all. */
  skipped: { reason: SkipReason; detail: string } | null
}

export interface Recipient extends Omit<RecipientDraft, 'dueAt' | 'skipped'> {
  state: RecipientState
  reason: SkipReason | null
  detail: string | null
  /** Of a pending one. */
  dueAt: number | null
  messageId: string | null
}

/** What became of a pending one. `later`: it is tried again then. */
export type Settled = { id: string } & (
  | { state: 'entered'; messageId: string }
  | { state: 'skipped'; reason: SkipReason; detail: string }
  | { state: 'pending'; dueAt: number }
)

/** Its message as it is now; null: it has none, or it is not to be read yet. */
export interface RecipientSeen {
  recipient: Recipient
  status: MessageStatus | null
  /** Of a failed one. */
  error: Failure | null
  /** The client wrote after it. */
  answered: boolean
}

/** How many are the same in all that is counted. */
export interface RecipientGroup {
  arm: Arm
  state: RecipientState
  status: MessageStatus | null
  answered: boolean
  count: number
}

export const newRecipient = ({ skipped, dueAt, ...draft }: RecipientDraft): Recipient => ({
  ...draft,
  state: skipped === null ? 'pending' : 'skipped',
  reason: skipped?.reason ?? null,
  detail: skipped?.detail ?? null,
  dueAt: skipped === null ? dueAt : null,
  messageId: null,
})

/** Null: it is settled already, and stays so. */
export function settle(before: Recipient, settled: Settled): Recipient | null {
  if (before.state !== 'pending') return null
  switch (settled.state) {
    case 'entered':
      return { ...before, state: 'entered', messageId: settled.messageId, dueAt: null }
    case 'skipped':
      return { ...before, state: 'skipped', reason: settled.reason, detail: settled.detail, dueAt: null }
    case 'pending':
      return { ...before, dueAt: settled.dueAt }
  }
}

/** Whether the client wrote after the message entered. */
export const hasAnswered = (enteredAt: number | null, lastInboundAt: number | null): boolean =>
  enteredAt !== null && lastInboundAt !== null && lastInboundAt > enteredAt

export interface Outcome {
  status: RecipientStatus
  reason: SkipReason | null
}

/** By where it stands, and what its message is. */
export function statusOf({ state, status }: Pick<RecipientGroup, 'state' | 'status'>, campaign: CampaignStatus): RecipientStatus {
  if (state === 'skipped') return 'skipped'
  if (state === 'pending') return campaign === 'canceled' ? 'skipped' : 'pending'
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'read':
    case 'failed':
      return status
    case 'canceled':
      return 'skipped'
    default:
      return 'queued'
  }
}

export function outcomeOf({ recipient, status }: Pick<RecipientSeen, 'recipient' | 'status'>, campaign: CampaignStatus): Outcome {
  const became = statusOf({ state: recipient.state, status }, campaign)
  // Nobody said why: it was taken back, or its campaign was.
  return { status: became, reason: became === 'skipped' ? (recipient.reason ?? 'canceled') : null }
}

const actionOfSkipped: Record<SkipReason, FailureAction> = {
  ...{ invalid_phone: 'fix_number', no_phone: 'fix_number', opted_out: 'none', window: 'send_template', template: 'none' },
  ...{ variables: 'retry', content: 'retry', calendar: 'none', canceled: 'none' },
}

/** What somebody can do for one who did not get it; null: nothing is to be done. */
export function nextAction({ status, reason }: Outcome, error: Failure | null): FailureAction | null {
  if (status === 'failed') return error?.action ?? 'none'
  return status === 'skipped' && reason !== null ? actionOfSkipped[reason] : null
}

export const noCounts: CampaignCounts = {
  ...{ pending: 0, queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, skipped: 0, answered: 0 },
}

/** Counts of each arm with these recipients added. */
export function addToCounts(
  counts: readonly CampaignCounts[],
  groups: readonly RecipientGroup[],
  campaign: CampaignStatus,
): CampaignCounts[] {
  const sums = counts.map((one) => ({ ...one }))
  for (const group of groups) {
    const sum = sums[group.arm]
    if (sum === undefined) continue
    sum[statusOf(group, campaign)] += group.count
    if (group.answered) sum.answered += group.count
  }
  return sums
}

export function sumOf(counts: readonly CampaignCounts[]): CampaignCounts {
  const sum = { ...noCounts }
  for (const one of counts) for (const name of Object.keys(sum) as (keyof CampaignCounts)[]) sum[name] += one[name]
  return sum
}

/** Of somebody who was erased: that there was one stays, and is counted as before; who it was does not. One that waited is not written to. */
export function eraseRecipient(recipient: Recipient): Recipient {
  const nobody = { ...recipient, key: `erased ${recipient.id}`, to: '', name: null, coordinationId: null, variables: {}, text: null }
  if (recipient.state !== 'pending') return { ...nobody, detail: null }
  return { ...nobody, state: 'skipped', reason: 'canceled', detail: null, dueAt: null }
}
