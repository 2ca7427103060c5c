// What Twilio says of one content: its kind, its buttons, and where it stands with WhatsApp.
import { z } from 'zod'
import { templateStatus, templateType } from '../../shared/model.ts'
import type { ToldState } from '../rules/template.ts'

const approval = z.object({
  status: z.preprocess((word) => (typeof word === 'string' ? word.toLowerCase() : word), templateStatus.catch('pending')),
  category: z.string().nullish(),
  rejection_reason: z.string().nullish(),
})

/** Twilio writes it flat, under `whatsapp`, or as a list; null: nobody asked for approval. */
export function readApproval(told: unknown): Pick<ToldState, 'status' | 'category' | 'rejection'> | null {
  const one = Array.isArray(told) ? told[0] : told
  if (typeof one !== 'object' || one === null) return null
  const inner: unknown = 'whatsapp' in one ? one.whatsapp : one
  if (inner !== one) return readApproval(inner)
  if (!('status' in one)) return null
  const { status, category, rejection_reason: rejection } = approval.parse(one)
  return { status, category: category || null, rejection: rejection || null }
}

/** Of `{ 'twilio/quick-reply': { body, actions } }` the first: the others stand in where a channel cannot show it. */
export function readKind(types: Readonly<Record<string, object>>): Pick<ToldState, 'type' | 'buttons'> {
  const [[name, shape] = ['', {}]] = Object.entries(types)
  const type = templateType.catch('other').parse(name.replace(/^(twilio|whatsapp)\//, ''))
  return { type, buttons: 'actions' in shape && Array.isArray(shape.actions) ? shape.actions.length : 0 }
}
