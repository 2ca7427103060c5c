// The templates that a new database begins with where Twilio's sandbox, or the simulator, has approved them already.
import type { TemplateInput } from '../store/records.ts'

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

/** No account lists them, and each may send them from the sandbox's number. */
export const isEverybodys = (contentSid: string): boolean => sandboxTemplates.some((one) => one.contentSid === contentSid)

export function openingInput({ name, language, body, contentSid, contentVariables, category = 'UTILITY' }: OpeningTemplate): TemplateInput {
  return {
    ...{ name, language, body, type: 'text', buttons: 0, defaults: {}, source: 'own', status: 'approved' },
    whatsapp: { contentSid, variables: [...contentVariables] },
    ...{ category, quality: null, rejection: null, gone: false },
  }
}
