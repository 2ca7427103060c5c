// What messages cost: a dated table of an organization. Every organization has its own prices; the one that Hilo brings is an estimate.
import { isSupportedCountry } from 'libphonenumber-js'
import { z } from 'zod'
import { channel } from './model.ts'
import { cleanText } from './requests.ts'

export const pricedCategory = z.enum(['marketing', 'utility', 'authentication', 'service'])

const rate = z.strictObject({
  channel,
  /** Of the client's number; null: every country. */
  country: z
    .string()
    .refine((text): boolean => isSupportedCountry(text), 'is no ISO country of two capital letters')
    .nullable(),
  /** Of WhatsApp's template, `service` for free text; null: every message, on top of the others. An SMS has none. */
  category: pricedCategory.nullable(),
  /** For a message by WhatsApp, for a segment by SMS. */
  amount: z.number().min(0).max(1000),
})
export type Rate = z.output<typeof rate>

const table = {
  currency: z.string().regex(/^[A-Z]{3}$/, 'is no currency such as USD'),
  /** Since when, or as of when, these hold. */
  asOf: z.iso.date(),
  /** Where they are from. */
  source: z.string().transform(cleanText).pipe(z.string().trim().min(1).max(300)).meta({ minLength: 1, maxLength: 300 }),
}

export const ratesUpdate = z.strictObject({
  ...table,
  items: z
    .array(rate)
    .max(2000)
    .superRefine((all, context) => {
      const seen = new Set<string>()
      for (const [index, one] of all.entries()) {
        const key = `${one.channel}|${one.country}|${one.category}`
        if (seen.has(key))
          context.addIssue({ code: 'custom', path: [index], message: 'is there twice: the same channel, country and category' })
        if (one.channel === 'sms' && one.category !== null)
          context.addIssue({ code: 'custom', path: [index, 'category'], message: 'is for WhatsApp alone: an SMS has none' })
        seen.add(key)
      }
    })
    .meta({ maxItems: 2000 }),
})
export type RatesUpdate = z.output<typeof ratesUpdate>

export const rates = z.object({
  ...table,
  items: z.array(rate),
  /** Those that Hilo brings, of its release: nobody at the organization looked at them. */
  estimated: z.boolean(),
})
export type Rates = z.output<typeof rates>

/** A look ahead at what something costs. */
export const costEstimate = z.object({
  /** Of all whose rate is known; null: of nobody it is. */
  amount: z.number().nullable(),
  currency: z.string(),
  asOf: z.string(),
  estimated: z.boolean(),
  /** Of so many no rate is known. */
  unknown: z.number().int(),
  /** Which rates that is, the first of them. */
  missing: z.array(z.string()),
})
export type CostEstimate = z.infer<typeof costEstimate>
