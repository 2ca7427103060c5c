// What a record's rules are judged by beside the record: its threads, who may be written to, and what each message would say.
import type { Channel, Coordination } from '../../shared/model.ts'
import { identityKeys } from '../../shared/phone.ts'
import { DomainError } from '../../shared/problems.ts'
import { windowClosesAt, windowIsOpen } from '../../shared/window.ts'
import { contentOf } from '../outbox/content.ts'
import { parseTarget } from '../outbox/target.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { isSilence, type PlanFacts, type Rule, type WayFact } from '../rules/automation.ts'
import type { FactLookup, FactValue } from '../rules/condition.ts'
import { refusesMarketing } from '../rules/opt-out.ts'
import type { PendingEvent, SilenceFacts } from '../rules/record-plan.ts'
import type { OwnConversationState } from '../store/records.ts'
import { seesAll } from '../store/sees-all.ts'

type Reads = Pick<Parts, 'store' | 'clock'>

export interface Gathered {
  facts(event?: PendingEvent): PlanFacts
}

/**
 * @param rules those that are looked at: their texts are read and filled.
 * @param threads of the record, as `threadsOf` answers them; none where no condition asks for them.
 */
export async function gatherFacts(
  parts: Reads,
  own: Organization,
  record: Coordination,
  rules: readonly Rule[],
  threads: readonly OwnConversationState[],
): Promise<Gathered> {
  const now = parts.clock.now()
  const lines = await linesOf(parts, own, record)
  const texts = new Map<string, WayFact>()
  for (const rule of rules)
    for (const channel of ['whatsapp', 'sms'] as const)
      for (const open of statesOf(channel, lines[channel], now))
        texts.set(wayKey(rule, channel, open), await textOf(parts, own, record, rule, channel, open, lines))
  return {
    facts: (event) => ({
      lookUp: lookUpIn(record, threads, event),
      way(rule, channel, at) {
        const line = lines[channel]
        if (line.address === null) return { skipped: 'no_phone' }
        if (line.optedOut || (line.marketingOut && rule.purpose === 'marketing')) return { skipped: 'opted_out' }
        return texts.get(wayKey(rule, channel, windowIsOpen(channel, line.lastInboundAt, at))) ?? { skipped: 'no_template' }
      },
    }),
  }
}

/** What the window may be when a message goes: it closes by itself, and opens only by the client. */
function statesOf(channel: Channel, { address, lastInboundAt }: LineFacts, now: number): boolean[] {
  if (address === null) return []
  if (channel === 'sms') return [true]
  return windowIsOpen(channel, lastInboundAt, now) ? [true, false] : [false]
}

const wayKey = ({ name }: Rule, channel: Channel, open: boolean) => `${channel}|${open}|${name}`

export const threadsOf = async ({ store }: Pick<Parts, 'store'>, orgId: string, { id: coordinationId }: Coordination) =>
  (await store.conversations(seesAll(orgId), { coordinationId, automated: true, sort: 'activity' }, { cursor: null, limit: 20 })).items

export const phoneOf = ({ contact: { phone, phones } }: Pick<Coordination, 'contact'>, channel: Channel): string =>
  phones?.[channel] ?? phone

interface LineFacts {
  /** Null: no number that can be written to. */
  address: string | null
  optedOut: boolean
  marketingOut: boolean
  lastInboundAt: number | null
}

/** Window and opt-out belong to the line, whichever record its threads are about. */
async function linesOf({ store }: Pick<Parts, 'store'>, own: Organization, record: Coordination): Promise<Record<Channel, LineFacts>> {
  const everything = seesAll(own.id)
  const factsOf = async (channel: Channel): Promise<LineFacts> => {
    const address = addressOf(own, record, channel)
    const sender = own.senders.of(channel)?.sender
    if (address === null || sender === undefined) return { address: null, optedOut: false, marketingOut: false, lastInboundAt: null }
    const filter = { channel, phoneKeys: identityKeys(address), automated: true, sort: 'activity' } as const
    const same = (await store.conversations(everything, filter, { cursor: null, limit: 100 })).items.filter((one) => one.sender === sender)
    const contact = same[0] && (await store.contact(everything, same[0].contact.id))
    const inbound = same.map((one) => one.lastInboundAt).filter((at) => at !== null)
    return {
      address,
      optedOut: same.some((one) => one.optedOut),
      marketingOut: contact ? refusesMarketing(contact, { channel, sender }) : false,
      lastInboundAt: inbound.length === 0 ? null : Math.max(...inbound),
    }
  }
  return { whatsapp: await factsOf('whatsapp'), sms: await factsOf('sms') }
}

