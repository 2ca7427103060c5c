// What WhatsApp would refuse of a template, found before it is asked, by the server and by the form in which it is written: each breach
// by its name and where it is. The limits are WhatsApp's and Twilio's (2026); the words are in template-fault-texts.ts.
import { codeFaults } from './code-faults.ts'
import { isBlank } from './is-blank.ts'
import type { TemplateRule } from './template-fault-texts.ts'
import type { TemplateButton, TemplateSubmission } from './template-requests.ts'
import { valueFault, type ValueFault } from './template-values.ts'
import { placeholders, renderTemplate } from './templates.ts'

export interface TemplateFault {
  path: string
  rule: TemplateRule
  /** The limit, where the rule has one. */
  most?: number
}

const BODY_CHARS = 1024
/** With a link or a number to call beneath it. */
const BODY_CHARS_WITH_LINKS = 640
const LINE_CHARS = 60
const EMOJIS = 10
const VARIABLES = 100
const BUTTONS = 10
const LINKS = 2
const PHONES = 1
const BUTTON_CHARS = 20
const PAYLOAD_CHARS = 128

const variable = /\{\{\s*[\p{L}\p{N}_.-]+\s*\}\}/gu
const pictogram = String.raw`(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)\p{Emoji_Modifier}?`
/** One of several signs, such as a family or a flag, is one. */
const emoji = new RegExp(String.raw`\p{Regional_Indicator}{2}|${pictogram}(?:\u200D${pictogram})*`, 'gu')
const marks = /[*_~`]/
const lineBreak = /[\n\r\t\v\f\u0085\u2028\u2029]/
const mediaFile = /\.(jpe?g|png|mp4|3gp|pdf)$/i
const sampleRules: Record<Exclude<ValueFault, 'code'>, TemplateRule> = {
  empty: 'sample_missing',
  break: 'sample_break',
  spaces: 'sample_spaces',
  long: 'sample_long',
}

export function templateFaults(name: string, wanted: TemplateSubmission): TemplateFault[] {
  const { body, header, footer, media, buttons = [] } = wanted
  const nameFaults: TemplateFault[] = /^[a-z0-9_]+$/.test(name) ? [] : [{ path: 'name', rule: 'name_signs' }]
  if (wanted.category === 'AUTHENTICATION') return [...nameFaults, ...codeFaults(wanted)]
  return [
    ...nameFaults,
    ...(wanted.code === undefined ? [] : [{ path: 'code', rule: 'code_category' } as const]),
    ...bodyFaults(body, buttons),
    ...(header === undefined ? [] : headerFaults(header, media !== undefined)),
    ...(footer === undefined ? [] : footerFaults(footer)),
    ...(media === undefined ? [] : mediaFaults(media, wanted)),
    ...buttonsFaults(buttons),
    ...variableFaults(wanted),
  ]
}

/** Every text of it that may hold a variable, in the order in which Twilio's numbers are given. */
export function textsOf({ header, body, media, buttons = [] }: TemplateSubmission): string[] {
  const links = buttons.flatMap((one) => (one.type === 'url' ? [one.url] : []))
  return [header ?? '', body, media ?? '', ...links]
}

/** How long the body may be. */
export const mostChars = (buttons: readonly Pick<TemplateButton, 'type'>[]): number =>
  buttons.some(({ type }) => type !== 'reply') ? BODY_CHARS_WITH_LINKS : BODY_CHARS

function bodyFaults(body: string, buttons: readonly TemplateButton[]): TemplateFault[] {
  const path = 'body'
  const faults: TemplateFault[] = []
  const rest = body.replace(variable, ' ')
  const most = mostChars(buttons)
  const found = placeholders(body).length
  const words = rest.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
  if (isBlank(body)) faults.push({ path, rule: 'body_empty' })
  if (numbered(body).length > most) faults.push({ path, rule: 'body_long', most })
  if (startsWithVariable(body)) faults.push({ path, rule: 'variable_first' })
  if (endsWithVariable(body)) faults.push({ path, rule: 'variable_last' })
  if (hasNeighbours(body)) faults.push({ path, rule: 'variable_neighbours' })
  if (/\{\{|\}\}/.test(rest)) faults.push({ path, rule: 'variable_broken' })
  if (found > 0 && words < 2 * found + 1) faults.push({ path, rule: 'words_few', most: 2 * found + 1 })
  if (/\n\s*\n\s*\n/.test(body.replaceAll('\r\n', '\n'))) faults.push({ path, rule: 'body_breaks' })
  if (/\t| {5}/.test(body)) faults.push({ path, rule: 'body_spaces' })
  if ([...body.matchAll(emoji)].length > EMOJIS) faults.push({ path, rule: 'emojis_many', most: EMOJIS })
  return faults
}

const startsWithVariable = (text: string) => text.trimStart().search(variable) === 0
const endsWithVariable = (text: string) => new RegExp(`${variable.source}\\s*$`, 'u').test(text)
const hasNeighbours = (text: string) => new RegExp(`${variable.source}\\s*${variable.source}`, 'u').test(text)

/** As long as it is at WhatsApp, where variables are numbers. */
export const numbered = (text: string): string =>
  renderTemplate(text, Object.fromEntries(placeholders(text).map((name, at) => [name, `{{${at + 1}}}`])))

function headerFaults(header: string, hasMedia: boolean): TemplateFault[] {
  const path = 'header'
  return [
    ...plainFaults(path, header, { long: 'header_long', signs: 'header_signs' }),
    ...(placeholders(header).length > 1 ? [{ path, rule: 'header_variables' } as const] : []),
    ...(hasMedia ? [{ path, rule: 'header_with_media' } as const] : []),
  ]
}

function footerFaults(footer: string): TemplateFault[] {
  const path = 'footer'
  return [
    ...plainFaults(path, footer, { long: 'footer_long', signs: 'footer_signs' }),
    ...(/\{\{/.test(footer) ? [{ path, rule: 'footer_variable' } as const] : []),
  ]
}

function plainFaults(path: string, text: string, rules: { long: TemplateRule; signs: TemplateRule }): TemplateFault[] {
  return [
    ...(numbered(text).length > LINE_CHARS ? [{ path, rule: rules.long, most: LINE_CHARS }] : []),
    ...(isPlain(text.replace(variable, '')) ? [] : [{ path, rule: rules.signs }]),
  ]
}

/** On one line, without an emoji, without bold or italics. */
const isPlain = (text: string) => !isBlank(text || 'x') && !lineBreak.test(text) && !marks.test(text) && text.search(emoji) === -1

function mediaFaults(media: string, { samples = {} }: TemplateSubmission): TemplateFault[] {
  const path = 'media'
  const shown = media.replace(variable, (whole) => samples[placeholders(whole)[0] ?? ''] ?? '')
  if (!isWebAddress(shown)) return [{ path, rule: 'media_address' }]
  // A variable may stand behind the host only: the host is what WhatsApp looks at.
  if (/^\w+:\/\/[^/]*\{\{/.test(media)) return [{ path, rule: 'media_host' }]
  return mediaFile.test(new URL(shown).pathname) ? [] : [{ path, rule: 'media_kind' }]
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function buttonsFaults(buttons: readonly TemplateButton[]): TemplateFault[] {
  const path = 'buttons'
  const faults: TemplateFault[] = []
  const count = (type: TemplateButton['type']) => buttons.filter((one) => one.type === type).length
  if (buttons.length > BUTTONS) faults.push({ path, rule: 'buttons_many', most: BUTTONS })
  if (count('url') > LINKS) faults.push({ path, rule: 'links_many', most: LINKS })
  if (count('phone') > PHONES) faults.push({ path, rule: 'phones_many', most: PHONES })
  const kinds = buttons.map((one) => one.type === 'reply')
  const turns = kinds.filter((isReply, at) => at > 0 && isReply !== kinds[at - 1]).length
  if (turns > 1) faults.push({ path, rule: 'buttons_mixed' })
  return [...faults, ...buttons.flatMap((one, at) => buttonFaults(one, `${path}.${at}`, buttons.slice(0, at)))]
}

function buttonFaults(one: TemplateButton, path: string, earlier: readonly TemplateButton[]): TemplateFault[] {
  const text = `${path}.text`
  const faults: TemplateFault[] = []
  if (one.text.length > BUTTON_CHARS) faults.push({ path: text, rule: 'button_long', most: BUTTON_CHARS })
  if (!isPlain(one.text) || /\{\{/.test(one.text)) faults.push({ path: text, rule: 'button_signs' })
  if (earlier.some((other) => other.text === one.text)) faults.push({ path: text, rule: 'button_twice' })
  if (one.type === 'reply' && (one.payload ?? '').length > PAYLOAD_CHARS)
    faults.push({ path: `${path}.payload`, rule: 'payload_long', most: PAYLOAD_CHARS })
  if (one.type === 'phone' && !/^\+[1-9]\d{6,14}$/.test(one.phone)) faults.push({ path: `${path}.phone`, rule: 'button_phone' })
  if (one.type === 'url') {
    if (!isWebAddress(one.url.replace(variable, 'x'))) faults.push({ path: `${path}.url`, rule: 'button_address' })
    const names = [...one.url.matchAll(variable)]
    if (names.length > 1 || (names.length === 1 && !endsWithVariable(one.url)))
      faults.push({ path: `${path}.url`, rule: 'address_variable' })
  }
  return faults
}

function variableFaults(wanted: TemplateSubmission): TemplateFault[] {
  const { samples = {}, defaults = {} } = wanted
  const names = placeholders(textsOf(wanted).join('\n'))
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const areInOrder = numbers.toSorted((one, other) => one - other).every((number, at) => number === at + 1)
  const faults: TemplateFault[] = []
  if (names.length > VARIABLES) faults.push({ path: 'body', rule: 'variables_many', most: VARIABLES })
  if (numbers.length > 0 && (numbers.length < names.length || !areInOrder)) faults.push({ path: 'body', rule: 'variable_numbers' })
  for (const name of names) {
    const fault = valueFault(samples[name] ?? '')
    if (fault !== null && fault !== 'code') faults.push({ path: `samples.${name}`, rule: sampleRules[fault] })
  }
  for (const [name, value] of Object.entries(defaults)) {
    if (valueFault(value) !== null) faults.push({ path: `defaults.${name}`, rule: 'default_value' })
  }
  return faults
}
