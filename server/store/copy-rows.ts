// Copies one database into another, page by page. Killed at any point it goes on with the page that it was at: rows that are
// there already are left as they are, and how far it came is noted after each page.
import { DomainError } from '../../shared/problems.ts'
import { kindsOfOrganization, type CopiedKind, type RowKey } from './copied.ts'
import type { CopyEnd } from './copy-end.ts'
import { type CopyMark, readMark } from './copy-mark.ts'

/** Rows that are held at once. */
const PAGE = 500

export interface Step {
  orgId: string
  kind: CopiedKind
}

/** All that there is to copy, in its order. */
export const stepsOf = (organizations: readonly string[]): Step[] => [
  { orgId: '', kind: 'kept' },
  ...organizations.flatMap((orgId) => kindsOfOrganization.map((kind) => ({ orgId, kind }))),
]

/** Every row of one kind, page by page. */
export async function* pagesOf<K extends CopiedKind>(end: CopyEnd, kind: K, orgId: string, from: RowKey | null = null) {
  for (let after = from; ; ) {
    const { rows, next } = await end.read(kind, orgId, after, PAGE)
    yield { rows, next }
    if (next === null) return
    after = next
  }
}

/**
 * An empty target becomes that of this copy; one that this copy began goes on.
 *
 * @throws DomainError `conflict` for any other, which is left as it is.
 */
export async function beginCopy(source: CopyEnd, target: CopyEnd): Promise<CopyMark> {
  const known = readMark(await target.mark())
  if (known?.from === source.id) return known
  const kept = await target.read('kept', '', null, 1)
  if (known !== null || kept.rows.length > 0 || (await target.organizations()).length > 0)
    throw new DomainError(
      'conflict',
      known === null
        ? 'The target of --to holds data already. Give an empty database: nothing is mixed.'
        : 'The target of --to was copied from another database. Give an empty one: nothing is mixed.',
    )
  const mark: CopyMark = { from: source.id, at: null, finishedAt: null }
  await target.setMark(JSON.stringify(mark))
  return mark
}

/** `tell` hears of every page. The mark is left unfinished: whoever compared the two finishes it. */
export async function copyRows(
  source: CopyEnd,
  target: CopyEnd,
  mark: CopyMark,
  tell: (step: Step, rows: number) => void = () => {},
): Promise<void> {
  const steps = stepsOf(await source.organizations())
  const { at } = mark
  const first = at === null ? 0 : steps.findIndex(({ orgId, kind }) => orgId === at.orgId && kind === at.kind)
  for (const [index, step] of steps.entries()) {
    if (index < first) continue
    const { orgId, kind } = step
    for await (const { rows, next } of pagesOf(source, kind, orgId, index === first && at !== null ? at.after : null)) {
      if (rows.length > 0) await target.write(kind, orgId, rows)
      if (next !== null) await target.setMark(JSON.stringify({ ...mark, at: { orgId, kind, after: [...next] } } satisfies CopyMark))
      tell(step, rows.length)
    }
  }
}
