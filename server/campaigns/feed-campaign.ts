// Takes a running campaign one step on: lists some of its audience, and enters those whose time has come, as many as its pace and its
// sender have room for. Little waits in the outbox at any time, so that a pause takes effect in seconds.
import { isOpen } from '../../shared/status.ts'
import { DomainError } from '../../shared/problems.ts'
import { BULK_SHARE } from '../outbox/pacer.ts'
import { senderFor } from '../outbox/target.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import {
  begin,
  type Campaign,
  type CampaignRule,
  complete,
  listedTo,
  paceLeft,
  pause,
  sliceLeft,
  templateFault,
} from '../rules/campaign.ts'
import type { Settled } from '../rules/recipient.ts'
import { draftRecipient } from './draft-recipient.ts'
import { enterRecipient } from './enter-recipient.ts'
import { readAudience } from './read-audience.ts'
import { seeTemplates } from './see-templates.ts'
import { seesAll } from '../store/sees-all.ts'

/** One step and the next. */
const STEP_MS = 200
/** Where its sender has no room. */
const FULL_MS = 1_000
/** While its audience is listed. */
const LISTING_MS = 50
/** Pages of the audience in one step. */
const PAGES = 5
/** Recipients at a time. */
const AT_ONCE = 8
/** So long, at its sender's pace, may what is entered wait for it. */
const AHEAD_SECONDS = 3

export interface Feeder {
  /** In how many ms it is to be stepped again; null: there is nothing more to do. */
  step(orgId: string, campaign: Campaign): Promise<number | null>
}

type Stopped = { reason: 'template' | 'sender'; detail: string } | null

interface Pace {
  /** When each of the last second's entered, by a clock that only rises. */
  sent: number[]
  steppedAt: number | null
}

