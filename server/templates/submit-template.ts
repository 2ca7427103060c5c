// Brings a template to WhatsApp: kept, made at Twilio, submitted. Each step is written down before the next one is asked for, and what
// may have been done already is looked for before it is done again.
import { DomainError } from '../../shared/problems.ts'
import { templateFaultText } from '../../shared/template-fault-texts.ts'
import { templateFaults } from '../../shared/template-faults.ts'
import type { TemplateSubmission } from '../../shared/template-requests.ts'
import type { Asked } from '../outbox/gateway.ts'
import type { Parts } from '../parts.ts'
import {
  beginSubmission,
  isOpen,
  judgeSubmission,
  type Judged,
  nameAt,
  newContent,
  takeApproval,
  takeContent,
  takeLoss,
  takeRefusal,
} from '../rules/template-submission.ts'
import type { Submission, TemplateInput, TemplateKey, TemplateRecord } from '../store/records.ts'

type Own = Pick<Parts, 'store' | 'clock' | 'publish' | 'organizationOf'>

/** @throws DomainError `validation_failed`: every breach of WhatsApp's rules, in the house's language. */
export function checkSubmission(parts: Pick<Parts, 'organizationOf'>, orgId: string, name: string, wanted: TemplateSubmission): void {
  const { locale } = parts.organizationOf(orgId).settings
  const issues = templateFaults(name, wanted).map(({ path, rule, most }) => ({
    path,
    message: templateFaultText(locale, rule, most),
    rule,
  }))
  if (issues.length > 0) throw new DomainError('validation_failed', 'WhatsApp would not take this template; issues says why.', { issues })
}

/**
 * Asked again with the same words it goes on where it was, or answers what is kept.
 *
 * @throws DomainError `conflict` where WhatsApp has another one of this name before it, or decided on it; `validation_failed` where Twilio
 *   refuses it; `unavailable` where Twilio does not answer: then it is tried again by itself.
 */
export async function submitTemplate(
  parts: Own,
  orgId: string,
  name: string,
  wanted: TemplateSubmission,
  goOn: () => Promise<void>,
): Promise<{ template: TemplateRecord; isNew: boolean }> {
  let judged: Judged = 'same'
  const { template, changed } = await parts.store.changeTemplate(
    orgId,
    { name, language: wanted.language },
    (before) => {
      judged = judgeSubmission(before, wanted)
      return judged === 'begin' ? beginSubmission(before, name, wanted) : null
    },
    parts.clock.now(),
  )
  if (changed) parts.publish.templates(orgId)
  if (template === null) throw new DomainError('conflict', 'The template was deleted in this moment.')
  refuseOther(judged, template)
  const sent = await carryOn(parts, orgId, template, goOn, changed)
  return { template: sent, isNew: changed }
}

function refuseOther(judged: Judged, { status }: TemplateRecord): void {
  if (judged === 'busy')
    throw new DomainError('conflict', `WhatsApp has another one of this name before it (${status}). Wait for its word.`)
  if (judged === 'decided')
    throw new DomainError('conflict', `WhatsApp has it as ${status}, and lets nobody change that. Give the new one another name.`)
}

/** The steps that are open. `isFresh`: nothing was asked of Twilio yet. */
export async function carryOn(
  parts: Own,
  orgId: string,
  from: TemplateRecord,
  goOn: () => Promise<void>,
  isFresh = false,
): Promise<TemplateRecord> {
  const { gateway } = parts.organizationOf(orgId)
  let template = from
  let mayBeDone = !isFresh
  // Back to the first step at most once: then the content was deleted meanwhile.
  for (let steps = 0; steps < 4; steps++) {
    const { submission: asked, whatsapp, name } = template
    if (asked === undefined || !isOpen(asked)) break
    await goOn()
    if (asked.step === 'content') {
      const content = newContent(name, asked.wanted)
      const found = mayBeDone ? await gateway.findContent(content) : null
      const contentSid = found ?? (await answered(asked, await gateway.createContent(content)))
      template = await change((before) => takeContent(before, asked, contentSid))
      mayBeDone = false
      continue
    }
    const contentSid = whatsapp?.contentSid ?? ''
    const known = mayBeDone ? await gateway.contentState(contentSid) : undefined
    if (known === null) template = await change((before) => takeLoss(before, asked))
    else if (known !== undefined && known.status !== 'unsubmitted') template = await change((before) => takeApproval(before, asked, known))
    else {
      const wanted = { name: nameAt(name, asked), category: asked.wanted.category }
      const told = await answered(asked, await gateway.askApproval(contentSid, wanted))
      template = await change((before) => takeApproval(before, asked, told))
    }
  }
  return template

  async function change(rule: (before: TemplateRecord | null) => TemplateInput | null): Promise<TemplateRecord> {
    const done = await parts.store.changeTemplate(orgId, key(from), rule, parts.clock.now())
    if (done.changed) parts.publish.templates(orgId)
    if (!done.changed || done.template === null)
      throw new DomainError('conflict', 'The template was changed or deleted while it was submitted.')
    return done.template
  }

  async function answered<T>(asked: Submission, answer: Asked<T>): Promise<T> {
    if (answer.kind === 'done') return answer.value
    if (answer.kind === 'refused') {
      await change((before) => takeRefusal(before, asked, answer.detail))
      throw new DomainError('validation_failed', `Twilio refused the template: ${answer.detail}`)
    }
    const retryAfter = answer.retryAfterMs === null ? 15 : Math.ceil(answer.retryAfterMs / 1000)
    throw new DomainError('unavailable', `Twilio did not take the template (${answer.detail}). It is tried again by itself.`, {
      retryAfter,
    })
  }
}

const key = ({ name, language }: TemplateRecord): TemplateKey => ({ name, language })
