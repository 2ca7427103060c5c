// What of an organization's settings all plans follow from: its time zone, calendars and holidays. Where they change every record is
// looked at again, a page at a time; how far that came is kept, so that a process that was killed goes on.
import { createHash } from 'node:crypto'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { Setting } from '../store/records.ts'

const PLAN_TERMS = 'planTerms'
const OWN = 'own'

type TermParts = Pick<Parts, 'store' | 'clock'>

export function termsOf({ timezone, calendars, holidays }: Pick<Organization['settings'], 'timezone' | 'calendars' | 'holidays'>): string {
  const text = JSON.stringify([timezone, calendars, [...holidays].toSorted()])
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

export const keptTerms = ({ store }: Pick<TermParts, 'store'>, orgId: string): Promise<Setting | null> =>
  store.setting(orgId, PLAN_TERMS, OWN)

/** Every record is looked at once more. Each process asks for it as it learns of a change: until then it planned by what was. */
export async function walkForTerms({ store, clock }: TermParts, { id, settings }: Organization): Promise<void> {
  await store.changeSetting(id, PLAN_TERMS, OWN, () => ({ terms: termsOf(settings), walk: { after: null } }), clock.now())
}

/** At the start: also what changed just before a process was killed. Nothing is asked for where no plans were made yet. */
export async function checkTerms(parts: TermParts, own: Organization): Promise<void> {
  const terms = termsOf(own.settings)
  const kept = await keptTerms(parts, own.id)
  if (kept === null) await parts.store.changeSetting(own.id, PLAN_TERMS, OWN, (before) => before?.value ?? { terms }, parts.clock.now())
  else if (kept.value.terms !== terms) await walkForTerms(parts, own)
}
