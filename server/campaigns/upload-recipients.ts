// Takes a table of recipients in, CSV or JSON lines, batch by batch. The same table again adds nobody: each is listed once by the number.
import { type RecipientInput, recipientInput, type RecipientsUploaded } from '../../shared/campaigns.ts'
import type { ColumnMapping, ImportField } from '../../shared/import-columns.ts'
import { type Row, readTable } from '../imports/read-table.ts'
import type { Organization } from '../organizations.ts'
import type { Caller, Parts } from '../parts.ts'
import type { Campaign } from '../rules/campaign.ts'
import type { RecipientDraft } from '../rules/recipient.ts'
import { findCampaign, mayList } from './change-campaign.ts'
import { draftRecipient } from './draft-recipient.ts'

const fields = ['phone', 'whatsapp', 'sms', 'name', 'coordinationId', 'text'] as const satisfies readonly ImportField[]
export type RecipientField = (typeof fields)[number]

const BATCH = 500
const MOST_TOLD = 100
/** As the list in a JSON body has them, in a line of its own. */
const VARIABLES = 'variables.'

/** @throws DomainError `not_found`, `conflict` (also where it is started meanwhile), and as `readTable`; what stands before is in. */
export async function uploadRecipients(
  parts: Parts,
  caller: Caller,
  id: string,
  bytes: AsyncIterable<Uint8Array>,
  mapping: ColumnMapping<RecipientField> | undefined,
): Promise<RecipientsUploaded> {
  const own = parts.organizationOf(caller.orgId)
  const campaign = await findCampaign(parts, caller, id)
  mayList(campaign)
  const done: RecipientsUploaded = { accepted: 0, doubles: 0, rejectedCount: 0, rejected: [] }
  const reject = (one: RecipientsUploaded['rejected'][number]) => {
    done.rejectedCount++
    if (done.rejected.length < MOST_TOLD) done.rejected.push(one)
  }
  let batch: RecipientDraft[] = []
  const keep = async () => {
    mayList(await findCampaign(parts, caller, id))
    const valid = batch.filter(({ skipped }) => skipped === null)
    const added = await parts.store.listRecipients(own.id, id, valid)
    done.accepted += added
    done.doubles += valid.length - added
    // They are listed, too, so that it is seen who gets nothing.
    const refused = batch.filter(({ skipped }) => skipped !== null)
    await parts.store.listRecipients(own.id, id, refused)
    batch = []
  }
  for await (const row of readTable(bytes, { fields, mapping, oneOf: ['phone', campaign.channel] })) {
    const read = readRow(parts, own, campaign, row)
    if ('code' in read) {
      reject({ line: row.line, ...read })
      continue
    }
    const { to, skipped } = read
    if (skipped !== null) reject({ line: row.line, to, code: 'invalid_phone', detail: skipped.detail })
    batch.push(read)
    if (batch.length === BATCH) await keep()
  }
  await keep()
  return done
}

type Refused = { to: string; code: 'invalid_row'; detail: string }

function readRow(parts: Parts, own: Organization, campaign: Campaign, row: Row<RecipientField>): RecipientDraft | Refused {
  if ('fault' in row) return { to: '', code: 'invalid_row', detail: `The row ${row.fault}.` }
  const { name, coordinationId, text } = row.values
  // The channel's own column goes first: a table may have a telephone and a WhatsApp number.
  const to = row.values[campaign.channel] ?? row.values.phone
  if (to === undefined) return { to: '', code: 'invalid_row', detail: 'The row has no number.' }
  const variables = Object.fromEntries(
    Object.entries(row.others).map(([head, value]) => [head.startsWith(VARIABLES) ? head.slice(VARIABLES.length) : head, value]),
  )
  const wanted: RecipientInput = { to, name, coordinationId, text, variables }
  const checked = recipientInput.safeParse(wanted)
  if (checked.success) return draftRecipient(parts, own, campaign, checked.data)
  const [issue] = checked.error.issues
  return { to, code: 'invalid_row', detail: `${issue?.path.join('.') ?? 'The row'}: ${issue?.message ?? 'is not valid'}` }
}
