// A new database begins with these. Where any are kept, nothing is added: what the operator deleted stays deleted.
import type { Parts } from '../parts.ts'
import { type OpeningTemplate, openingInput } from './sandbox.ts'

export async function seedTemplates(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  orgId: string,
  openings: readonly OpeningTemplate[],
): Promise<void> {
  if (openings.length === 0) return
  const kept = await store.templates(orgId, {}, { cursor: null, limit: 1 })
  if (kept.items.length > 0) return
  for (const one of openings) await store.changeTemplate(orgId, one, (before) => before ?? openingInput(one), clock.now())
}
