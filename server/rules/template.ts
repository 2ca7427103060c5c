// The rules of templates: which may be sent where, what its values must be, which language a client gets, and how what Twilio
// tells of one joins what is kept.
import { isCode } from '../../shared/code-faults.ts'
import { isBlank } from '../../shared/is-blank.ts'
import { languageOf } from '../../shared/languages.ts'
import { type Channel, templateStatus, type TemplateStatus, type TemplateType } from '../../shared/model.ts'
import { valueFault, type ValueFault } from '../../shared/template-values.ts'
import { placeholders, renderTemplate } from '../../shared/templates.ts'
import type { TemplateInput, TemplateRecord, ToldKind } from '../store/records.ts'
import { isOfCodes } from './code-template.ts'

/** `always`; `window`: while the client's window is open; else why not. */
export type Sendable = 'always' | 'window' | NotSendable
export type NotSendable = 'gone' | 'not_approved' | 'needs_approval' | 'no_text'
type Judged = Pick<TemplateInput, 'body' | 'type' | 'buttons' | 'whatsapp' | 'status' | 'gone'>

/** Not asked for, or not answered yet: as a message of the conversation it is free. What was refused stays so. */
const undecided: readonly TemplateStatus[] = ['unsubmitted', 'received', 'pending']
const freeTypes: readonly TemplateType[] = ['text', 'media', 'quick-reply']
/** WhatsApp has no approval for them. */
const windowTypes: readonly TemplateType[] = ['list-picker', 'location']
/** More buttons than these need approval. */
const FREE_BUTTONS = 3

export function sendable(template: Judged, channel: Channel): Sendable {
  if (channel === 'sms') return isBlank(template.body) ? 'no_text' : 'always'
  // Our own text goes like any other that an agent writes.
  if (template.whatsapp === null) return 'window'
  if (template.gone) return 'gone'
  if (windowTypes.includes(template.type)) return 'window'
  if (template.status === 'approved') return 'always'
  if (!undecided.includes(template.status)) return 'not_approved'
  const isFree = freeTypes.includes(template.type) && template.buttons <= FREE_BUTTONS
  return isFree ? 'window' : 'needs_approval'
}

/** Null: it may go now. */
export function whyNot(template: Judged, channel: Channel, windowOpen: boolean): NotSendable | 'window' | null {
  const may = sendable(template, channel)
  if (may === 'always') return null
  return may === 'window' && windowOpen ? null : may
}

/** On one line each, so that what was pasted from an address or a table can be sent. */
export function tidyValues(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.replace(/\s+/g, ' ').trim()]))
}

/** Every name that a value is needed for: those of the text, and those that Twilio's content has beside it. */
export function neededNames({ body, whatsapp }: Pick<TemplateInput, 'body' | 'whatsapp'>): string[] {
  return [...new Set([...placeholders(body), ...(whatsapp?.variables ?? [])])]
}

/** The value of each name, what was given before what is `known`, and the template's own last; and the names that nobody gave one for. */
export function fillValues(
  template: Pick<TemplateInput, 'body' | 'whatsapp' | 'defaults'>,
  given: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>> = {},
): { values: Record<string, string>; filled: string[] } {
  const values: Record<string, string> = { ...given }
  const filled: string[] = []
  for (const name of neededNames(template)) {
    if (!isBlank(given[name] ?? '')) continue
    const value = [known[name], template.defaults[name]].find((one) => one !== undefined && !isBlank(one))
    if (value === undefined) continue
    values[name] = tidyValues({ [name]: value })[name] ?? ''
    filled.push(name)
  }
  return { values, filled }
}

export function valueFaults(
  template: Pick<TemplateInput, 'body' | 'whatsapp' | 'type' | 'category'>,
  values: Readonly<Record<string, string>>,
): { name: string; fault: ValueFault }[] {
  return neededNames(template).flatMap((name) => {
    const value = values[name] ?? ''
    const fault = valueFault(value) ?? (isOfCodes(template) && !isCode(value) ? 'code' : null)
    return fault === null ? [] : [{ name, fault }]
  })
}

/** As Twilio takes it: our names in the order of its numbers, its own by their names. */
export function contentOf(
  { source, whatsapp }: Pick<TemplateInput, 'source' | 'whatsapp'>,
  values: Readonly<Record<string, string>>,
): { sid: string; variables: Record<string, string> } | null {
  if (whatsapp === null) return null
  const keyed = whatsapp.variables.map((name, index) => [source === 'twilio' ? name : String(index + 1), values[name] ?? ''])
  return { sid: whatsapp.contentSid, variables: Object.fromEntries(keyed) }
}

export const textOf = (template: Pick<TemplateInput, 'body'>, values: Readonly<Record<string, string>>): string =>
  renderTemplate(template.body, values)