function addressOf(own: Organization, record: Coordination, channel: Channel): string | null {
  try {
    return parseTarget(own, channel, phoneOf(record, channel))
  } catch {
    return null
  }
}

export const templateOf = ({ template }: Pick<Rule, 'template'>) => (typeof template === 'string' ? { name: template } : template)

async function textOf(
  parts: Pick<Parts, 'store'>,
  own: Organization,
  record: Coordination,
  rule: Rule,
  channel: Channel,
  windowOpen: boolean,
  lines: Record<Channel, LineFacts>,
): Promise<WayFact> {
  const { address } = lines[channel]
  if (address === null) return { skipped: 'no_phone' }
  const to = {
    ...{ phone: address.startsWith('+') ? address : null, contactName: record.contact.name, agentName: record.agent?.name ?? '' },
    ...{ coordinationId: record.id, windowOpen },
  }
  try {
    return { text: (await contentOf(parts, own, channel, { template: templateOf(rule) }, to)).words.text }
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') return { skipped: 'no_template' }
    throw error
  }
}

/** Of the thread in which somebody wrote last. What a rule that waits for silence says ends none: it would answer itself. */
export function silenceOf(threads: readonly OwnConversationState[], rules: readonly Rule[]): SilenceFacts | null {
  const spoken = threads.filter(({ lastMessage }) => lastMessage !== null)
  const thread = spoken.toSorted((a, b) => Date.parse(b.lastMessage?.createdAt ?? '') - Date.parse(a.lastMessage?.createdAt ?? ''))[0]
  const last = thread?.lastMessage
  if (!thread || !last) return null
  const waits = rules.filter(({ at }) => at !== undefined && isSilence(at.relativeTo)).map(({ name }) => name)
  const byItself = last.author.type === 'automation' && waits.includes(last.author.id ?? '')
  const heard = thread.inboundCount > 0 ? thread.lastInboundAt : null
  return {
    lastInboundAt: heard,
    lastOutboundAt: last.direction === 'outbound' && !byItself ? Date.parse(last.createdAt) : null,
    windowClosesAt: windowClosesAt(thread.channel, heard),
    answered: last.direction === 'outbound' && last.author.type === 'agent',
  }
}

/** Whether a rule waits for silence, so that what is said in a record's thread concerns its plan. */
export const waitsForSilence = (rules: readonly Rule[]): boolean =>
  rules.some(({ enabled, at }) => enabled && at !== undefined && isSilence(at.relativeTo))

/** Whether these conditions ask for something of the record's threads. */
export const asksThreads = (whens: readonly Rule['when'][]): boolean => whens.some((when) => 'tags' in when || 'channel' in when)

/** `threads` are asked for `channel` and `tags` alone. */
export function lookUpIn(record: Coordination, threads: readonly OwnConversationState[], event: PendingEvent | undefined): FactLookup {
  const of = (values: Readonly<Record<string, unknown>>, name: string) => (Object.hasOwn(values, name) ? (values[name] as FactValue) : null)
  const own: Record<string, FactValue> = {
    status: record.status,
    title: record.title,
    startsAt: record.startsAt,
    channel: event?.channel ?? threads[0]?.channel ?? record.contact.channel ?? null,
    tags: [...new Set(threads.flatMap(({ tags }) => tags))],
    'contact.name': record.contact.name,
    'contact.phone': record.contact.phone,
    'contact.externalId': record.contact.externalId ?? null,
    'agent.id': record.agent?.id ?? null,
    'event.type': event?.type ?? null,
  }
  return (field) => {
    if (Object.hasOwn(own, field)) return own[field] ?? null
    if (field.startsWith('event.')) return of(event?.data ?? {}, field.slice(6))
    return of(record.data, field.startsWith('data.') ? field.slice(5) : field)
  }
}
