// What Twilio says of one content: its kind, its text and buttons, and where it stands with WhatsApp.
import { z } from 'zod'
import { codeText } from '../../shared/code-words.ts'
import { templateStatus, templateType } from '../../shared/model.ts'
import { language } from '../../shared/requests.ts'
import { templateName } from '../../shared/template-requests.ts'
import { placeholders } from '../../shared/templates.ts'
import type { ToldState } from '../rules/template.ts'
import type { TemplateInput } from '../store/records.ts'

const approval = z.object({
  status: z.preprocess((word) => (typeof word === 'string' ? word.toLowerCase() : word), templateStatus.catch('pending')),
  category: z.string().nullish(),
  rejection_reason: z.string().nullish(),
})

/** Twilio writes it flat, under `whatsapp`, or as a list; null: nobody asked for approval. */
export function readApproval(told: unknown): Pick<ToldState, 'status' | 'category' | 'rejection'> | null {
  const one = Array.isArray(told) ? told[0] : told
  if (typeof one !== 'object' || one === null) return null
  const inner: unknown = 'whatsapp' in one ? one.whatsapp : one
  if (inner !== one) return readApproval(inner)
  if (!('status' in one)) return null
  const { status, category, rejection_reason: rejection } = approval.parse(one)
  return { status, category: category || null, rejection: rejection || null }
}

/** Of `{ 'twilio/quick-reply': { body, actions } }` the first: the others stand in where a channel cannot show it. */
export function readKind(types: Readonly<Record<string, object>>): Pick<ToldState, 'type' | 'buttons'> {
  const [[name, shape] = ['', {}]] = Object.entries(types)
  const type = templateType.catch('other').parse(name.replace(/^(twilio|whatsapp)\//, ''))
  return { type, buttons: 'actions' in shape && Array.isArray(shape.actions) ? shape.actions.length : 0 }
}

const listed = z.object({
  sid: z.string().min(1),
  friendlyName: z.string().nullish(),
  language,
  types: z.record(z.string(), z.record(z.string(), z.unknown())),
  approvalRequests: z.unknown().optional(),
})
const texts = ['header_text', 'title', 'body', 'subtitle', 'footer', 'label'] as const

/** As a template; null: it is written in a way that nobody here knows. */
export function readContent(told: unknown): TemplateInput | null {
  const { success, data } = listed.safeParse(told)
  if (!success) return null
  const { sid, types } = data
  const name = templateName.safeParse(data.friendlyName?.trim() || sid)
  if (!name.success) return null
  const approval = readApproval(data.approvalRequests) ?? { status: 'unsubmitted', category: null, rejection: null }
  const kind = readKind(types)
  // WhatsApp's own words around a code are not always told.
  const isUntold = kind.type === 'authentication' && !bodyOf(types).includes('{{')
  const body = isUntold ? codeText({ language: data.language, body: '{{1}}' }) : bodyOf(types)
  const variables = isUntold ? ['1'] : placeholders(JSON.stringify(types)).toSorted(byNumber)
  return {
    ...{ name: name.data, language: data.language, body, ...kind, defaults: {} },
    // Twilio's samples are no defaults: a client would be called by the name of a sample.
    whatsapp: { contentSid: sid, variables },
    ...{ source: 'twilio', ...approval, quality: null, gone: false },
  }
}

/** What is read of it, from the first of its types that has a text. */
function bodyOf(types: Readonly<Record<string, Record<string, unknown>>>): string {
  const written = Object.values(types).map((shape) =>
    texts.flatMap((name) => (typeof shape[name] === 'string' && shape[name] !== '' ? [shape[name]] : [])).join('\n'),
  )
  return written.find((text) => text !== '') ?? ''
}

const byNumber = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true })

/** Whether all of `wanted` is there; Twilio adds fields of its own. */
export function holds(there: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return there === wanted
  if (typeof there !== 'object' || there === null) return false
  const fields = there as Readonly<Record<string, unknown>>
  return Object.entries(wanted).every(([name, value]) => holds(fields[name], value))
}
