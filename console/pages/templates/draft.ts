// A template while it is being written: every field of the form, and what of them is asked for. What WhatsApp would refuse is found by
// the very rules that the server holds to.
import { languageTag } from '../../../shared/languages.ts'
import { mostChars, numbered, type TemplateFault, templateFaults, textsOf } from '../../../shared/template-faults.ts'
import type { TemplateButton, TemplateSubmission } from '../../../shared/template-requests.ts'
import { placeholders } from '../../../shared/templates.ts'

export type Category = TemplateSubmission['category']
/** What stands above the text. */
export type Top = 'none' | 'text' | 'media'

/** The three things that a button can do, whichever of them is chosen now. */
export interface DraftButton {
  type: TemplateButton['type']
  text: string
  payload: string
  url: string
  phone: string
}

export interface Draft {
  name: string
  language: string
  category: Category
  top: Top
  header: string
  media: string
  body: string
  footer: string
  samples: Record<string, string>
  buttons: DraftButton[]
  /** Of a one-time code. */
  expiresInMinutes: string
  warning: boolean
  copyButton: string
}

export const newDraft = (language: string): Draft => ({
  ...{ name: '', language, category: 'UTILITY', top: 'none', header: '', media: '', body: '', footer: '' },
  ...{ samples: {}, buttons: [], expiresInMinutes: '', warning: true, copyButton: '' },
})

export const newButton = (type: DraftButton['type']): DraftButton => ({ type, text: '', payload: '', url: '', phone: '' })

/** Names as WhatsApp takes them: what was typed with capitals, accents or spaces becomes what was meant. */
export function nameFrom(typed: string): string {
  const plain = typed.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.replace(/[^a-z0-9_]+/g, '_').slice(0, 128)
}

/** What is asked for, without samples. */
function wantedOf(draft: Draft): TemplateSubmission {
  const { language, category, body, top } = draft
  if (category === 'AUTHENTICATION') return { language, category, body, code: codeOf(draft) }
  const buttons = draft.buttons.map(buttonOf)
  return {
    ...{ language, category, body },
    ...(top === 'text' ? { header: draft.header } : {}),
    ...(top === 'media' ? { media: draft.media.trim() } : {}),
    ...(draft.footer.trim() === '' ? {} : { footer: draft.footer }),
    ...(buttons.length === 0 ? {} : { buttons }),
  }
}

/** With the samples of variables that are there: one that was renamed leaves nothing behind. */
export function submissionOf(draft: Draft): TemplateSubmission {
  const samples = Object.fromEntries(variablesOf(draft).map((name) => [name, draft.samples[name] ?? '']))
  return { ...wantedOf(draft), samples }
}

/** The variables of all its texts, in the order in which they get their numbers. */
export function variablesOf(draft: Draft): string[] {
  return placeholders(textsOf(wantedOf(draft)).join('\n'))
}

function codeOf({ expiresInMinutes, warning, copyButton }: Draft): NonNullable<TemplateSubmission['code']> {
  const minutes = Number(expiresInMinutes)
  return {
    ...(expiresInMinutes.trim() === '' ? {} : { expiresInMinutes: minutes }),
    ...(warning ? {} : { warning: false }),
    ...(copyButton.trim() === '' ? {} : { button: copyButton.trim() }),
  }
}

function buttonOf({ type, text, payload, url, phone }: DraftButton): TemplateButton {
  if (type === 'url') return { type, text, url: url.trim() }
  if (type === 'phone') return { type, text, phone: phone.replace(/[\s()-]/g, '') }
  return { type, text, ...(payload.trim() === '' ? {} : { payload: payload.trim() }) }
}

const MOST_MINUTES = 90

export interface DraftFault extends Omit<TemplateFault, 'rule'> {
  /** `minutes`, `language`, `empty`: of the form alone; the server answers them as a call that is not well formed. */
  rule: TemplateFault['rule'] | 'minutes' | 'language' | 'empty'
}

/** All that is wrong with it, each with its field. */
export function draftFaults(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = templateFaults(draft.name, submissionOf(draft))
  if (!languageTag.test(draft.language)) faults.push({ path: 'language', rule: 'language' })
  const minutes = draft.expiresInMinutes.trim()
  const isWhole = /^\d+$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= MOST_MINUTES
  if (draft.category === 'AUTHENTICATION') {
    if (minutes !== '' && !isWhole) faults.push({ path: 'code.expiresInMinutes', rule: 'minutes', most: MOST_MINUTES })
    return faults
  }
  const empty: [path: string, text: string][] = draft.buttons.map(({ text }, at) => [`buttons.${at}.text`, text])
  if (draft.top === 'text') empty.push(['header', draft.header])
  for (const [path, text] of empty) if (text.trim() === '') faults.push({ path, rule: 'empty' })
  // An empty field says that it is empty, and not what else an empty text is.
  const said = new Set(faults.filter(({ rule }) => rule === 'empty').map(({ path }) => path))
  return faults.filter(({ path, rule }) => !said.has(path) || rule === 'empty')
}

/** A template that is there, to be written anew: as far as it can be told from what is kept. */
export function draftFrom(kept: {
  language: string
  body: string
  category: string | null
  defaults: Readonly<Record<string, string>>
}): Draft {
  const known: readonly string[] = ['UTILITY', 'MARKETING', 'AUTHENTICATION']
  const category = known.includes(kept.category ?? '') ? (kept.category as Category) : 'UTILITY'
  return { ...newDraft(kept.language), category, body: kept.body, samples: { ...kept.defaults } }
}

/** How many signs of the text WhatsApp counts, and how many it takes: with links under it less. */
export function charsOf({ body, buttons }: Draft): { used: number; most: number } {
  return { used: numbered(body).length, most: mostChars(buttons) }
}

/** The text with a variable put where the cursor stands, and where it stands then. */
export function withVariable(text: string, name: string, from: number, to: number): { text: string; at: number } {
  const put = `{{${name}}}`
  return { text: text.slice(0, from) + put + text.slice(to), at: from + put.length }
}

/** A name that is not taken yet. */
export function freeVariable(names: readonly string[], word: string): string {
  if (!names.includes(word)) return word
  for (let at = 2; ; at++) if (!names.includes(`${word}_${at}`)) return `${word}_${at}`
}
