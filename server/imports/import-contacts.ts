// Takes a list of clients in, as it is read: a batch at a time, so that neither memory nor other work suffers from its length.
import type { Channel } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import type { ColumnMapping } from '../../shared/import-columns.ts'
import type { ContactImported } from '../store/records.ts'
import { tell } from '../tell.ts'
import { type ContactField, contactFields, type ContactRow, readContact } from './read-contact.ts'
import { createReport, type RowFault } from './report.ts'
import { readTable } from './read-table.ts'
import { sayListedWish } from './say-opted-out.ts'

export interface ImportContacts {
  columns?: ColumnMapping<ContactField> | undefined
  /** Heads of columns that are attributes; `all`: every one that is nothing else. */
  attributes: readonly string[] | 'all'
  channel: Channel
  /** Says what would be, and changes nothing. */
  dryRun: boolean
}

export interface ContactsImported {
  created: number
  updated: number
  unchanged: number
  failed: number
  faults: RowFault[]
}

interface Waiting extends ContactRow {
  line: number
}

/** One transaction holds up whatever else is written: some milliseconds. */
const BATCH = 100

/**
 * Each row by itself: who is broken is told by its line, the others are in. The same list again changes nothing.
 *
 * @throws DomainError as `readTable` and the store do; what stands before the line that it names is in.
 */
export async function importContacts(
  parts: Parts,
  caller: Caller,
  bytes: AsyncIterable<Uint8Array>,
  { columns, attributes, channel, dryRun }: ImportContacts,
): Promise<ContactsImported> {
  const { defaultCountry } = parts.organizationOf(caller.orgId).settings
  const options = { channel, defaultCountry, attributes, now: parts.clock.now() }
  const counts = { created: 0, updated: 0, unchanged: 0 }
  const report = createReport()
  const madeBefore = createSeen()
  let batch: Waiting[] = []
  let line = 0

  async function takeBatch(): Promise<void> {
    const rows = batch
    batch = []
    const drafts = rows.map(({ draft }) => draft)
    const { imported, changes } = await parts.store.importContacts(caller.orgId, drafts, { now: parts.clock.now(), dryRun })
    tell(parts, changes)
    for (const [index, row] of rows.entries()) {
      const result = imported[index]
      if (result === undefined) throw new Error('The store left a row out.')
      if (result.outcome === 'refused') report.fail(row.line, result.message)
      else counts[dryRun && madeBefore(row, result) ? 'updated' : result.outcome]++
      if (result.outcome !== 'refused' && row.optOut !== null && !dryRun) {
        const fault = await sayOptedOut(parts, caller, row)
        if (fault !== null) report.fault(row.line, fault)
      }
    }
  }

  try {
    for await (const row of readTable(bytes, {
      fields: contactFields,
      mapping: columns,
      oneOf: ['phone', 'whatsapp', 'sms', 'externalId'],
    })) {
      const read = 'fault' in row ? row : readContact(row, options)
      line = row.line
      if ('fault' in read) report.fail(row.line, read.fault)
      else batch.push({ line: row.line, ...read })
      if (batch.length >= BATCH) await takeBatch()
    }
    await takeBatch()
  } catch (error) {
    throw await endedAt(error)
  }
  return { ...counts, ...report.told() }

  /** What was read before is kept; where it ended is said. */
  async function endedAt(error: unknown): Promise<unknown> {
    const first = batch[0]?.line
    const isKept = await takeBatch().then(
      () => true,
      () => false,
    )
    const upTo = isKept || first === undefined ? line : first - 1
    if (upTo === 0 || dryRun) return error
    parts.log.warn({ line: upTo, ...counts }, 'An import of contacts ended early')
    if (!(error instanceof DomainError)) return error
    const { code, message, more } = error
    return new DomainError(code, `${message} It is in up to line ${upTo}; send the list again, what is in does not change.`, more)
  }
}

/** Answers why it could not be said; null: it was. */
async function sayOptedOut(parts: Parts, caller: Caller, { draft, optOut }: ContactRow): Promise<string | null> {
  const first = draft.addresses[0]?.phone
  if (optOut === null) return null
  if (first === undefined) return 'has an opt-out and no number: the opt-out is not in'
  const to = (on: Channel) => draft.addresses.find(({ channel }) => channel === on)?.phone ?? first
  try {
    await sayListedWish(parts, caller, { channel: null, to, out: true, ...optOut })
    return null
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'no_sender') throw error
    return 'is in, but not its opt-out: there is no sender'
  }
}

/** Whether an earlier row of a list that is only tried would have made this contact. */
function createSeen(): (row: Waiting, result: ContactImported) => boolean {
  const seen = new Set<string>()
  return ({ draft }, { outcome }) => {
    if (outcome !== 'created') return false
    const names = draft.addresses.map(({ keys }) => keys[0])
    if (draft.externalId !== null) names.push(`id ${draft.externalId}`)
    const known = names.some((name) => seen.has(name))
    for (const name of names) seen.add(name)
    return known
  }
}
