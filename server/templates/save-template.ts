// Saves a template of the house: its text, and beside it the content of Twilio that carries it on WhatsApp.
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import { valueFault } from '../../shared/template-values.ts'
import { placeholders } from '../../shared/templates.ts'
import type { templateBody } from '../../shared/template-requests.ts'
import type { Parts } from '../parts.ts'
import type { TemplateChanged, TemplateInput } from '../store/records.ts'

type Wanted = z.output<typeof templateBody>

/** @throws DomainError `validation_failed` with an issue each. */
export async function saveTemplate(
  parts: Pick<Parts, 'store' | 'clock' | 'publish' | 'organizationOf'>,
  orgId: string,
  name: string,
  wanted: Wanted,
): Promise<TemplateChanged> {
  const { language, body, defaults = {}, whatsapp = null } = wanted
  check(wanted)
  // What is known of that content by the name that Twilio has for it.
  const [twin] = whatsapp === null ? [] : await parts.store.templatesOfContents(orgId, [whatsapp.contentSid])
  const told = whatsapp === null ? null : await stateAtTwilio(parts, orgId, whatsapp.contentSid)
  const saved = await parts.store.changeTemplate(
    orgId,
    { name, language },
    (before) => {
      const isSame = before?.whatsapp?.contentSid === whatsapp?.contentSid
      const known = whatsapp === null ? null : ((isSame ? before : null) ?? twin ?? null)
      return { ...unknown, ...stateOf(known), ...told, name, language, body, defaults, whatsapp, source: 'own' }
    },
    parts.clock.now(),
  )
  if (saved.changed) parts.publish.templates(orgId)
  return saved
}

/** Null: Twilio does not know it, or there is no account. @throws DomainError `unavailable` where it cannot be asked. */
function stateAtTwilio(parts: Pick<Parts, 'organizationOf'>, orgId: string, contentSid: string) {
  return parts
    .organizationOf(orgId)
    .gateway.contentState(contentSid)
    .catch((cause: unknown) => {
      throw new DomainError('unavailable', 'Twilio could not be asked whether WhatsApp approved it. Try again in a moment.', { cause })
    })
}

/** Nobody asked WhatsApp yet, as far as is known here. */
const unknown = { type: 'text', buttons: 0, status: 'unsubmitted', category: null, quality: null, rejection: null, gone: false } as const

function stateOf(known: TemplateInput | null): Partial<TemplateInput> {
  if (known === null) return {}
  const { type, buttons, status, category, quality, rejection, gone } = known
  return { type, buttons, status, category, quality, rejection, gone }
}

function check({ body, defaults = {}, whatsapp }: Wanted): void {
  const named = placeholders(body)
  const issues = [
    ...Object.entries(defaults).flatMap(([name, value]) => {
      const fault = valueFault(value)
      return fault === null ? [] : [{ path: `defaults.${name}`, message: `WhatsApp takes no such value (${fault})` }]
    }),
    ...(whatsapp?.variables ?? []).flatMap((name, index) =>
      named.includes(name) || Object.hasOwn(defaults, name)
        ? []
        : [{ path: `whatsapp.variables.${index}`, message: 'is neither in the body nor among the defaults' }],
    ),
    ...(whatsapp ? named.filter((name) => !whatsapp.variables.includes(name)) : []).map((name) => ({
      path: 'whatsapp.variables',
      message: `does not name {{${name}}}, which the body has`,
    })),
  ]
  if (issues.length > 0)
    throw new DomainError('validation_failed', 'The template is not as WhatsApp would take it; issues says where.', { issues })
}