const sameTag = (one: string, other: string) => one.replaceAll('-', '_').toLowerCase() === other.replaceAll('-', '_').toLowerCase()

/**
 * One of several languages of a template: the one that was asked for and no other; else of those that may go the client's, then
 * the house's, then the first. Null: there is none.
 */
export function chooseLanguage<T extends Judged & Pick<TemplateInput, 'language'>>(
  templates: readonly T[],
  { asked, client, house, mayGo }: { asked?: string | undefined; client: string | null; house: string; mayGo: (one: T) => boolean },
): T | null {
  if (asked !== undefined) return templates.find((one) => sameTag(one.language, asked)) ?? null
  const able = templates.filter(mayGo)
  const from = able.length > 0 ? able : templates
  for (const tag of [client, house]) {
    if (tag === null) continue
    const found = from.find((one) => sameTag(one.language, tag)) ?? from.find((one) => languageOf(one.language) === languageOf(tag))
    if (found) return found
  }
  return from[0] ?? null
}

/** Saving it again changes nothing: then nobody is told. */
export function isSameTemplate(before: TemplateInput, after: TemplateInput): boolean {
  const whole = (one: TemplateInput) =>
    JSON.stringify([
      ...[one.body, one.type, one.buttons, Object.entries(one.defaults).toSorted(), one.whatsapp?.contentSid, one.whatsapp?.variables],
      ...[one.source, one.status, one.category, one.quality, one.rejection, one.gone, Object.entries(one.toldAt ?? {}).toSorted()],
      one.submission,
    ])
  return whole(before) === whole(after)
}

/** What Twilio tells of one content. */
export type ToldState = Pick<TemplateInput, 'type' | 'buttons' | 'status' | 'category' | 'quality' | 'rejection'>

/** The state that Twilio tells, joined to what is kept; what it does not tell of stays. */
export function withState(before: TemplateInput, told: Partial<ToldState>): TemplateInput {
  return { ...before, ...told, gone: false }
}

/** What one of Twilio's events tells of a content. */
export interface TemplateEvent {
  contentSid: string
  kind: ToldKind
  value: string
  /** When it became so, ms. */
  at: number
}

/** Null: it was told before, or something newer was, or nobody knows the word. */
export function takeEvent(before: TemplateRecord | null, { contentSid, kind, value, at }: TemplateEvent): TemplateInput | null {
  if (before?.whatsapp?.contentSid !== contentSid || at <= (before.toldAt?.[kind] ?? Number.NEGATIVE_INFINITY)) return null
  const told = { ...before, toldAt: { ...before.toldAt, [kind]: at } }
  if (kind === 'category') return { ...told, category: value.toUpperCase() }
  if (kind === 'quality') return { ...told, quality: value.toLowerCase() }
  const status = templateStatus.safeParse(value.toLowerCase())
  if (!status.success) return null
  return { ...told, status: status.data, rejection: status.data === 'rejected' ? before.rejection : null }
}

/** The list may lag so far behind what its events told. */
const LIST_LAG_MS = 60_000

/**
 * A content as Twilio listed it at `readAt`, by its clock, beside the template of that name and language that is kept: ours stays
 * ours, and what an event told since stays told.
 */
export function joinListed(before: TemplateRecord | null, listed: TemplateInput, readAt = Number.POSITIVE_INFINITY): TemplateInput | null {
  if (before === null) return listed
  const isSame = before.whatsapp?.contentSid === listed.whatsapp?.contentSid
  const isNews = (kind: ToldKind) => (before.toldAt?.[kind] ?? Number.NEGATIVE_INFINITY) > readAt - LIST_LAG_MS
  const isAsked = before.submission?.step === 'done' && listed.status === 'unsubmitted'
  const stays = (isNews('status') && before.status !== listed.status) || isAsked
  const { type, buttons } = listed
  const told: ToldState = {
    ...{ type, buttons },
    // Only the list says why something was rejected.
    ...(stays ? statusOf(before) : statusOf(listed)),
    category: isNews('category') ? before.category : (listed.category ?? before.category),
    // Twilio's list of contents tells no quality: only its events do.
    quality: listed.quality ?? before.quality,
  }
  if (before.source === 'own') return isSame ? withState(before, told) : null
  if (isSame) return { ...listed, ...told, defaults: before.defaults, ...(before.toldAt ? { toldAt: before.toldAt } : {}) }
  // Two contents of one name: an approved one stands for both.
  return before.gone || (listed.status === 'approved' && before.status !== 'approved') ? listed : null
}

const statusOf = ({ status, rejection }: TemplateInput): Pick<ToldState, 'status' | 'rejection'> => ({ status, rejection })

/** Twilio has its content no more. Null: it has another one by now. */
export function takeGone(before: TemplateRecord | null, contentSid: string): TemplateInput | null {
  return before?.whatsapp?.contentSid === contentSid ? { ...before, gone: true } : null
}
