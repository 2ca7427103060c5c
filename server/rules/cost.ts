// What a message costs by a table of rates, or which rate is missing: nothing is guessed.
import type { Channel } from '../../shared/model.ts'
import { type CostEstimate, pricedCategory, type Rate, type Rates } from '../../shared/rates.ts'

/** What prices go by. */
export interface Priced {
  channel: Channel
  /** Of the client's number; undefined: it does not tell. */
  country: string | undefined
  /** WhatsApp's, of the template; null: it has none there. Absent: free text. */
  category?: string | null | undefined
  /** Of an SMS. */
  segments: number
}

const whatsapp = (country: string, marketing: number | null, utility: number): Rate[] => [
  ...(marketing === null ? [] : [{ channel: 'whatsapp', country, category: 'marketing', amount: marketing } as const]),
  ...(['utility', 'authentication', 'service'] as const).map((category) => ({
    channel: 'whatsapp' as const,
    country,
    category,
    amount: utility,
  })),
]

/** As of this release. */
export const defaultRates: Rates = {
  currency: 'USD',
  asOf: '2026-11-20',
  source:
    'Estimates: tables of others of WhatsApp’s prices from 2026-10-01, Twilio’s page for its own fee and for SMS to the US, without carriers’ fees.',
  estimated: true,
  items: [
    // Twilio's own fee.
    { channel: 'whatsapp', country: null, category: null, amount: 0.005 },
    ...whatsapp('AR', 0.0618, 0.026),
    ...whatsapp('PE', 0.0703, 0.03),
    ...whatsapp('MX', 0.0397, 0.0085),
    ...whatsapp('CO', 0.0125, 0.0008),
    // WhatsApp delivers no marketing there.
    ...whatsapp('US', null, 0.0034),
    ...whatsapp('CA', 0.025, 0.0034),
    { channel: 'sms', country: 'US', category: null, amount: 0.0083 },
  ],
}

/** Sums are of these: fractions of a cent add up exactly. */
const MICROS = 1_000_000

/** `missing`: the rate that nobody knows. */
export function costOf(
  { items }: Pick<Rates, 'items'>,
  { channel, country, category, segments }: Priced,
): { micros: number } | { missing: string } {
  const find = (wanted: Rate['category']) => {
    const same = items.filter((one) => one.channel === channel && one.category === wanted)
    return same.find((one) => one.country === country) ?? same.find((one) => one.country === null)
  }
  const micros = (rate: Rate) => Math.round(rate.amount * MICROS)
  const where = country ?? 'a number whose country is not known'
  if (channel === 'sms') {
    const each = find(null)
    return each === undefined ? { missing: `SMS to ${where}` } : { micros: micros(each) * segments }
  }
  const known = pricedCategory.safeParse(category === undefined ? 'service' : category?.toLowerCase())
  if (!known.success) return { missing: `WhatsApp, a template of the category ${category ?? 'that is not known yet'}` }
  const own = find(known.data)
  if (own === undefined) return { missing: `WhatsApp, ${known.data}, to ${where}` }
  const onTop = find(null)
  return { micros: micros(own) + (onTop === undefined ? 0 : micros(onTop)) }
}

const MOST_NAMED = 10

export interface Estimate {
  add(priced: Priced): void
  result(): CostEstimate
}

export function createEstimate(rates: Rates): Estimate {
  const missing = new Set<string>()
  let [sum, known, unknown] = [0, 0, 0]
  return {
    add(priced) {
      const cost = costOf(rates, priced)
      if ('micros' in cost) {
        known++
        sum += cost.micros
        return
      }
      unknown++
      if (missing.size < MOST_NAMED) missing.add(cost.missing)
    },
    result() {
      const { currency, asOf, estimated } = rates
      return { amount: known === 0 && unknown > 0 ? null : sum / MICROS, currency, asOf, estimated, unknown, missing: [...missing] }
    },
  }
}
