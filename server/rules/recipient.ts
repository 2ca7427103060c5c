// One recipient of a campaign: what becomes of it, and how all of them are counted. What its message became is read from the message
// each time, so that nothing is counted twice and nothing is missed.
import type { CampaignCounts, CampaignStatus, RecipientStatus, SkipReason } from '../../shared/campaigns.ts'
import type { MessageStatus } from '../../shared/model.ts'
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
  /** The client wrote after it. */
  answered: boolean
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

export function outcomeOf({ recipient, status }: RecipientSeen, campaign: CampaignStatus): Outcome {
  if (recipient.state === 'skipped') return { status: 'skipped', reason: recipient.reason }
  if (recipient.state === 'pending')
    return campaign === 'canceled' ? { status: 'skipped', reason: 'canceled' } : { status: 'pending', reason: null }
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'read':
    case 'failed':
      return { status, reason: null }
    case 'canceled':
      return { status: 'skipped', reason: 'canceled' }
    default:
      return { status: 'queued', reason: null }
  }
}

export const noCounts: CampaignCounts = {
  ...{ pending: 0, queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, skipped: 0, answered: 0 },
}

/** Counts of each arm with these recipients added. */
export function addToCounts(counts: readonly CampaignCounts[], seen: readonly RecipientSeen[], campaign: CampaignStatus): CampaignCounts[] {
  const sums = counts.map((one) => ({ ...one }))
  for (const one of seen) {
    const sum = sums[one.recipient.arm]
    if (sum === undefined) continue
    sum[outcomeOf(one, campaign).status]++
    if (one.answered) sum.answered++
  }
  return sums
}

export function sumOf(counts: readonly CampaignCounts[]): CampaignCounts {
  const sum = { ...noCounts }
  for (const one of counts) for (const name of Object.keys(sum) as (keyof CampaignCounts)[]) sum[name] += one[name]
  return sum
}
