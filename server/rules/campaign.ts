// What a campaign is, and how it goes from one state to the next. Who asks for a step that its state does not have gets null.
import type { Audience, CampaignCounts, CampaignStatus, PauseReason, TemplateUse } from '../../shared/campaigns.ts'
import type { Purpose } from '../../shared/calendar.ts'
import type { Channel } from '../../shared/model.ts'

/** One of the templates that are compared; most campaigns have one, those with a text none. */
export type Arm = 0 | 1

/** What WhatsApp said of a template in a language as the campaign was started or went on. */
export interface SeenTemplate {
  name: string
  language: string
  /** It could go at any time. */
  always: boolean
  category: string | null
}

export interface Campaign {
  id: string
  /** The same one again is the same campaign. */
  key: string
  /** A digest of what it was asked with; null: it has no key of its caller's. */
  asked: string | null
  name: string
  status: CampaignStatus
  pause: { reason: PauseReason; detail: string } | null
  channel: Channel
  /** Our number; null: the one of the channel. */
  from: string | null
  purpose: Purpose
  text: string | null
  templates: readonly TemplateUse[]
  variables: Record<string, string>
  audience: Audience
  maxPerSecond: number
  /** As it was asked for; without an offset it is the time where each recipient lives. */
  startAt: string | null
  firstSlice: number | null
  /** Somebody looked at what became of the first slice. */
  looked: boolean
  /** How far its audience is listed; null: all of it is. */
  listing: { cursor: string | null } | null
  seen: readonly SeenTemplate[]
  /** As they were counted last. */
  counts: readonly CampaignCounts[]
  createdBy: { id: string; name: string }
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  /** When it is to be looked at; null: nobody has to. */
  lookAt: number | null
  rev: number
  updatedAt: number
}

export type CampaignPatch = Partial<Omit<Campaign, 'id' | 'key' | 'asked' | 'createdAt' | 'rev' | 'updatedAt'>>
/** What becomes of a campaign as it is now; null: nothing. Pure, may be called more than once. */
export type CampaignRule = (before: Campaign) => CampaignPatch | null

/** The earliest moment at which somebody gets it; null: at once. */
const EARLIEST_ZONE_HOURS = 14

/** Whether a time is the one of the clock where each recipient lives. */
export const isLocal = (startAt: string): boolean => !/(Z|[+-]\d\d:\d\d)$/.test(startAt)

/** When the first of all may get it. */
export function startsAt({ startAt }: Pick<Campaign, 'startAt'>): number | null {
  if (startAt === null) return null
  return isLocal(startAt) ? Date.parse(`${startAt}Z`) - EARLIEST_ZONE_HOURS * 3600_000 : Date.parse(startAt)
}

function goOn(before: Campaign, now: number): CampaignPatch {
  const at = startsAt(before)
  const isLater = at !== null && at > now
  return { status: isLater ? 'scheduled' : 'running', pause: null, lookAt: isLater ? at : now }
}

/** By hand, from a draft alone: of two who start it at once, one does. */
export const start =
  (seen: readonly SeenTemplate[], now: number): CampaignRule =>
  (before) =>
    before.status === 'draft' ? { ...goOn(before, now), seen, startedAt: now } : null

/** Its time has come. */
export const begin =
  (now: number): CampaignRule =>
  (before) =>
    before.status === 'scheduled' && (before.lookAt ?? now) <= now ? { status: 'running', lookAt: now } : null

export const pause =
  (reason: PauseReason, detail: string): CampaignRule =>
  ({ status }) => {
    // By itself it only stops what goes.
    const stops = status === 'running' || (status === 'scheduled' && reason === 'asked')
    return stops ? { status: 'paused', pause: { reason, detail }, lookAt: null } : null
  }

/** Whoever lets it go on has looked: at the first slice, and at what its templates are by now. */
export const resume =
  (seen: readonly SeenTemplate[], now: number): CampaignRule =>
  (before) => {
    if (before.status !== 'paused') return null
    return { ...goOn(before, now), seen, looked: before.looked || before.pause?.reason === 'look' }
  }

export const cancel =
  (now: number): CampaignRule =>
  ({ status }) =>
    status === 'done' || status === 'canceled' ? null : { status: 'canceled', pause: null, lookAt: null, endedAt: now }

/** Nobody is left. */
export const complete =
  (now: number): CampaignRule =>
  ({ status }) =>
    status === 'running' ? { status: 'done', lookAt: null, endedAt: now } : null

/** How far its audience was listed; where another process was faster, that stands. */
export const listedTo =
  (from: string | null, to: string | null, isWhole: boolean): CampaignRule =>
  ({ listing }) =>
    listing?.cursor === from ? { listing: isWhole ? null : { cursor: to } } : null

/** What is left of the first slice; null: it has none, or somebody has looked. */
export const sliceLeft = ({ firstSlice, looked }: Pick<Campaign, 'firstSlice' | 'looked'>, entered: number): number | null =>
  firstSlice === null || looked ? null : Math.max(0, firstSlice - entered)

/** Of two, by the recipient's key: the same one each time, half of all. */
export function armOf(key: string, arms: number): Arm {
  if (arms < 2) return 0
  let hash = 0x811c9dc5
  for (const sign of key) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193)
  hash ^= hash >>> 16
  return (hash & 1) as Arm
}

/** Why a campaign may not go on with what its templates are now; null: it may. */
export function templateFault(
  seen: readonly SeenTemplate[],
  now: readonly SeenTemplate[],
): { reason: 'template' | 'category'; detail: string } | null {
  for (const before of seen) {
    const after = now.find(({ name, language }) => name === before.name && language === before.language)
    if (before.always && !after?.always)
      return { reason: 'template', detail: `The template "${before.name}" (${before.language}) may not go any more.` }
    if (after !== undefined && before.category !== null && after.category !== before.category)
      return {
        reason: 'category',
        detail: `WhatsApp counts the template "${before.name}" (${before.language}) as ${after.category ?? 'nothing'} now; it was ${before.category}.`,
      }
  }
  return null
}

/** How many may go now: in no second more than the most. `sent`: when each of the last second's went, in ms of a clock that only rises. */
export function paceLeft(sent: readonly number[], now: number, mostPerSecond: number): number {
  const lately = sent.filter((at) => at > now - 1000).length
  return Math.max(0, mostPerSecond - lately)
}
