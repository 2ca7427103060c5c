// What a database says of the copy that made it: from where, how far it came, and whether it is whole.
import { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'

const shape = z.object({
  /** The database that it is copied from. */
  from: z.string(),
  /** The last page that was written. */
  at: z.object({ orgId: z.string(), kind: z.string(), after: z.array(z.union([z.string(), z.number()])) }).nullable(),
  /** By this database's clock; null: it is not whole. */
  finishedAt: z.number().nullable(),
})
export type CopyMark = z.output<typeof shape>

export function readMark(text: string | null | undefined): CopyMark | null {
  return text === null || text === undefined ? null : shape.parse(JSON.parse(text))
}

/**
 * When this database was made by a copy, ms; 0: it was not.
 *
 * @throws DomainError `unavailable` where a copy into it is not whole: a server would take the half for all there is.
 */
export function copiedAt(text: string | null | undefined): number {
  const mark = readMark(text)
  if (mark === null) return 0
  if (mark.finishedAt === null)
    throw new DomainError(
      'unavailable',
      'A copy into this database is not whole. Run the same npm run hilo -- copy again, which goes on where it stopped, or begin anew with an empty database.',
    )
  return mark.finishedAt
}
