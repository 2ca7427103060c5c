// What WhatsApp would refuse of a template of one-time codes: it writes their words itself, around one variable. The limits are Meta's (2026).
import type { TemplateFault } from './template-faults.ts'
import type { TemplateSubmission } from './template-requests.ts'
import { placeholders } from './templates.ts'

const CODE_CHARS = 15
const BUTTON_CHARS = 25

/** Letters and digits on their own: no link, no emoji, no sentence. */
export const isCode = (value: string): boolean => value.length <= CODE_CHARS && /^[\p{L}\p{N}](-?[\p{L}\p{N}])*$/u.test(value)

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
