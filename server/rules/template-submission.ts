// A template on its way to WhatsApp: whether it may be asked for, the content that Twilio makes of it, and each step. Every step is
// taken only where what was asked is still what is kept.
import { codeText } from '../../shared/code-words.ts'
import type { TemplateType } from '../../shared/model.ts'
import { textsOf } from '../../shared/template-faults.ts'
import type { TemplateButton, TemplateSubmission } from '../../shared/template-requests.ts'
import { placeholders, renderTemplate } from '../../shared/templates.ts'
import type { Submission, TemplateInput, TemplateRecord } from '../store/records.ts'
import { codeContent } from './code-template.ts'
import { canonical } from './coordination.ts'
import { type ToldState, withState } from './template.ts'

/** `same`: it was asked for already, word for word. `busy`, `decided`: WhatsApp has another of this name before it. */
export type Judged = 'begin' | 'same' | 'busy' | 'decided'

const sameAs = (one: TemplateSubmission, other: TemplateSubmission) => canonical(one) === canonical(other)

export function judgeSubmission(before: TemplateRecord | null, wanted: TemplateSubmission): Judged {
  if (before === null || before.gone) return 'begin'
  const { submission, status } = before
  if (submission !== undefined && status !== 'rejected' && submission.step !== 'refused') {
    if (sameAs(submission.wanted, wanted)) return 'same'
    if (isOpen(submission)) return 'busy'
  }
  if (status === 'received' || status === 'pending') return 'busy'
  return ['approved', 'paused', 'disabled'].includes(status) ? 'decided' : 'begin'
}

/** Something is still to be done here. */
export const isOpen = (submission: Submission | undefined): boolean =>
  submission !== undefined && submission.step !== 'done' && submission.step !== 'refused'

/** As it is kept before Twilio is asked. */
export function beginSubmission(before: TemplateRecord | null, name: string, wanted: TemplateSubmission): TemplateInput {
  const { language, category, defaults = {} } = wanted
  const isSpent = before !== null && (before.submission !== undefined || before.status !== 'unsubmitted' || before.gone)
  const attempt = isSpent ? (before.submission?.attempt ?? 1) + 1 : 1
  return {
    ...{ name, language, body: bodyOf(wanted), ...kindOf(wanted), defaults, whatsapp: null, source: 'own' },
    ...{ status: 'unsubmitted', category, quality: null, rejection: null, gone: false, submission: { wanted, attempt, step: 'content' } },
  }
}

/** Twilio has its content. Null: something else is asked for by now. */
export function takeContent(before: TemplateRecord | null, asked: Submission, contentSid: string): TemplateInput | null {
  if (before?.submission === undefined || !isStep(before, asked)) return null
  return { ...before, whatsapp: { contentSid, variables: variablesOf(asked.wanted) }, submission: { ...asked, step: 'approval' } }
}

/** WhatsApp was asked. */
export function takeApproval(
  before: TemplateRecord | null,
  asked: Submission,
  told: Pick<ToldState, 'status' | 'category' | 'rejection'>,
): TemplateInput | null {
  if (before?.submission === undefined || !isStep(before, asked)) return null
  const category = told.category ?? before.category
  return { ...withState(before, { ...told, category }), submission: { ...asked, step: 'done' } }
}

/** Its content was deleted at Twilio before WhatsApp was asked. */
export function takeLoss(before: TemplateRecord | null, asked: Submission): TemplateInput | null {
  if (before === null || !isStep(before, asked)) return null
  return { ...before, whatsapp: null, submission: { ...asked, step: 'content' } }
}

/** Twilio refused it: nothing is under way any more, and what it said is kept. The text stays one of our own. */
export function takeRefusal(before: TemplateRecord | null, asked: Submission, reason: string): TemplateInput | null {
  if (before === null || !isStep(before, asked)) return null
  return { ...before, rejection: reason, submission: { ...asked, step: 'refused' } }
}

const isStep = ({ submission }: TemplateRecord, asked: Submission): boolean =>
  submission?.step === asked.step && submission.attempt === asked.attempt && sameAs(submission.wanted, asked.wanted)

/** The name at WhatsApp, which a rejected or deleted one has used up. */
export const nameAt = (name: string, { attempt }: Submission): string => (attempt === 1 ? name : `${name}_${attempt}`)

/** Numbers keep their own order, names that of the text. */
function variablesOf(wanted: TemplateSubmission): string[] {
  const names = placeholders(textsOf(wanted).join('\n'))
  return names.every((name) => /^\d+$/.test(name)) ? names.toSorted((one, other) => Number(one) - Number(other)) : names
}

/** What the client reads. */
const bodyOf = (wanted: TemplateSubmission): string =>
  wanted.category === 'AUTHENTICATION'
    ? codeText(wanted)
    : [wanted.header, wanted.body, wanted.footer].filter((text) => text !== undefined).join('\n')

function kindOf({ header, footer, media, buttons = [], category }: TemplateSubmission): { type: TemplateType; buttons: number } {
  if (category === 'AUTHENTICATION') return { type: 'authentication', buttons: 1 }
  const replies = buttons.filter(({ type }) => type === 'reply').length
  const isMixed = replies > 0 && replies < buttons.length
  const isCard = header !== undefined || footer !== undefined || isMixed || (media !== undefined && buttons.length > 0)
  const type = isCard
    ? 'card'
    : media !== undefined
      ? 'media'
      : buttons.length === 0
        ? 'text'
        : replies > 0
          ? 'quick-reply'
          : 'call-to-action'
  return { type, buttons: buttons.length }
}

/** As Twilio makes it: names become the numbers of their order. */
export function newContent(name: string, wanted: TemplateSubmission) {
  const variables = variablesOf(wanted)
  const { samples = {}, buttons = [] } = wanted
  const numbers = Object.fromEntries(variables.map((one, at) => [one, `{{${at + 1}}}`]))
  const numbered = (text: string) => renderTemplate(text, numbers)
  const body = numbered(wanted.body)
  const media = wanted.media === undefined ? {} : { media: [numbered(wanted.media)] }
  const actions = buttons.length === 0 ? {} : { actions: buttons.map((one) => actionOf(one, numbered)) }
  const samplesOf = Object.fromEntries(variables.map((one, at) => [String(at + 1), samples[one] ?? '']))
  const whole = { friendlyName: name, language: wanted.language, variables: samplesOf }
  const { type } = kindOf(wanted)
  if (type === 'authentication') return { ...whole, types: codeContent(wanted) }
  const header = wanted.header === undefined ? {} : { header_text: numbered(wanted.header) }
  const footer = wanted.footer === undefined ? {} : { footer: wanted.footer }
  return {
    ...whole,
    types: { [`${type === 'card' ? 'whatsapp' : 'twilio'}/${type}`]: { body, ...header, ...footer, ...media, ...actions } },
  }
}

function actionOf(one: TemplateButton, numbered: (text: string) => string): object {
  const title = one.text
  if (one.type === 'reply') return { type: 'QUICK_REPLY', title, id: one.payload ?? title }
  return one.type === 'url' ? { type: 'URL', title, url: numbered(one.url) } : { type: 'PHONE_NUMBER', title, phone: one.phone }
}
