// What is left of a message that is older than its organization keeps messages: its place, its times and what became of it. What it said,
// what it came with and what was pressed are gone, so that counts, the order of a thread and a repeat stay as they were.
import { Temporal } from 'temporal-polyfill'
import type { Message } from '../../shared/model.ts'
import { isOpen } from '../../shared/status.ts'
import { eraseWords, type MessageRule } from './message.ts'

/** Null: it is erased already, or still to be sent. */
export const eraseOld: MessageRule = ({ erased, status, twilioSid, template, planB }) =>
  erased || status === 'scheduled' || isOpen(status, twilioSid)
    ? null
    : {
        ...{ text: '', content: null, media: [], erased: true },
        template: template && { ...template, variables: {} },
        ...(planB ? { planB: eraseWords(planB) } : {}),
      }

type Parts = Pick<Message, 'location' | 'contacts' | 'button' | 'referral' | 'event'>

/** Of what is kept beside the text. */
export function eraseParts<Kept extends Parts>(parts: Kept): Omit<Kept, keyof Parts> & Parts {
  const { location: _, contacts: __, button: ___, referral: ____, event, ...rest } = parts
  if (event?.name !== 'record') return event === undefined ? rest : { ...rest, event }
  return { ...rest, event: { name: event.name, type: event.type } }
}

/** The next three in the morning after that time. */
export function nextNight(after: number, timezone: string): number {
  const today = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timezone).toPlainDate()
  const nights = [0, 1].map((days) => today.add({ days }).toZonedDateTime({ timeZone: timezone, plainTime: '03:00' }).epochMilliseconds)
  return Math.min(...nights.filter((night) => night > after))
}

/** What is older is erased, ms; null: all of it is kept. */
export const keptSince = ({ retentionDays }: { retentionDays: number }, now: number): number | null =>
  retentionDays === 0 ? null : now - retentionDays * 24 * 3600_000
