// The host's webhooks: what is asked for, and what is shown of them and of their deliveries.
import { z } from 'zod'
import { isPageAddress } from './is-page-address.ts'
import { author } from './model.ts'

const time = z.string()

/** It stands in paths and in logs. */
export const webhookName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'is no name: letters, digits, dots, hyphens, at most 64')

export const webhookBody = z
  .object({
    url: z.string().max(2000).refine(isPageAddress, 'is no address: https, whole'),
    /** `message.received`, `message.*`, `*` … */
    events: z
      .array(z.string().regex(/^(\*|[a-z_]+(\.[a-z_]+)*(\.\*)?)$/, 'is no event: message.received, message.*, *'))
      .min(1)
      .max(50)
      .default(['*']),
    /** Of events that somebody caused: by these alone. */
    authors: z.array(author.shape.type).min(1).nullable().default(null),
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'is no secret: whsec_ and 24 to 64 bytes in base64')
      .optional(),
    enabled: z.boolean().default(true),
  })
  .strict()

export const webhook = z.object({
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  authors: z.array(author.shape.type).nullable(),
  enabled: z.boolean(),
  /** Switched off by Hilo: the host answered 410, or took nothing for days. Saving it again switches it on. */
  off: z.object({ reason: z.enum(['gone', 'failing']), at: time }).nullable(),
  /** Since when nothing was taken. */
  failingSince: time.nullable(),
  /** Only in the answer to the call that made it. */
  secret: z.string().optional(),
  createdAt: time,
  updatedAt: time,
})

export const delivery = z.object({
  /** The same in the header `webhook-id`, with every attempt. */
  id: z.string(),
  type: z.string(),
  about: z.object({ kind: z.enum(['message', 'conversation', 'coordination']), id: z.string() }),
  at: time,
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.number().int(),
  /** When it is tried next. */
  dueAt: time.nullable(),
  /** What the last attempt met with; `status` null: nobody answered. */
  answer: z.object({ status: z.number().int().nullable(), detail: z.string(), at: time }).nullable(),
  createdAt: time,
})
