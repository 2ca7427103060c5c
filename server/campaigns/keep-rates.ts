// An organization's table of what messages cost; until it gives one, that of the release holds.
import { type Rates, ratesUpdate, type RatesUpdate } from '../../shared/rates.ts'
import type { Parts } from '../parts.ts'
import { defaultRates } from '../rules/cost.ts'

const OWN = 'own'

export async function readRates({ store }: Pick<Parts, 'store'>, orgId: string): Promise<Rates> {
  const kept = ratesUpdate.safeParse((await store.setting(orgId, 'rates', OWN))?.value)
  return kept.success ? { ...kept.data, estimated: false } : defaultRates
}

/** Null: those of the release again. */
export async function keepRates(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  orgId: string,
  rates: RatesUpdate | null,
): Promise<Rates> {
  await store.changeSetting(orgId, 'rates', OWN, () => (rates === null ? 'delete' : { ...rates }), clock.now())
  return rates === null ? defaultRates : { ...rates, estimated: false }
}
