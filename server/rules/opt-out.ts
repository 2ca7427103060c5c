// Who wants no more messages: which words of a client say so, what they change on the line, and what it then takes.
import { foldText } from '../../shared/fold-text.ts'
import type { Channel, Contact, Failure, Message, MessageType, OptOutScope, OptOutSource } from '../../shared/model.ts'
import type { Latest } from './line.ts'

/** A line's opt-outs as the rules see them: from everything, and from marketing alone. Times are ms since the epoch. */
export interface OptOutFacts {
  optedOutAt: number | null
  optedOutBy: OptOutSource | null
  marketingOutAt: number | null
  marketingOutBy: OptOutSource | null
  /** When something was last said about it: what was said earlier and comes late changes nothing. */
  optSaidAt: number | null
}

export const noOptOut: OptOutFacts = { optedOutAt: null, optedOutBy: null, marketingOutAt: null, marketingOutBy: null, optSaidAt: null }

/** `out` false: messages are welcome again, all of them. */
export interface OptOutSaid {
  out: boolean
  scope: OptOutScope
  source: OptOutSource
  /** A word that may also answer a reminder. */
  ambiguous?: true
}

/** As Twilio takes them on SMS, where it blocks the number itself, and their sisters. Folded, without spaces and hyphens. */
const everywhere = ['stop', 'stopall', 'unsubscribe', 'optout', 'baja', 'dardebaja', 'darmedebaja', 'parar', 'sair', 'descadastrar']
const stop: Record<Channel, ReadonlySet<string>> = {
  // On WhatsApp nobody but us reads them, and to cancel or to end is an answer about an appointment.
  whatsapp: new Set(everywhere),
  sms: new Set([...everywhere, 'cancel', 'end', 'quit', 'revoke']),
}
const start: Record<Channel, ReadonlySet<string>> = {
  whatsapp: new Set(['start', 'unstop', 'optin', 'alta', 'volver', 'voltar']),
  sms: new Set(['start', 'unstop', 'optin', 'alta', 'volver', 'voltar', 'yes']),
}
const stopMarketing = new Set(['stoppromotions', 'detenerpromociones', 'pararpromocoes', 'interromperpromocoes', 'bajapromociones'])
const ambiguous = new Set(['cancel', 'end'])

/** The whole message as one word: no case, accents, spaces, hyphens or marks around it. */
const wordOf = (text: string): string =>
  foldText(text)
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/[\s\u2010-\u2015-]+/gu, '')

export interface Told {
  channel: Channel
  type: MessageType
  text: string
  /** Twilio's `OptOutType`: it has read the message, and answered it. */
  optOutType: string | null
}

/** What an inbound message says about further ones; null: nothing. */
export function readOptOut({ channel, type, text, optOutType }: Told): OptOutSaid | null {
  const word = type === 'text' || type === 'button' ? wordOf(text) : ''
  const doubt = ambiguous.has(word) ? ({ ambiguous: true } as const) : {}
  switch (optOutType?.toUpperCase() ?? '') {
    case 'STOP':
      return { out: true, scope: 'all', source: 'twilio', ...doubt }
    case 'START':
      return { out: false, scope: 'all', source: 'twilio' }
    case 'HELP':
      return null
  }
  if (stop[channel].has(word)) return { out: true, scope: 'all', source: 'keyword', ...doubt }
  if (stopMarketing.has(word)) return { out: true, scope: 'marketing', source: 'keyword' }
  return start[channel].has(word) ? { out: false, scope: 'all', source: 'keyword' } : null
}

/** Twilio's own block by STOP on SMS. */
const BLOCKED = 21610
/** WhatsApp's "stop promotions" (Meta's 131050); 63014 says the same of a client who blocked us, who gets no other message either. */
const NO_MARKETING = [63014, 131050]

/** What the provider's refusal of a message says about further ones; null: nothing. Ours have no code. */
export function refusedFor({ marketing }: Pick<Message, 'text' | 'marketing'>, failure: Failure | null): OptOutSaid | null {
  if (failure?.code === BLOCKED) return { out: true, scope: 'all', source: 'twilio' }
  if (marketing && NO_MARKETING.includes(failure?.code ?? 0)) return { out: true, scope: 'marketing', source: 'whatsapp' }
  return null
}

type Fields = Omit<OptOutFacts, 'optSaidAt'>

/** The change to a line, and to each thread that shows it. Who is out already stays so since the first time. */
export function changeOptOut({ out, scope, source }: OptOutSaid, at: number): Latest<Partial<Fields>> {
  if (!out) return { at, set: { optedOutAt: null, optedOutBy: null, marketingOutAt: null, marketingOutBy: null } }
  if (scope === 'all') return { at, set: {}, orElse: { optedOutAt: at, optedOutBy: source } }
  return { at, set: {}, orElse: { marketingOutAt: at, marketingOutBy: source } }
}

/** The same fields after it; the same object where something later was said. */
export function afterOptOut<Line extends OptOutFacts>(line: Line, said: OptOutSaid, saidAt: number): Line {
  const { at, set, orElse = {} } = changeOptOut(said, saidAt)
  if (at < (line.optSaidAt ?? at)) return line
  const first = Object.fromEntries(Object.entries(orElse).filter(([field]) => (line[field as keyof Fields] ?? null) === null))
  return { ...line, ...set, ...first, optSaidAt: at }
}

/** Whether it changes what the line takes; a START of somebody who is in is a word like any other. */
export const takesOther = (before: OptOutFacts, after: OptOutFacts): boolean =>
  (before.optedOutAt === null) !== (after.optedOutAt === null) || (before.marketingOutAt === null) !== (after.marketingOutAt === null)

/** The thread's line that tells everybody. */
export function eventOf({ out, scope, source, ambiguous: doubt }: OptOutSaid, aboutRecord: boolean): NonNullable<Message['event']> {
  return { name: out ? 'opted_out' : 'opted_in', scope, source, ...(doubt && aboutRecord ? { ambiguous: true as const } : {}) }
}

/** What a message is, for those who opted out: `marketing` is refused first, a note is none. */
export type Consent = 'service' | 'marketing'

export const consentOf = ({ marketing }: Pick<Message, 'text' | 'marketing'>): Consent => (marketing ? 'marketing' : 'service')

/** Whether the line takes no such message. */
export const refuses = ({ optedOutAt, marketingOutAt }: Pick<OptOutFacts, 'optedOutAt' | 'marketingOutAt'>, of: Consent): boolean =>
  optedOutAt !== null || (of === 'marketing' && marketingOutAt !== null)

/** Whether a client takes nothing that promotes over the line of this sender, by what the client is listed with. */
export const refusesMarketing = (
  { optOuts }: Pick<Contact, 'optOuts'>,
  { channel, sender }: Pick<Contact['optOuts'][number], 'channel' | 'sender'>,
): boolean => optOuts.some((one) => one.channel === channel && one.sender === sender)

/** A line's opt-outs as they are listed. */
export function listOptOuts({
  optedOutAt,
  optedOutBy,
  marketingOutAt,
  marketingOutBy,
}: Fields): { scope: OptOutScope; since: string; source: OptOutSource }[] {
  const one = (scope: OptOutScope, at: number | null, by: OptOutSource | null) =>
    at === null ? [] : [{ scope, since: new Date(at).toISOString(), source: by ?? ('host' as const) }]
  return [...one('all', optedOutAt, optedOutBy), ...one('marketing', marketingOutAt, marketingOutBy)]
}
