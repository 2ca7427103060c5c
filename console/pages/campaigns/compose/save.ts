// Keeps a draft: the campaign, then those whom its file brings, a thousand at a time.
import type { CampaignShown } from '../../../../shared/campaigns.ts'
import type { Template } from '../../../../shared/model.ts'
import { type Api, ApiProblem } from '../../../api.ts'
import { bodyOf, type Draft, MOST_LISTED } from './draft.ts'
import { recipientIn, type RowRecipient, type TableRow } from './table-file.ts'

export interface Rejected {
  line: number
  to: string
  detail: string
}

export interface Saved {
  campaign: CampaignShown
  rejected: Rejected[]
}

interface SaveOptions {
  api: Api
  draft: Draft
  templates: readonly Template[]
  timezone: string
  /** The same one again keeps the same campaign: after a failure one presses again. */
  key: string
  /** How much of the file is there, from 0 to 1. */
  onProgress(part: number): void
}

export async function saveDraft({ api, draft, templates, timezone, key, onProgress }: SaveOptions): Promise<Saved> {
  const body = { ...bodyOf(draft, templates, timezone), clientMessageId: key }
  const { campaign } = await api.send<{ campaign: CampaignShown }>('POST', '/api/campaigns', body)
  const rejected: Rejected[] = []
  if (draft.audience !== 'upload' || draft.file === null) return { campaign, rejected }

  let done = 0
  let lot: TableRow[] = []
  const bring = async (): Promise<void> => {
    const rows = lot
    lot = []
    if (rows.length === 0) return
    rejected.push(...(await bringRows(api, campaign.id, rows, draft)))
    done += rows.length
    onProgress(done / Math.max(1, draft.file?.count ?? 1))
  }
  for await (const row of draft.file.rows()) {
    lot.push(row)
    if (lot.length === MOST_LISTED) await bring()
  }
  await bring()
  return { campaign, rejected }
}

type Answer = { rejected: { index: number; to: string; detail: string }[] }
interface Given {
  row: TableRow
  recipient: RowRecipient
}

async function bringRows(api: Api, id: string, rows: readonly TableRow[], { columns }: Draft): Promise<Rejected[]> {
  const all: Given[] = rows.map((row) => ({ row, recipient: recipientIn(row, columns) }))
  const rejected = all.filter(({ recipient }) => recipient.to === '').map(({ row }) => ({ line: row.line, to: '', detail: '' }))
  for (let given = all.filter(({ recipient }) => recipient.to !== ''); given.length > 0; ) {
    try {
      const body = { recipients: given.map(({ recipient }) => recipient) }
      const answer = await api.send<Answer>('PUT', `/api/campaigns/${encodeURIComponent(id)}/recipients`, body)
      return [...rejected, ...answer.rejected.map(({ index, to, detail }) => ({ line: given[index]?.row.line ?? 0, to, detail }))]
    } catch (error) {
      // Rows that do not fit keep no other one out.
      const faults = faultsIn(error)
      if (faults.size === 0) throw error
      for (const [index, detail] of faults)
        rejected.push({ line: given[index]?.row.line ?? 0, to: given[index]?.recipient.to ?? '', detail })
      given = given.filter((_, index) => !faults.has(index))
    }
  }
  return rejected
}

/** By the place of the recipient in the call. */
function faultsIn(error: unknown): Map<number, string> {
  const issues = error instanceof ApiProblem && error.problem.code === 'validation_failed' ? (error.problem.issues ?? []) : []
  const found = issues.flatMap(({ path, message }) => {
    const [, index, field = ''] = /^recipients\.(\d+)\.?(.*)$/.exec(path) ?? []
    return index === undefined ? [] : [[Number(index), `${field} ${message}`.trim()] as const]
  })
  return new Map(found)
}
