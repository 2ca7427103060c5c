// A look ahead: who would get it now, who would not and why. Nothing is kept and nothing is sent.
import type { Preflight } from '../../shared/campaigns.ts'
import { countryOf } from '../../shared/parse-phone.ts'
import { eachAtOnce } from './each-at-once.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { Campaign } from '../rules/campaign.ts'
import { createEstimate, type Priced } from '../rules/cost.ts'
import { refusesMarketing } from '../rules/opt-out.ts'
import { draftRecipient } from './draft-recipient.ts'
import { readRates } from './keep-rates.ts'
import { prepareRecipient, type Prepared, type PreparedRecipient } from './prepare-recipient.ts'
import { readAudience } from './read-audience.ts'
import { seeTemplates } from './see-templates.ts'
import { seesAll } from '../store/sees-all.ts'

/** More are not looked at: it would take minutes. */
const MOST = 5_000
const PAGE = 200
const AT_ONCE = 8
const EXAMPLES = 50

type Looked = PreparedRecipient & { key: string; dueAt: number | null; refused: Extract<Prepared, { outcome: 'skipped' }> | null }

type Found = Omit<Preflight, 'cost'>

export async function lookAhead(parts: Parts, own: Organization, campaign: Campaign): Promise<Preflight> {
  const estimate = createEstimate(await readRates(parts, own.id))
  const categories = new Map((await seeTemplates(parts, own, campaign)).map(({ name, category }) => [name, category]))
  const found: Found = { ready: 0, skipped: {}, later: 0, doubles: 0, examples: [], truncated: false }
  const keys = new Set<string>()
  for await (const page of pagesOf(parts, own, campaign)) {
    const fresh = page.filter(({ key }) => !keys.has(key) && keys.add(key))
    found.doubles += page.length - fresh.length
    await eachAtOnce(fresh, AT_ONCE, async (next) => {
      const prepared = await judge(parts, own, campaign, next)
      note(found, next, prepared)
      if (prepared.outcome === 'ready') estimate.add(pricedOf(campaign, categories, next, prepared))
    })
    if (keys.size >= MOST) return { ...found, cost: estimate.result(), truncated: true }
  }
  return { ...found, cost: estimate.result() }
}

function pricedOf(
  { channel, templates }: Campaign,
  categories: ReadonlyMap<string, string | null>,
  { to, arm }: Looked,
  { content }: Extract<Prepared, { outcome: 'ready' }>,
): Priced {
  const template = templates[arm] ?? templates[0]
  const priced = { channel, country: countryOf(to), segments: content.words.cost }
  return template === undefined ? priced : { ...priced, category: categories.get(template.name) ?? null }
}

async function judge(parts: Parts, own: Organization, campaign: Campaign, one: Looked): Promise<Prepared> {
  if (one.refused !== null) return one.refused
  const prepared = await prepareRecipient(parts, own, campaign, one, Math.max(parts.clock.now(), one.dueAt ?? 0))
  if (prepared.outcome !== 'ready' || campaign.purpose !== 'marketing') return prepared
  const { target } = prepared
  const contact = target.contactId === null ? null : await parts.store.contact(seesAll(own.id), target.contactId)
  return contact !== null && refusesMarketing(contact, target)
    ? { outcome: 'skipped', reason: 'opted_out', detail: 'No marketing.' }
    : prepared
}

function note(found: Found, { to }: Looked, prepared: Prepared): void {
  switch (prepared.outcome) {
    case 'ready':
      found.ready++
      break
    case 'later':
      found.later++
      break
    default: {
      const reason = prepared.outcome === 'skipped' ? prepared.reason : 'template'
      found.skipped[reason] = (found.skipped[reason] ?? 0) + 1
      if (found.examples.length < EXAMPLES) found.examples.push({ to, reason, detail: prepared.detail })
    }
  }
}

/** Those who are listed, then those of the audience who are not yet. */
async function* pagesOf(parts: Parts, own: Organization, campaign: Campaign): AsyncGenerator<Looked[]> {
  for (let cursor: string | null = null; ; ) {
    const page = await parts.store.recipients(own.id, campaign.id, null, { cursor, limit: PAGE })
    yield page.items.flatMap(({ recipient }) => {
      if (recipient.state === 'entered') return []
      const { reason, detail } = recipient
      return [{ ...recipient, refused: reason === null ? null : { outcome: 'skipped' as const, reason, detail: detail ?? '' } }]
    })
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  for (let cursor = campaign.listing?.cursor ?? null, isMore = campaign.listing !== null; isMore; isMore = cursor !== null) {
    const page = await readAudience(parts, own.id, campaign, cursor)
    yield page.items.map((wanted) => {
      const { skipped, ...draft } = draftRecipient(parts, own, campaign, wanted)
      return { ...draft, refused: skipped === null ? null : { outcome: 'skipped' as const, ...skipped } }
    })
    cursor = page.nextCursor
  }
}
