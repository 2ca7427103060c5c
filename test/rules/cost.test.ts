import { expect, test } from 'vitest'
import { costOf, createEstimate, defaultRates, type Priced } from '../../server/rules/cost.ts'
import { type Rates, ratesUpdate } from '../../shared/rates.ts'

const rates: Rates = {
  ...{ currency: 'USD', asOf: '2026-11-01', source: 'ours', estimated: false },
  items: [
    { channel: 'whatsapp', country: null, category: null, amount: 0.005 },
    { channel: 'whatsapp', country: 'AR', category: 'marketing', amount: 0.06 },
    { channel: 'whatsapp', country: null, category: 'marketing', amount: 0.1 },
    { channel: 'whatsapp', country: 'AR', category: 'service', amount: 0.02 },
    { channel: 'sms', country: 'AR', category: null, amount: 0.07 },
  ],
}
const whatsapp = { channel: 'whatsapp', country: 'AR', segments: 1 } as const
const sms = { channel: 'sms', country: 'AR', segments: 1 } as const

test.each<[string, Priced, number | string]>([
  ['its country and category, and what every message costs', { ...whatsapp, category: 'MARKETING' }, 65_000],
  ['a country of which nothing is said by itself', { ...whatsapp, country: 'BO', category: 'MARKETING' }, 105_000],
  ['free text', whatsapp, 25_000],
  ['a category without a rate', { ...whatsapp, category: 'UTILITY' }, 'WhatsApp, utility, to AR'],
  ['a category that is not known', { ...whatsapp, category: null }, 'WhatsApp, a template of the category that is not known yet'],
  ['a category that is new', { ...whatsapp, category: 'POETRY' }, 'WhatsApp, a template of the category POETRY'],
  ['a segment by SMS', sms, 70_000],
  ['each segment by SMS', { ...sms, segments: 3 }, 210_000],
  ['SMS to where no rate is known', { ...sms, country: 'PE' }, 'SMS to PE'],
  ['a number that tells no country', { ...sms, country: undefined }, 'SMS to a number whose country is not known'],
])('%s', (_, priced, expected) => {
  expect(costOf(rates, priced)).toEqual(typeof expected === 'string' ? { missing: expected } : { micros: expected })
})

test('what is known is added up exactly, what is not is counted and named once', () => {
  const estimate = createEstimate(rates)
  expect(estimate.result()).toEqual({ amount: 0, currency: 'USD', asOf: '2026-11-01', estimated: false, unknown: 0, missing: [] })
  for (let n = 0; n < 3; n++) estimate.add({ ...sms, country: 'PE' })
  expect(estimate.result()).toMatchObject({ amount: null, unknown: 3, missing: ['SMS to PE'] })
  for (let n = 0; n < 1000; n++) estimate.add({ ...whatsapp, category: 'marketing' })
  expect(estimate.result()).toMatchObject({ amount: 65, unknown: 3 })
})

test('those of the release are dated, said to be estimates, and a table like any other', () => {
  const { estimated, ...table } = defaultRates
  expect(estimated).toBe(true)
  expect(ratesUpdate.parse(table)).toEqual(table)
  expect(costOf(defaultRates, { ...whatsapp, category: 'utility' })).toEqual({ micros: 31_000 })
  expect(costOf(defaultRates, sms)).toEqual({ missing: 'SMS to AR' })
})

test('a table says each thing once', () => {
  const [first] = rates.items
  const wrong = (items: unknown[]) => ratesUpdate.safeParse({ currency: 'USD', asOf: '2026-11-01', source: 'x', items }).success
  expect(wrong([first])).toBe(true)
  expect(wrong([first, first])).toBe(false)
  expect(wrong([{ ...first, channel: 'sms', category: 'marketing' }])).toBe(false)
  expect(wrong([{ ...first, country: 'XX' }])).toBe(false)
  expect(wrong([{ ...first, amount: -1 }])).toBe(false)
})
