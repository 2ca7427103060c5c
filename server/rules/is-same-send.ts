// Whether a key that is used again asks for the same message: then the first is the answer. Anything else must not be lost
// silently.
import type { Message, PlanB } from '../../shared/model.ts'
import { identityKeys } from '../../shared/phone.ts'
import type { Keyed } from '../store/records.ts'
import type { KeptFile } from './media.ts'

/** The content of a send and its target, as a request asked for them. */
export interface WantedSend {
  text?: string | undefined
  note?: string | undefined
  template?: Message['template'] | undefined
  planB?: PlanB | undefined
  replyToId?: string | undefined
  /** Of each file the hash, or the address where the host has it. */
  media?: readonly string[] | undefined
  to: { conversationId: string; coordinationId?: string | undefined } | WantedAddress
}
interface WantedAddress {
  channel: Message['channel']
  /** E.164, or a business-scoped id. */
  address: string
  /** Undefined: whichever sends on this channel. */
  sender?: string | undefined
  coordinationId: string | null
}

/** Of the conversation that the first one is in: our sender, and by what its client can be named. */
interface Line {
  sender: string
  addresses: readonly string[]
}

/** `media`: what the first one and all that entered with it went with. */
type First = Keyed & { media?: readonly Pick<KeptFile, 'hash' | 'sourceUrl'>[] }

export function isSameSend(first: First, line: Line, wanted: WantedSend): boolean {
  const { media = [] } = first
  const given = wanted.media ?? []
  const sameFiles = media.length === given.length && media.every(({ hash, sourceUrl }, place) => (sourceUrl ?? hash) === given[place])
  return sameFiles && saysTheSame(first.message, wanted) && goesToTheSame(first, line, wanted.to)
}

function saysTheSame(first: Message, wanted: WantedSend): boolean {
  if ((wanted.replyToId ?? null) !== first.replyToId) return false
  // Erased content can no longer be compared; its kind still can.
  const erased = first.sensitive && first.text === ''
  if (!samePlanB(first.planB?.byPolicy ? undefined : first.planB, wanted.planB, erased)) return false
  // Its plan B may have sent the template in the place of this text.
  if (first.planB?.text !== undefined) return first.planB.text === wanted.text
  if (wanted.template !== undefined) return sameTemplate(first.template, wanted.template, erased)
  if (first.template !== undefined) return false
  if (wanted.note !== undefined) return first.direction === 'internal' && first.text === wanted.note
  return first.direction === 'outbound' && (erased || first.text === (wanted.text ?? ''))
}

function samePlanB(one: PlanB | undefined, other: PlanB | undefined, erased: boolean): boolean {
  if (!one || !other) return one === other
  if (one.sms !== other.sms || !one.template || !other.template) return one.sms === other.sms && one.template === other.template
  return sameTemplate(one.template, other.template, erased)
}

type Template = NonNullable<Message['template']>

/** What the first one was filled with by itself was not asked for; nor was its language, where none is named. */
function sameTemplate(first: Template | undefined, wanted: Template, erased: boolean): boolean {
  if (first?.name !== wanted.name || (wanted.language ?? first.language) !== first.language) return false
  const given = Object.entries(first.variables).filter(([name]) => !first.filled?.includes(name))
  return erased || sameValues(Object.fromEntries(given), wanted.variables)
}

function sameValues(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && one[name] === other[name])
}

/** As it was asked for, or as it is now: messages are filed and moved. */
function goesToTheSame({ message, asked }: Keyed, line: Line, to: WantedSend['to']): boolean {
  if ('conversationId' in to) {
    const record = to.coordinationId
    return [asked, message].some((one) => one.conversationId === to.conversationId && (record ?? one.coordinationId) === one.coordinationId)
  }
  return (
    to.channel === message.channel &&
    to.coordinationId === asked.coordinationId &&
    (to.sender ?? line.sender) === line.sender &&
    line.addresses.flatMap(identityKeys).some((key) => identityKeys(to.address).includes(key))
  )
}
