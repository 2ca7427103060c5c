// What became of each recipient, and the next right thing to do about it.
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { CampaignRecipient, CampaignShown, RecipientStatus } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import { formatPhone } from '../../../widget/locales/format-phone.ts'
import type { Api } from '../../api.ts'
import { Pill, type PillKind } from '../../parts/pill.tsx'
import { Problem } from '../../parts/problem.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { formatMoment, useShell } from '../../shell.ts'
import { FailedMessage } from './failed-message.tsx'
import type { CampaignWords } from './words.ts'

/** Each with what the call is asked for. */
const filters = {
  all: {},
  pending: { status: 'pending' },
  entered: { state: 'entered' },
  failed: { status: 'failed' },
  skipped: { status: 'skipped' },
} as const
type Filter = keyof typeof filters
const names = Object.keys(filters) as Filter[]
const arms = ['', '0', '1'] as const
type ArmChoice = (typeof arms)[number]
const kinds: Record<RecipientStatus, PillKind> = {
  pending: 'waits',
  queued: 'active',
  sent: 'plain',
  delivered: 'good',
  read: 'good',
  failed: 'bad',
  skipped: 'plain',
}

interface Page {
  items: CampaignRecipient[]
  nextCursor: string | null
}
interface RecipientsProps {
  api: Api
  campaign: CampaignShown
  words: CampaignWords
}

export function Recipients({ api, campaign, words }: RecipientsProps) {
  const { recipients } = words
  const [filter, setFilter] = useState<Filter>('all')
  const [arm, setArm] = useState<ArmChoice>('')
  const armName = (one: ArmChoice) => (one === '' ? words.both : fill(words.arm, { letter: one === '0' ? 'A' : 'B' }))
  return (
    <section class="stack" aria-labelledby="recipients">
      <h2 id="recipients">{recipients.title}</h2>
      {campaign.templateB !== null && (
        <select
          class="field which-arm"
          aria-label={words.compose.template}
          value={arm}
          onChange={({ currentTarget }) => setArm(arms.find((one) => one === currentTarget.value) ?? '')}
        >
          {arms.map((one) => (
            <option key={one} value={one}>
              {armName(one)}
            </option>
          ))}
        </select>
      )}
      <Tabs<Filter>
        label={recipients.title}
        value={filter}
        options={names.map((value) => ({ value, label: recipients.filters[value] }))}
        onChange={setFilter}
      >
        <List key={`${filter} ${arm}`} api={api} campaign={campaign} words={words} filter={filter} arm={arm} />
      </Tabs>
    </section>
  )
}

function List({ api, campaign, words, filter, arm }: RecipientsProps & { filter: Filter; arm: ArmChoice }) {
  const { recipients } = words
  const [page, setPage] = useState<Page | null>(null)
  const [isLoading, setIsLoading] = useState(true)
  const [error, setError] = useState<unknown>(null)
  const path = `/api/campaigns/${encodeURIComponent(campaign.id)}/recipients`
  const load = useCallback(
    async (after: Page | null) => {
      setIsLoading(true)
      try {
        const query = { limit: 50, cursor: after?.nextCursor, arm, ...filters[filter] }
        const next = await api.get<Page>(path, query)
        setPage(after === null ? next : { ...next, items: [...after.items, ...next.items] })
        setError(null)
      } catch (wrong) {
        setError(wrong)
      } finally {
        setIsLoading(false)
      }
    },
    [api, path, filter, arm],
  )
  // The first page follows what is told; further ones stand as they were read.
  const told = Object.values(campaign.counts).join()
  const hasMore = page !== null && page.items.length > 50
  useEffect(() => {
    if (!hasMore) void load(null)
  }, [load, told])

  const columns: Column<CampaignRecipient>[] = [
    { name: recipients.who, cell: (one) => <Who one={one} /> },
    ...(campaign.templateB === null
      ? []
      : [{ name: words.compose.template, isMinor: true, cell: ({ arm }: CampaignRecipient) => (arm === 0 ? 'A' : 'B') }]),
    { name: recipients.status, cell: (one) => <Became one={one} words={words} /> },
    { name: recipients.what, cell: (one) => <Next api={api} one={one} campaign={campaign} words={words} /> },
  ]
  return (
    <>
      <Problem error={error} onAgain={() => void load(null)} />
      {(page !== null || error === null) && (
        <Table
          label={recipients.title}
          columns={columns}
          rows={page?.items ?? null}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          onMore={page?.nextCursor ? () => void load(page) : null}
          empty={recipients.none}
        />
      )}
    </>
  )
}

function Who({ one: { to, name } }: { one: CampaignRecipient }) {
  return (
    <>
      {name !== null && name !== to && <b>{name}</b>}
      <span class="num who-number">{to === '' ? '–' : formatPhone(to)}</span>
    </>
  )
}

function Became({ one: { status, dueAt, answered, reason }, words }: { one: CampaignRecipient; words: CampaignWords }) {
  const shell = useShell()
  const { recipients, skips } = words
  const waits = status === 'pending' && dueAt !== null && Date.parse(dueAt) > Date.now()
  return (
    <>
      <Pill kind={kinds[status]} {...(status === 'skipped' ? { icon: 'ban' } : {})}>
        {recipients.statuses[status]}
        {answered && ` · ${recipients.answered}`}
      </Pill>
      {waits && <p class="muted small">{fill(recipients.notBefore, { t: formatMoment(shell, dueAt) })}</p>}
      {reason !== null && <p class="muted small">{skips[reason]?.title ?? reason}</p>}
    </>
  )
}

function Next({ api, one, campaign, words }: RecipientsProps & { one: CampaignRecipient }) {
  const { status, reason, messageId, detail } = one
  const href = `#/log/${new URLSearchParams({ campaignId: campaign.id, message: messageId ?? '' })}`
  if (status === 'failed' && messageId !== null) return <FailedMessage api={api} one={one} href={href} words={words} />
  if (reason !== null)
    return (
      <span class="muted" title={detail ?? undefined}>
        {words.skips[reason]?.how ?? detail}
      </span>
    )
  if (messageId === null) return <span class="muted">–</span>
  return (
    <a class="link" href={href}>
      {words.recipients.message}
    </a>
  )
}
