// How every event of a client is answered: `{ ok: true, … }` or `{ ok: false, error: Problem }`, whatever it sent.
import type { z } from 'zod'
import type { Problem } from '../../shared/problems.ts'
import { DomainError, problem } from '../../shared/problems.ts'

export type Ack = (answer: object) => void

/** A packet full of faults must not be answered with a larger one. */
const MAX_ISSUES = 20

/** @throws DomainError `validation_failed` with an issue per wrong field. */
export function parse<S extends z.ZodType>(schema: S, payload: unknown): z.output<S> {
  const result = schema.safeParse(payload ?? {})
  if (result.success) return result.data
  const issues = result.error.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
  throw new DomainError('validation_failed', 'The request is not as the contract says; see issues.', { issues })
}

/** An error as a client is told it; anything that is no domain error is a fault of ours and stays inside. */
export function toProblem(error: unknown): { problem: Problem; ours: boolean } {
  if (error instanceof DomainError) return { problem: error.problem, ours: error.code === 'internal' }
  return { problem: problem('internal', 'Something went wrong on our side. It has been noted; please try again.'), ours: true }
}

/** The acknowledgement is the last argument where the client asked for one. */
export function splitArguments(args: readonly unknown[]): { payload: unknown; ack: Ack | null } {
  const last = args.at(-1)
  if (typeof last !== 'function') return { payload: args[0], ack: null }
  return { payload: args.length > 1 ? args[0] : undefined, ack: last as Ack }
}
