// Takes a list of those who want no more messages in, as `GET /api/opt-outs` exports it, or as another program does.
import { channel as channels } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import type { ColumnMapping, ImportField } from '../../shared/import-columns.ts'
import { readOptedOut, readTime } from '../rules/import-values.ts'
import { type TableRow, readTable } from './read-table.ts'
import { createReport, type RowFault } from './report.ts'
import { type ListedWish, sayListedWish } from './say-opted-out.ts'

const fields = [
  ...['phone', 'address', 'channel', 'sender', 'optedOut', 'optedOutScope', 'optedOutAt'],
] as const satisfies readonly ImportField[]
export type OptOutField = (typeof fields)[number]

export interface OptOutsImported {
  accepted: number
  changed: number
  failed: number
  faults: RowFault[]
}

/** @throws DomainError as `readTable` and the store do; what stands before is in. */
export async function importOptOuts(
  parts: Parts,
  caller: Caller,
  bytes: AsyncIterable<Uint8Array>,
  mapping: ColumnMapping<OptOutField> | undefined,
): Promise<OptOutsImported> {
  const report = createReport()
  const counts = { accepted: 0, changed: 0 }
  const now = parts.clock.now()
  for await (const row of readTable(bytes, { fields, mapping, oneOf: ['phone', 'address'] })) {
    const wish = 'fault' in row ? row : wishOf(row, now)
    if ('fault' in wish) {
      report.fail(row.line, wish.fault)
      continue
    }
    try {
      if (await sayListedWish(parts, caller, wish)) counts.changed++
      counts.accepted++
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'unavailable') throw error
      report.fail(row.line, error.message)
    }
  }
  return { ...counts, ...report.told() }
}

function wishOf({ values }: TableRow<OptOutField>, now: number): ListedWish | { fault: string } {
  const to = values.phone ?? values.address
  if (to === undefined) return { fault: 'has no number' }
  const channel = values.channel === undefined ? null : channels.safeParse(values.channel.toLowerCase())
  if (channel?.success === false) return { fault: 'has a channel that is neither whatsapp nor sms' }
  const said = readOptedOut(values.optedOut ?? values.optedOutScope ?? 'yes')
  const scope = values.optedOutScope === undefined ? said : readOptedOut(values.optedOutScope)
  if (said === undefined || scope === undefined)
    return { fault: 'does not say clearly whether the client opted out: write yes, no or marketing' }
  const at = values.optedOutAt === undefined ? null : readTime(values.optedOutAt)
  if (values.optedOutAt !== undefined && at === null) return { fault: 'has a date that is none; write 2026-03-02' }
  if (at !== null && at > now) return { fault: 'has a date in the future' }
  return { channel: channel?.data ?? null, to: () => to, from: values.sender, out: said !== null, scope: scope ?? 'all', at }
}
