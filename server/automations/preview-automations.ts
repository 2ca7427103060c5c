// What automations would send, over many records: nothing is sent, and nothing is kept.
import type { AutomationBody, PlanItem } from '../../shared/automations.ts'
import type { Caller, Parts } from '../parts.ts'
import type { PlannedRecord } from '../rules/record-plan.ts'
import { phoneOf } from './gather-facts.ts'
import { rulesOf } from './rules-of.ts'
import { plannedItems, presentItem } from './show-plan.ts'

export type PreviewItem = PlanItem & { coordinationId: string; title: string; name: string; to: string | null }

export interface Preview {
  items: PreviewItem[]
  /** There is more: more records, or more of them, than one answer holds. */
  truncated: boolean
}

interface Wanted {
  /** A rule as it would be; absent: those that are there. */
  automation?: (AutomationBody & { name?: string | undefined }) | undefined
  until: number
  coordinationIds?: readonly string[] | undefined
  limit: number
}

const PAGE = 200
/** A rule that is not saved has no index: so many records are looked at. */
const MOST_RECORDS = 2000

export async function previewAutomations(
  parts: Pick<Parts, 'store' | 'clock' | 'organizationOf'>,
  { orgId, scope }: Pick<Caller, 'orgId' | 'scope'>,
  { automation, until, coordinationIds, limit }: Wanted,
): Promise<Preview> {
  const own = parts.organizationOf(orgId)
  const { name = 'preview', ...rule } = automation ?? { name: undefined }
  const rules = automation ? [{ ...(rule as AutomationBody), name, since: 0 }] : await rulesOf(parts.store, orgId)
  const items: PreviewItem[] = []
  const mine = idsInScope(scope, coordinationIds)
  let looked = 0
  for await (const planned of recordsOf(parts, orgId, until, mine, automation !== undefined)) {
    if (items.length >= limit || ++looked > MOST_RECORDS) return { items: items.slice(0, limit), truncated: true }
    for (const item of await plannedItems(parts, own, planned, rules)) {
      if (item.at > until || item.at < parts.clock.now() - PAST_MS) continue
      const { record } = planned
      const to = item.channel === null ? null : phoneOf(record, item.channel)
      items.push({ ...presentItem(item), coordinationId: record.id, title: record.title, name: record.contact.name, to })
    }
  }
  return { items: items.slice(0, limit).toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1)), truncated: items.length > limit }
}

/** What was due lately is shown with why it did not go. */
const PAST_MS = 24 * 3600_000

/** Undefined: every record. */
function idsInScope(scope: Caller['scope'], ids: readonly string[] | undefined): readonly string[] | undefined {
  if (scope === null) return ids
  return ids === undefined ? scope : ids.filter((id) => scope.includes(id))
}

async function* recordsOf(
  { store }: Pick<Parts, 'store'>,
  orgId: string,
  until: number,
  ids: readonly string[] | undefined,
  all: boolean,
): AsyncGenerator<PlannedRecord> {
  if (ids !== undefined) {
    for (const id of ids) {
      const planned = await store.recordPlan(orgId, id)
      if (planned !== null) yield planned
    }
  } else if (all) {
    for (let after: string | null = null; ; ) {
      const page = await store.recordPlans(orgId, after, PAGE)
      yield* page
      after = page.at(-1)?.record.id ?? null
      if (page.length < PAGE || after === null) return
    }
  } else yield* (await store.duePlans(until, MOST_RECORDS + 1)).filter((planned) => planned.orgId === orgId)
}
