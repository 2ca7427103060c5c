// The draft is kept; some rows of its file could not be taken.
import { formatPhone } from '../../../../widget/locales/format-phone.ts'
import { Notice } from '../../../parts/notice.tsx'
import { Table } from '../../../parts/table.tsx'
import { count, useShell } from '../../../shell.ts'
import type { CampaignWords } from '../words.ts'
import type { Saved } from './save.ts'

const SHOWN = 100

export function RejectedRows({ saved: { campaign, rejected }, words }: { saved: Saved; words: CampaignWords }) {
  const { locale } = useShell()
  const { compose, skips } = words
  const title = count(locale, compose.rejected, rejected.length)
  return (
    <>
      <div class="page-head">
        <h1>{campaign.name}</h1>
        <a class="btn primary" href={`#/campaigns/${campaign.id}`}>
          {compose.goThere}
        </a>
      </div>
      <Notice kind="caution" title={title} />
      <Table
        label={title}
        rows={rejected.slice(0, SHOWN)}
        keyOf={({ line, detail }) => `${line} ${detail}`}
        columns={[
          { name: '#', isNumber: true, cell: ({ line }) => line },
          { name: words.recipients.who, cell: ({ to }) => (to === '' ? '–' : formatPhone(to)) },
          { name: words.preflight.why, cell: ({ to, detail }) => (to === '' ? skips.no_phone.title : detail) },
        ]}
      />
    </>
  )
}
