// What becomes of another attempt of many messages: one schema for the answer and OpenAPI.
import { z } from 'zod'

/** `done`: it was sent again already. `permanent`: it would fail again. `limit`: its client got enough in the last hour. */
const retrySkip = z.enum([
  'done',
  'permanent',
  'expired',
  'erased',
  'window',
  'opted_out',
  'invalid_phone',
  'no_sender',
  'template',
  'content',
  'limit',
  'calendar',
])
export type RetrySkip = z.infer<typeof retrySkip>

export const retryMany = z.object({
  /** With `dryRun`: those that would be. */
  retried: z.number().int(),
  /** How many are not, by their reason. */
  skipped: z.partialRecord(retrySkip, z.number().int()),
  examples: z.array(z.object({ id: z.string(), reason: retrySkip, detail: z.string() })),
  /** There is more: the next call goes on from here. */
  nextCursor: z.string().nullable(),
})
export type RetryMany = z.infer<typeof retryMany>
