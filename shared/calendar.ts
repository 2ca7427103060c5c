// When a client may be written to without having asked: hours, holidays and how often, for each purpose of a message.
import { z } from 'zod'
import type { Channel } from './model.ts'

export const purpose = z.enum(['service', 'reminder', 'marketing', 'collection'])
export type Purpose = z.infer<typeof purpose>

/** From Monday, as ISO 8601 numbers them. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

const minute = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day such as 08:00')
/** The end of a day is `24:00`. */
const minuteOrEnd = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is no time of day such as 19:00')

/** Both in the client's or the record's zone; `to` is the first minute that no longer belongs to it. */
export const dayHours = z.strictObject({ from: minute, to: minuteOrEnd }).refine(({ from, to }) => from < to, 'must end after it begins')
export type DayHours = z.infer<typeof dayHours>

const dayOfHours = z.array(dayHours).max(6).default([])
/** A day that is left out is closed. */
export const weekHours = z.strictObject({
  ...{ mon: dayOfHours, tue: dayOfHours, wed: dayOfHours, thu: dayOfHours, fri: dayOfHours, sat: dayOfHours, sun: dayOfHours },
})
export type WeekHours = z.output<typeof weekHours>

/** Quiet from `from` until just before `to`, over midnight too; the short form of a rule's own hours. */
export const quietHours = z.strictObject({ from: minute, to: minute }).refine(({ from, to }) => from !== to, 'must end at another time')
export type QuietHours = z.infer<typeof quietHours>

const atMost = z.number().int().min(1).max(1000).nullable()

export const contactCalendar = z.strictObject({
  /** Null: at any time. */
  hours: weekHours.nullable(),
  /** Whether the organization's holidays are closed. */
  holidays: z.boolean(),
  /** Messages to one client, of this purpose; null: as many as there are. A week is Monday to Sunday. */
  perDay: atMost,
  perWeek: atMost,
  /** The channel that was used first in a week is the only one until Sunday. */
  oneChannelAWeek: z.boolean(),
})
export type ContactCalendar = z.output<typeof contactCalendar>

export const anyTime: ContactCalendar = { hours: null, holidays: false, perDay: null, perWeek: null, oneChannelAWeek: false }

const everyDay = (hours: DayHours[]): WeekHours => ({
  ...{ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours },
})

/** Ready ones, by the purposes that they are for. */
export const calendarPresets = {
  /** Colombia, Ley 2300 of 2023, article 3: collection and advertising, by any channel. */
  ley2300: {
    hours: { ...everyDay([{ from: '07:00', to: '19:00' }]), sat: [{ from: '08:00', to: '15:00' }], sun: [] },
    holidays: true,
    perDay: 1,
    perWeek: null,
    oneChannelAWeek: true,
  },
  quiet_nights: { ...anyTime, hours: everyDay([{ from: '08:00', to: '21:00' }]) },
} as const satisfies Record<string, ContactCalendar>

/** What was sent, or is planned, to this client and for this purpose. Times are ms since the epoch. */
export interface Contacted {
  at: number
  channel: Channel
}
