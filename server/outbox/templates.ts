// The templates that an agent can open a conversation with. Until an organization keeps its own, these are the ones
// that Twilio's sandbox (or the simulator) has approved already.
import type { Channel, Template } from '../../shared/model.ts'
import { missingVariables, placeholders, renderTemplate } from '../../shared/templates.ts'
import { DomainError } from '../../shared/problems.ts'
import { TEXT_CHARS } from '../../shared/lengths.ts'
import { TEMPLATE_CHARS } from '../../shared/requests.ts'
import type { Draft } from '../store/records.ts'

export interface OpeningTemplate {
  name: string
  language: string
  /** With `{{named}}` placeholders. */
  body: string
  /** Twilio's content, and the names in the order of its numbered variables. */
  contentSid: string
  contentVariables: readonly string[]
  /** Meta's word for what it is for; absent: not marketing. */
  category?: string
}

/** Pre-approved for everybody's sandbox number (Twilio's WhatsApp sandbox page). */
export const sandboxTemplates: readonly OpeningTemplate[] = [
  {
    name: 'appointment_reminder',
    language: 'en',
    body: 'Your appointment is coming up on {{date}} at {{time}}. If you need to change it, please reply back and let us know.',
    contentSid: 'HXb5b62575e6e4ff6129ad7c8efe1f983e',
    contentVariables: ['date', 'time'],
  },
  {
    name: 'order_delivery',
    language: 'en',
    body: 'Thank you for your order. Your delivery is scheduled for {{date}} at {{time}}. If you need to change it, please reply back and let us know.',
    contentSid: 'HX350d429d32e64a552466cafecbe95f3c',
    contentVariables: ['date', 'time'],
  },
]

export function listTemplates(own: { templates: readonly OpeningTemplate[] }): Template[] {
  return own.templates.map(({ name, language, body }) => ({ name, language, body, variables: placeholders(body), approved: true }))
}

/** WhatsApp refuses line breaks, tabs and runs of spaces in a value (63013). */
export function templateValues(given: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.replace(/\s+/g, ' ').trim()]))
}

/**
 * A template as it goes out on a channel: its text, and on WhatsApp the content that the gateway sends.
 *
 * @throws DomainError `template_not_approved` for an unknown one, `template_variables_missing` with an issue each,
 *   `validation_failed` where the text would be longer than the channel takes.
 */
export function useTemplate(
  own: { templates: readonly OpeningTemplate[] },
  channel: Channel,
  use: { name: string; variables?: Record<string, string> | undefined },
): Pick<Draft, 'text' | 'template' | 'content' | 'marketing'> {
  const template = own.templates.find((one) => one.name === use.name)
  if (!template) throw new DomainError('template_not_approved', `Template not found: "${use.name}".`)
  const variables = templateValues(use.variables)
  const missing = missingVariables(template.body, variables)
  if (missing.length > 0)
    throw new DomainError('template_variables_missing', `The template "${template.name}" needs ${missing.join(', ')}.`, {
      issues: missing.map((name) => ({ path: `template.variables.${name}`, message: 'is required' })),
    })
  const text = renderTemplate(template.body, variables)
  const most = channel === 'whatsapp' ? TEMPLATE_CHARS : TEXT_CHARS
  if (text.length > most)
    throw new DomainError('validation_failed', `With these values the template has ${text.length} characters; it may have ${most}.`, {
      issues: [{ path: 'template.variables', message: `are too long: the text may have ${most} characters` }],
    })
  const numbered = Object.fromEntries(template.contentVariables.map((name, index) => [String(index + 1), variables[name] ?? '']))
  return {
    text,
    template: { name: template.name, variables },
    ...(template.category?.toUpperCase() === 'MARKETING' ? { marketing: true as const } : {}),
    content: channel === 'whatsapp' ? { sid: template.contentSid, variables: numbered } : null,
  }
}
