// Twilio's side and the server's, held against each other both ways: every message that Twilio took or that a client wrote,
// every message that the server says it holds, every send that it acknowledged.
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { RefusedSend } from '../../server/simulator/message-log.ts'
import type { SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import { sandboxTemplates } from '../../server/templates/sandbox.ts'
import { statusOf } from '../../server/twilio/statuses.ts'
import type { TakenSend } from './agents.ts'
import type { ClockHistory } from './clock-history.ts'
import { canonical, createDifferences, type Difference } from './difference.ts'
import { MOST_OFF_MS } from './faults.ts'
import type { Journal } from './journal.ts'

export interface LedgerSides {
  accepted: readonly SimulatedMessage[]
  inbound: readonly SimulatedMessage[]
  refused: readonly RefusedSend[]
  stored: readonly Message[]
  rows: readonly OwnConversation[]
  /** Sends that the server acknowledged. */
  taken: readonly TakenSend[]
  journal: Readonly<Journal>
  /** Messages that their author was asked about in the end, and gave up. */
  discarded: ReadonlySet<string>
  clock: ClockHistory
}

const UNSETTLED_MS = 15 * 60_000

/** Of which message of ours it is: its callback's address says so. */
export const messageIdOf = (one: { statusCallback: string | null }): string => one.statusCallback?.split('/').at(-1) ?? ''

/** Not one of its callbacks was taken: of two, one that was lost is none. */
export const saidNothing = ({ callbacks }: SimulatedMessage): boolean => callbacks.every(({ end }) => end === 'lost' || end === 'refused')

export function compareLedger({ accepted, inbound, refused, stored, rows, taken, journal, discarded, clock }: LedgerSides): Difference[] {
  const { all, differ } = createDifferences()
  const bySid = new Map<string, Message>()
  const byId = new Map<string, Message>()
  for (const one of stored) {
    if (byId.has(one.id)) differ('stored twice: id', one.id)
    byId.set(one.id, one)
    if (one.twilioSid === null) continue
    if (bySid.has(one.twilioSid)) differ('stored twice: SID', one.twilioSid)
    bySid.set(one.twilioSid, one)
  }
  const conversations = new Map(rows.map((row) => [row.id, row]))
  const fields = (what: string, one: SimulatedMessage, kept: Message, more: readonly (readonly [string, unknown, unknown])[]) => {
    const row = conversations.get(kept.conversationId)
    const inbound = one.direction === 'inbound'
    const common = [
      ['direction', kept.direction, inbound ? 'inbound' : 'outbound'],
      ['channel', kept.channel, one.channel],
      ['text', kept.text, one.body],
      ['client', row?.contact.address, inbound ? one.from : one.to],
      ['sender', row?.sender, inbound ? one.to : one.from],
    ] as const
    for (const [field, ours, theirs] of [...common, ...more])
      if (canonical(ours) !== canonical(theirs))
        differ(`${what}, other ${field}`, `${one.sid}: ${canonical(ours)} instead of ${canonical(theirs)}`)
  }

  for (const one of inbound) {
    const kept = bySid.get(one.sid)
    if (kept !== undefined) {
      fields('written', one, kept, [['status', kept.status, 'received']])
      const quoted = one.quote === null ? null : (bySid.get(one.quote)?.id ?? null)
      // Only its webhook tells what it quotes; one that was refused, or whose answer was lost, may have been taken all the same.
      const told = one.webhook === 'accepted' ? [quoted] : one.webhook === 'lost' ? [null] : [quoted, null]
      if (!told.includes(kept.replyToId)) differ('written, other quote', `${one.sid}: ${kept.replyToId} instead of ${told.join(' or ')}`)
    } else if (one.webhook === 'accepted') differ('webhook answered 200, not stored', `${one.sid} "${one.body}"`)
    else differ('not recovered', `${one.sid}, its webhook: ${one.webhook}`)
  }

  const isUnsettled = (ours: Message) => ours.status === 'failed' && ours.error?.reason === 'unsettled'
  const sentAgain = new Set(journal.retries.map((one) => one.of))
  /** By who was asked, or who canceled a plan while nobody could tell, or sent it again. */
  const isGivenUp = (ours: Message) =>
    isUnsettled(ours) && (discarded.has(ours.id) || sentAgain.has(ours.id) || (journal.cancels.get(ours.id) ?? 'canceled') !== 'canceled')
  const attempts = new Map<string, SimulatedMessage[]>()
  for (const one of accepted) {
    const id = messageIdOf(one)
    attempts.set(id, [...(attempts.get(id) ?? []), one])
    const kept = bySid.get(one.sid) ?? null
    if (kept === null) {
      const ours = byId.get(id)
      // Given up while nobody could tell, and Twilio's words lost: its answer (also by the death of who waited for it) and
      // all its callbacks. What docs/delivery.md says remains possible.
      if (ours !== undefined && isGivenUp(ours) && saidNothing(one)) continue
      // Sent again while nobody could tell, both went out, and it found the first one in Twilio's list: twice, knowingly. What
      // Twilio tells of the second after that finds a message that has its SID.
      const found = accepted.find(({ sid }) => sid === ours?.twilioSid)
      const first = byId.get(ours?.retryOf ?? '')
      if (found !== undefined && first !== undefined && messageIdOf(found) === first.id && isUnsettled(first)) continue
      differ(
        'Twilio took it, its SID is not stored',
        `${one.sid} "${one.body}": ${ours === undefined ? 'no such message' : `${ours.id} is ${ours.status} with ${ours.twilioSid}`}`,
      )
      continue
    }
    // Sent again while nobody could tell: whichever of the two is asked about finds this one in Twilio's list.
    const isOfTheFirst = kept.retryOf === id && saidNothing(one)
    if (kept.id !== id && !isOfTheFirst) differ('SID at another message', `${one.sid}: ${kept.id} instead of ${id}`)
    const content = one.channel === 'whatsapp' ? contentOf(kept) : null
    fields('accepted', one, kept, [
      ['error', kept.error?.code ?? null, one.errorCode],
      ['time of a failure', kept.failedAt !== null, kept.status === 'failed'],
      ['template', content?.sid ?? null, one.contentSid],
      ['variables', content?.variables ?? null, one.variables],
    ])
    if (kept.status === statusOf(one.status)) continue
    const toldSo = one.callbacks.some(({ status, end }) => status === one.status && end === 'accepted')
    differ(
      toldSo ? 'accepted, other status' : 'status not completed',
      `${one.sid}: ${kept.status} instead of ${one.status}, ${one.callbacks.map(({ status, end }) => `${status} ${end}`).join(', ')}`,
    )
  }
  for (const [id, several] of attempts)
    if (several.length > 1)
      differ(
        `sent ${several.length} times`,
        `${id}: ${several.map((one) => `${one.sid} at ${new Date(one.at).toISOString()} (${one.lost ?? 'answered'}, ${one.lostCallbacks} callbacks lost)`).join(', ')}`,
      )

  const known = new Set([...accepted, ...inbound].map((one) => one.sid))
  const turnedDown = new Map(refused.filter((one) => one.refused.status < 429).map((one) => [messageIdOf(one), one.refused.code]))
  for (const one of stored) {
    if (one.twilioSid !== null) {
      if (!known.has(one.twilioSid)) differ('stored, Twilio does not know it', one.twilioSid)
      continue
    }
    const cancel = journal.cancels.get(one.id)
    const refusal = turnedDown.get(one.id)
    const explained =
      one.direction === 'internal' ||
      (one.status === 'canceled' && (cancel === 'canceled' || cancel === 'unknown')) ||
      isGivenUp(one) ||
      // Its client wanted none any more: `compare-opt-outs.ts` says whether.
      (one.status === 'failed' && one.error?.reason === 'opted_out') ||
      // Twilio did not take it, and for its whole time nothing told so.
      (isUnsettled(one) && lasted(one, clock) >= UNSETTLED_MS) ||
      (one.status === 'failed' && refusal !== undefined && one.error?.code === refusal)
    if (!explained) differ('stored without a SID', `${one.id} ${one.status} ${one.error?.code ?? ''} ${one.error?.reason ?? ''}`)
  }
  for (const [id, ended] of journal.cancels)
    if (ended === 'canceled' && (byId.get(id)?.status !== 'canceled' || attempts.has(id)))
      differ('canceled, and not', `${id} is ${byId.get(id)?.status}, ${attempts.get(id)?.length ?? 0} with Twilio`)
  const acknowledged = new Set(taken.map((one) => one.messageId))
  for (const one of taken) {
    const kept = byId.get(one.messageId)
    if (kept === undefined) differ('send acknowledged, not stored', `${one.messageId} "${one.text}"`)
    else if (
      kept.text !== one.text ||
      kept.clientMessageId !== one.clientMessageId ||
      kept.replyToId !== one.replyToId ||
      canonical(kept.template ?? null) !== canonical(asKept(one.template, kept.template))
    )
      differ('acknowledged, other content', `${one.messageId}: ${canonical([kept.text, kept.replyToId, kept.template ?? null])}`)
  }
  for (const one of stored)
    if (
      one.retryOf === null
        ? one.direction !== 'inbound' && one.type !== 'moved' && one.type !== 'event' && !acknowledged.has(one.id)
        : !sentAgain.has(one.retryOf)
    )
      differ('stored, nobody asked for it', one.id)
  if (acknowledged.size !== taken.length) differ('two sends, one message', `${taken.length} sends, ${acknowledged.size} messages`)
  return all
}

/** The template that was asked for as it is stored: in its language, and once it went with what WhatsApp had it for. */
function asKept(asked: Message['template'] | null, kept: Message['template']): Message['template'] | null {
  const known = sandboxTemplates.find(({ name }) => name === asked?.name)
  if (!asked || known === undefined) return asked
  return { ...asked, language: known.language, ...(kept?.category === undefined ? {} : { category: 'UTILITY' }) }
}

/** The request by which Twilio sends the template as it is stored. */
function contentOf({ template }: Message): { sid: string; variables: Record<string, string> } | null {
  const known = sandboxTemplates.find(({ name }) => name === template?.name)
  if (template === undefined || known === undefined) return null
  const { contentSid: sid, contentVariables } = known
  return { sid, variables: Object.fromEntries(contentVariables.map((name, index) => [index + 1, template.variables[name] ?? ''])) }
}

/** From when it was entered until it was given up: by the dates that the server gave, whose clock may have been set meanwhile. */
function lasted({ createdAt, failedAt }: Message, clock: ClockHistory): number {
  const [from, to] = [Date.parse(createdAt), Date.parse(failedAt ?? '')]
  const { least, most } = clock.between(from - MOST_OFF_MS, to)
  return to - from + (most - least)
}
