// When something planned goes: within a year.
import { DomainError } from '../../shared/problems.ts'

const FURTHEST_MS = 366 * 24 * 3600_000

/** Null: that time has come already. */
export function dueTime(sendAt: string, now: number): number | null {
  const at = Date.parse(sendAt)
  if (at > now + FURTHEST_MS)
    throw new DomainError('validation_failed', 'sendAt is more than a year ahead.', {
      issues: [{ path: 'sendAt', message: 'must be within a year' }],
    })
  return at <= now ? null : at
}
