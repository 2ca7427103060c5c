// Plan B of a planned WhatsApp text: which step is taken, by what is known at that moment. The server decides as it comes due; the
// browser shows which it would be.
import type { PlanB } from './model.ts'

export type Step = NonNullable<PlanB['taken']>['step']
/** Why a step before it was not taken. */
export type Because = NonNullable<PlanB['taken']>['because'][number]

export interface PlanFacts {
  /** Why our WhatsApp line takes nothing at all; null: it does. */
  blocked: 'opted_out' | 'sender' | null
  /** Whether WhatsApp takes free text, with the margin. */
  windowOpen: boolean
  /** Whether the chosen template can be sent; null: none was chosen. */
  template: boolean | null
  /** Whether SMS is wanted, and reaches the client. */
  sms: boolean
}

/** `step` null: none can be taken, since the first of `because`. */
export function chooseStep({ blocked, windowOpen, template, sms }: PlanFacts): { step: Step | null; because: Because[] } {
  if (blocked === null && windowOpen) return { step: 'text', because: [] }
  if (blocked === null && template) return { step: 'template', because: ['window'] }
  const because: Because[] = blocked === null ? ['window', ...(template === null ? [] : (['template'] as const))] : [blocked]
  return { step: sms ? 'sms' : null, because }
}
