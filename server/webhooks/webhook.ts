// A webhook of the host, as it is kept among what people set up.
import { z } from 'zod'
import { author } from '../../shared/model.ts'
import { type Keys, open } from '../secrets.ts'
import type { Setting } from '../store/records.ts'

const value = z.object({
  url: z.string(),
  events: z.array(z.string()),
  authors: z.array(author.shape.type).nullable(),
  /** As it is kept: `secretOf` opens it. */
  secret: z.string(),
  enabled: z.boolean(),
  /** It hears of nothing that happened before. */
  since: z.number(),
  failingSince: z.number().nullable(),
  off: z.object({ reason: z.enum(['gone', 'failing']), at: z.number() }).nullable(),
})
export type WebhookValue = z.infer<typeof value>
export interface Webhook extends WebhookValue {
  name: string
  createdAt: number
  updatedAt: number
}

export function webhookOf({ name, value: kept, createdAt, updatedAt }: Setting): Webhook {
  return { ...value.parse(kept), name, createdAt, updatedAt }
}

/** Where a secret of its belongs, for the seal. */
export const placeOf = (orgId: string, name: string): string => JSON.stringify(['webhook', orgId, name])

/** @throws SealedError */
export const secretOf = (keys: Keys, orgId: string, { name, secret }: Pick<Webhook, 'name' | 'secret'>): string =>
  open(keys, secret, placeOf(orgId, name))

/** Whether it is told anything. */
export const isOn = ({ enabled, off }: Pick<Webhook, 'enabled' | 'off'>): boolean => enabled && off === null
