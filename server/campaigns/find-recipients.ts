// Recipients of a campaign by what became of them. What a message is stands with the message: they are read in their order, and those
// that fit are taken.
import { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { RecipientStatus } from '../../shared/campaigns.ts'
import type { Parts } from '../parts.ts'
import type { Campaign } from '../rules/campaign.ts'
import { outcomeOf, type RecipientSeen, type RecipientState } from '../rules/recipient.ts'
import type { Page, PageRequest } from '../store/records.ts'

export interface Sought {
  state?: RecipientState | undefined
  status?: RecipientStatus | undefined
  arm?: number | undefined
}

const CHUNK = 500
/** Of one call: then the answer may be a short page with more behind it. */
const MOST_READ = 10_000

/** Only these states can have come to it. */
const statesOf: Record<RecipientStatus, RecipientState | null> = {
  ...{ pending: 'pending', queued: 'entered', sent: 'entered', delivered: 'entered', read: 'entered', failed: 'entered' },
  // Also what was entered and taken back, and who waits in a campaign that was canceled.
  ...{ skipped: null },
}

/** @throws DomainError `validation_failed` for a cursor that is none. */
export async function findRecipients(
  { store }: Pick<Parts, 'store'>,
  orgId: string,
  campaign: Pick<Campaign, 'id' | 'status'>,
  { state, status, arm }: Sought,
  page: PageRequest,
): Promise<Page<RecipientSeen>> {
  if (status === undefined && arm === undefined) return store.recipients(orgId, campaign.id, state ?? null, page)
  const among = state ?? (status === undefined ? null : statesOf[status])
  let { chunk, after } = readPlace(page.cursor)
  const items: RecipientSeen[] = []
  for (let seen = 0; seen < MOST_READ; seen += CHUNK) {
    const read = await store.recipients(orgId, campaign.id, among, { cursor: chunk, limit: CHUNK })
    for (const one of read.items) {
      if (after !== null && one.recipient.id <= after) continue
      if (arm !== undefined && one.recipient.arm !== arm) continue
      if (status !== undefined && outcomeOf(one, campaign.status).status !== status) continue
      items.push(one)
      if (items.length === page.limit) return { items, nextCursor: writePlace({ chunk, after: one.recipient.id }) }
    }
    if (read.nextCursor === null) return { items, nextCursor: null }
    chunk = read.nextCursor
    after = null
  }
  return { items, nextCursor: writePlace({ chunk, after: null }) }
}

/** In the chunk that the store's cursor begins, behind a recipient. */
const place = z.object({ chunk: z.string().nullable(), after: z.string().nullable() })
type Place = z.output<typeof place>

const writePlace = (one: Place): string => Buffer.from(JSON.stringify(one)).toString('base64url')

function readPlace(cursor: string | null): Place {
  if (cursor === null) return { chunk: null, after: null }
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    throw new DomainError('validation_failed', 'This cursor belongs to another list. Begin without a cursor.', {
      issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
      cause,
    })
  }
}
