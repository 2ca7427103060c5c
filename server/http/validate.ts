// Checks what came in against its schema and says everything that is wrong with it.
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'

const MAX_ISSUES = 20

/** @throws DomainError('validation_failed') with a path and a message per fault. */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
  throw new DomainError('validation_failed', `The ${what} is not as this call needs it; issues says where.`, { issues })
}
