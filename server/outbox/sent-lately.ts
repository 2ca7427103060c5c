// What went to a client by itself lately: what the limits of a contact calendar count.
import type { Purpose } from '../../shared/calendar.ts'
import type { Message } from '../../shared/model.ts'
import { identityKeys } from '../../shared/phone.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { seesAll } from '../store/sees-all.ts'

const SPAN_MS = 8 * 24 * 3600_000
const MOST = 100

/** Whether the calendar of this purpose counts what went before. */
export function isLimited({ settings }: Organization, purpose: Purpose): boolean {
  const { perDay, perWeek, oneChannelAWeek } = settings.calendars[purpose]
  return perDay !== null || perWeek !== null || oneChannelAWeek
}

/** Of these kinds of authors, on all channels, the newest first of each; without what was taken back or failed. */
export async function sentLately(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  own: Organization,
  address: string,
  authors: readonly ('automation' | 'campaign')[],
): Promise<Message[]> {
  const everything = seesAll(own.id)
  const filter = { phoneKeys: identityKeys(address), automated: true, sort: 'activity' } as const
  const [known] = (await store.conversations(everything, filter, { cursor: null, limit: 1 })).items
  if (known === undefined) return []
  const from = clock.now() - SPAN_MS
  const sent: Message[] = []
  for (const authorType of authors) {
    const of = { contactId: known.contact.id, authorType, direction: 'outbound', from } as const
    sent.push(...(await store.messageLog(everything, of, { cursor: null, limit: MOST })).items)
  }
  return sent.filter(({ status }) => status !== 'canceled' && status !== 'failed')
}
