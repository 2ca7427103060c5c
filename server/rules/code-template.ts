// Templates of one-time codes (WhatsApp's category AUTHENTICATION): WhatsApp writes their words itself, around one variable, and lets the
// client copy the code. Which they are, and how long a code is good for; shared/code-faults.ts has what WhatsApp takes of them.
import { wordsOfCode } from '../../shared/code-words.ts'
import type { TemplateSubmission } from '../../shared/template-requests.ts'
import type { TemplateInput } from '../store/records.ts'

const CATEGORY = 'AUTHENTICATION'
/** WhatsApp itself drops a code that could not be delivered within this. */
const MINUTES = 10

export const isOfCodes = ({ type, category }: Pick<TemplateInput, 'type' | 'category'>): boolean =>
  type === 'authentication' || category?.toUpperCase() === CATEGORY

/** From when it is sent; what comes later is worth nothing. */
export const codeLivesMs = ({ submission }: Pick<TemplateInput, 'submission'>): number =>
  (submission?.wanted.code?.expiresInMinutes ?? MINUTES) * 60_000

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
