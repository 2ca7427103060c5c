// A template as it is in the moment in which it goes out: WhatsApp may have paused it, or changed its category, since it was entered.
import type { Failure } from '../../shared/model.ts'
import { windowIsOpen } from '../../shared/window.ts'
import type { Parts } from '../parts.ts'
import { whyNot } from '../rules/template.ts'
import type { Claim, TemplateRecord } from '../store/records.ts'
import { templateRefused, windowClosed } from '../outbox/failures.ts'
import { reasonOf } from './use-template.ts'

export interface Approval {
  /** Null: it may go. */
  refusal: Failure | null
  /** Null: not known. */
  category: string | null
}

/** Null: it is no template on WhatsApp. */
export async function checkApproval({ store, clock }: Pick<Parts, 'store' | 'clock'>, claim: Claim): Promise<Approval | null> {
  const { template } = claim.message
  if (template === undefined || claim.channel !== 'whatsapp') return null
  const named = await store.templatesNamed(claim.orgId, template.name)
  const kept = named.find((one) => isIt(one, template.language, claim.content?.sid))
  if (!kept) return { refusal: templateRefused(`The template "${template.name}" is not there any more.`), category: null }
  const why = whyNot(kept, 'whatsapp', windowIsOpen('whatsapp', claim.lastInboundAt, clock.now()))
  const refusal = why === null ? null : why === 'window' ? windowClosed : templateRefused(`It cannot be sent: ${reasonOf(kept, why)}.`)
  return { refusal, category: kept.category }
}

/** Entered by an earlier version it names no language; the content does. */
const isIt = (one: TemplateRecord, language: string | undefined, sid: string | undefined): boolean =>
  language === undefined ? one.whatsapp?.contentSid === sid : one.language === language
