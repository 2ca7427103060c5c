// Whether two databases hold the same: every kind is counted, and a hash is made of every row, of a thread's messages one hash
// together. Both are read in the same order, so that memory holds a page of each and no more.
import { createHash } from 'node:crypto'
import { type Copied, type CopiedKind, rowKeys } from './copied.ts'
import type { CopyEnd } from './copy-end.ts'
import { pagesOf, stepsOf } from './copy-rows.ts'

export interface Compared {
  /** Of the source, by kind. */
  counts: Partial<Record<CopiedKind, number>>
  /** The first that were found, in words; none: the two are equal. */
  differences: string[]
}

/** More are not named. */
const MOST = 20

/** A row or a thread: how it is told to people, and what is in it. */
interface Part {
  key: string
  name: string
  rows: number
  hash: string
}

export async function compareCopies(source: CopyEnd, target: CopyEnd): Promise<Compared> {
  const [here, there] = await Promise.all([source.organizations(), target.organizations()])
  const compared: Compared = { counts: {}, differences: [] }
  for (const { kind, orgId } of stepsOf([...new Set([...here, ...there])])) {
    let rows = 0
    for await (const [ours, theirs] of pairs(partsOf(source, kind, orgId), partsOf(target, kind, orgId))) {
      rows += ours?.rows ?? 0
      const difference = differenceOf(ours, theirs)
      if (difference !== null && compared.differences.length < MOST) compared.differences.push(`${kind}: ${difference}`)
    }
    compared.counts[kind] = (compared.counts[kind] ?? 0) + rows
  }
  return compared
}

function differenceOf(source: Part | undefined, target: Part | undefined): string | null {
  if (target === undefined) return `${source?.name} is missing in the target`
  if (source === undefined) return `${target.name} is in the target alone`
  if (source.rows !== target.rows) return `${source.name} has ${source.rows} in the source and ${target.rows} in the target`
  return source.hash === target.hash ? null : `${source.name} is another one in the target`
}

/** Those of one key together, in the order of the keys as bytes. */
async function* pairs(source: AsyncGenerator<Part>, target: AsyncGenerator<Part>): AsyncGenerator<[Part | undefined, Part | undefined]> {
  let [ours, theirs] = await Promise.all([source.next(), target.next()])
  while (!ours.done || !theirs.done) {
    const order = ours.done ? 1 : theirs.done ? -1 : Buffer.compare(Buffer.from(ours.value.key), Buffer.from(theirs.value.key))
    yield [order <= 0 ? ours.value || undefined : undefined, order >= 0 ? theirs.value || undefined : undefined]
    if (order <= 0) ours = await source.next()
    if (order >= 0) theirs = await target.next()
  }
}

async function* partsOf<K extends CopiedKind>(end: CopyEnd, kind: K, orgId: string): AsyncGenerator<Part> {
  let open: { key: string; rows: number; hash: ReturnType<typeof createHash> } | null = null
  const close = ({ key, rows, hash }: NonNullable<typeof open>): Part => ({ key, name: nameOf(kind, key), rows, hash: hash.digest('hex') })
  for await (const { rows } of pagesOf(end, kind, orgId))
    for (const row of rows) {
      const key = keyOf(kind, row)
      if (open !== null && open.key !== key) {
        yield close(open)
        open = null
      }
      open ??= { key, rows: 0, hash: createHash('sha256') }
      open.rows++
      open.hash.update(textOf(row))
    }
  if (open !== null) yield close(open)
}

/** Messages are taken together by their thread. */
function keyOf<K extends CopiedKind>(kind: K, row: Copied[K]): string {
  const parts = rowKeys[kind](row)
  return (kind === 'messages' ? parts.slice(0, 1) : parts).join('\u0000')
}

const nameOf = (kind: CopiedKind, key: string): string =>
  `${kind === 'conversations' || kind === 'messages' || kind === 'readers' ? 'conversation ' : ''}${key.split('\u0000').join(' ')}`

/** With the names of its fields in order, and without what is not compared or not set. */
function textOf(row: object): string {
  return JSON.stringify(row, (name, value: unknown) => {
    if (name === 'answers') return undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
