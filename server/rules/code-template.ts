// Templates of one-time codes (WhatsApp's category AUTHENTICATION): WhatsApp writes their words itself, around one variable, and lets the
// client copy the code. What such a code may be, and how long it is good for. The limits are Meta's (2026).
import { wordsOfCode } from '../../shared/code-words.ts'
import type { TemplateSubmission } from '../../shared/template-requests.ts'
import { placeholders } from '../../shared/templates.ts'
import type { TemplateInput } from '../store/records.ts'
import type { TemplateFault } from './template-faults.ts'

const CATEGORY = 'AUTHENTICATION'
export const CODE_CHARS = 15
const BUTTON_CHARS = 25
/** WhatsApp itself drops a code that could not be delivered within this. */
const MINUTES = 10

export const isOfCodes = ({ type, category }: Pick<TemplateInput, 'type' | 'category'>): boolean =>
  type === 'authentication' || category?.toUpperCase() === CATEGORY

/** Letters and digits on their own: no link, no emoji, no sentence. */
export const isCode = (value: string): boolean => value.length <= CODE_CHARS && /^[\p{L}\p{N}](-?[\p{L}\p{N}])*$/u.test(value)

/** From when it is sent; what comes later is worth nothing. */
export const codeLivesMs = ({ submission }: Pick<TemplateInput, 'submission'>): number =>
  (submission?.wanted.code?.expiresInMinutes ?? MINUTES) * 60_000

export function codeFaults({ body, header, footer, media, buttons, defaults, samples = {}, code }: TemplateSubmission): TemplateFault[] {
  const [name, ...others] = placeholders(body)
  const isAlone = name !== undefined && others.length === 0 && body.replace(/\{\{[^{}]*\}\}/, '').trim() === ''
  const extra = { header, footer, media, buttons, defaults }
  const button = code?.button ?? ''
  return [
    ...(isAlone ? [] : [{ path: 'body', rule: 'code_alone' } as const]),
    ...Object.entries(extra).flatMap(([path, value]) => (isNothing(value) ? [] : [{ path, rule: 'code_only' } as const])),
    ...(name === undefined || isCode(samples[name] ?? '')
      ? []
      : [{ path: `samples.${name}`, rule: 'code_sample', most: CODE_CHARS } as const]),
    ...(button.length > BUTTON_CHARS ? [{ path: 'code.button', rule: 'button_long', most: BUTTON_CHARS } as const] : []),
    ...(/[\n\r*_~`{}]|\p{Extended_Pictographic}/u.test(button) ? [{ path: 'code.button', rule: 'button_signs' } as const] : []),
  ]
}

const isNothing = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

/** As Twilio makes it. */
export function codeContent({ language, code = {} }: Pick<TemplateSubmission, 'language' | 'code'>): Record<string, object> {
  const { expiresInMinutes, warning = true, button = wordsOfCode(language).button } = code
  return {
    'whatsapp/authentication': {
      add_security_recommendation: warning,
      ...(expiresInMinutes === undefined ? {} : { code_expiration_minutes: expiresInMinutes }),
      actions: [{ type: 'COPY_CODE', copy_code_text: button }],
    },
  }
}