export function createFeeder(parts: Parts): Feeder {
  const { store, clock } = parts
  const paces = new Map<string, Pace>()
  /** Messages of campaigns that wait to be sent, by sender, as far as this process entered them. */
  const waiting = new Map<string, string[]>()

  async function change(orgId: string, { id }: Campaign, rule: CampaignRule): Promise<Campaign> {
    const changed = await store.changeCampaign(orgId, id, rule, clock.now())
    if (changed === null) throw new Error(`The campaign ${id} is gone.`)
    return changed.campaign
  }

  async function list(own: Organization, from: Campaign): Promise<Campaign> {
    let campaign = from
    for (let page = 0; page < PAGES && campaign.listing !== null && campaign.status === 'running'; page++) {
      const { cursor } = campaign.listing
      const { items, nextCursor } = await readAudience(parts, own.id, campaign, cursor)
      const drafts = items.map((wanted) => draftRecipient(parts, own, campaign, wanted))
      await store.listRecipients(own.id, campaign.id, drafts)
      campaign = await change(own.id, campaign, listedTo(cursor, nextCursor, nextCursor === null))
    }
    return campaign
  }

  /** How many more may wait for this sender. */
  async function roomOf(own: Organization, { channel, from }: Campaign): Promise<{ key: string; room: number }> {
    const sender = senderFor(own, channel, from ?? undefined)
    const rate = own.senders.find(channel, sender)?.ratePerSecond ?? 1
    const most = Math.max(2, Math.ceil(rate * BULK_SHARE * AHEAD_SECONDS))
    const key = `${own.id}|${channel}|${sender}`
    const known = waiting.get(key) ?? []
    if (known.length < most / 2) return { key, room: most - known.length }
    const messages = await Promise.all(known.map((id) => store.message(seesAll(own.id), id)))
    const left = messages.flatMap((one) => (one !== null && isOpen(one.status, one.twilioSid) ? [one.id] : []))
    waiting.set(key, left)
    return { key, room: Math.max(0, most - left.length) }
  }

  /** By its own pace: spread over the second, and in no second more than its most. */
  function paced({ id, maxPerSecond }: Campaign): { pace: Pace; left: number } {
    const now = clock.elapsed()
    const pace = paces.get(id) ?? { sent: [], steppedAt: null }
    paces.set(id, pace)
    pace.sent = pace.sent.filter((at) => at > now - 1000)
    const since = pace.steppedAt === null ? STEP_MS : now - pace.steppedAt
    pace.steppedAt = now
    const share = Math.ceil((maxPerSecond * Math.min(1000, since)) / 1000)
    return { pace, left: Math.min(share, paceLeft(pace.sent, now, maxPerSecond)) }
  }

  async function stop(orgId: string, campaign: Campaign, rule: CampaignRule): Promise<null> {
    paces.delete(campaign.id)
    await change(orgId, campaign, rule)
    return null
  }

  /** The answer says why nobody may get it now; null: nothing is in the way. */
  async function enterDue(own: Organization, campaign: Campaign, most: number, entered: (messageId: string) => void): Promise<Stopped> {
    const due = await store.dueRecipients(own.id, campaign.id, clock.now(), most)
    const settled: Settled[] = []
    const stops: NonNullable<Stopped>[] = []
    const worker = async () => {
      for (let next = due.shift(); next !== undefined && stops.length === 0; next = due.shift()) {
        const done = await enterRecipient(parts, own, campaign, next)
        if ('outcome' in done) stops.push(done)
        else settled.push(done)
        if ('messageId' in done) entered(done.messageId)
      }
    }
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker))
    // Also where one of them failed: what entered is not looked at again.
    await store.settleRecipients(own.id, campaign.id, settled)
    const failed = ended.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
    return stops[0] ?? null
  }

  async function stepOn(own: Organization, given: Campaign): Promise<number | null> {
    const { id: orgId } = own
    let campaign = given.status === 'scheduled' ? await change(orgId, given, begin(clock.now())) : given
    if (campaign.status !== 'running') return null
    const ready = own.senders.readiness(campaign.channel)
    if (!ready.ready) return stop(orgId, campaign, pause('sender', ready.reason))
    const fault = templateFault(campaign.seen, await seeTemplates(parts, own, campaign))
    if (fault !== null) return stop(orgId, campaign, pause(fault.reason, fault.detail))
    campaign = await list(own, campaign)
    if (campaign.status !== 'running') return null

    const next = await store.nextRecipientAt(orgId, campaign.id)
    if (next === null) return campaign.listing === null ? stop(orgId, campaign, complete(clock.now())) : LISTING_MS
    const entered = campaign.firstSlice === null ? 0 : await store.countRecipients(orgId, campaign.id, 'entered', campaign.firstSlice)
    const slice = sliceLeft(campaign, entered)
    if (slice === 0) return stop(orgId, campaign, pause('look', `The first ${campaign.firstSlice} are out: look at what became of them.`))
    const waits = next - clock.now()
    if (waits > 0) return campaign.listing === null ? Math.max(STEP_MS, waits) : LISTING_MS

    const { key, room } = await roomOf(own, campaign)
    const { pace, left } = paced(campaign)
    const most = Math.min(room, left, slice ?? Number.POSITIVE_INFINITY)
    if (most === 0) return room === 0 ? FULL_MS : STEP_MS
    const stopped = await enterDue(own, campaign, most, (messageId) => {
      pace.sent.push(clock.elapsed())
      waiting.set(key, [...(waiting.get(key) ?? []), messageId])
    })
    return stopped === null ? STEP_MS : stop(orgId, campaign, pause(stopped.reason, stopped.detail))
  }

  return {
    async step(orgId, campaign) {
      try {
        return await stepOn(parts.organizationOf(orgId), campaign)
      } catch (error) {
        // Its own number is configured no more.
        if (error instanceof DomainError && error.code === 'no_sender') return stop(orgId, campaign, pause('sender', error.message))
        throw error
      }
    },
  }
}
