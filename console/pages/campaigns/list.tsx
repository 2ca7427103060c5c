// All campaigns, the newest first, with how far each is. What moves is told, and asked for again.
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { CampaignShown } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import type { Api } from '../../api.ts'
import { useCampaignEvents } from '../../live.ts'
import { Problem } from '../../parts/problem.tsx'
import { Progress } from '../../parts/progress.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { count, formatMoment, useShell } from '../../shell.ts'
import { figuresOf, partsOf, percent } from './count-figures.ts'
import { StatePill } from './state.tsx'
import type { CampaignWords } from './words.ts'

const PAGE = 25

interface Listed {
  items: CampaignShown[]
  nextCursor: string | null
}

export function CampaignList({ api, words }: { api: Api; words: CampaignWords }) {
  const shell = useShell()
  const [list, setList] = useState<Listed | null>(null)
  const [isLoading, setIsLoading] = useState(true)
  const [error, setError] = useState<unknown>(null)

  const load = useCallback(
    async (after: Listed | null) => {
      setIsLoading(true)
      try {
        const page = await api.get<Listed>('/api/campaigns', { limit: PAGE, cursor: after?.nextCursor })
        setList(after === null ? page : { ...page, items: [...after.items, ...page.items] })
        setError(null)
      } catch (wrong) {
        setError(wrong)
      } finally {
        setIsLoading(false)
      }
    },
    [api],
  )
  useEffect(() => void load(null), [load])
  useCampaignEvents(({ id, status, pause, counts }) =>
    setList((last) => last && { ...last, items: last.items.map((one) => (one.id === id ? { ...one, status, pause, counts } : one)) }),
  )

  const columns: Column<CampaignShown>[] = [
    { name: words.name, cell: (one) => <a href={`#/campaigns/${one.id}`}>{one.name}</a> },
    { name: words.state, cell: (one) => <StatePill campaign={one} words={words} /> },
    { name: words.progress, cell: (one) => <HowFar campaign={one} words={words} /> },
    { name: words.outcome, isMinor: true, cell: (one) => <Outcome campaign={one} words={words} /> },
    { name: words.made, isMinor: true, cell: (one) => <span class="muted">{formatMoment(shell, one.createdAt)}</span> },
  ]
  return (
    <>
      <div class="page-head">
        <h1>{words.title}</h1>
        <a class="btn primary" href="#/campaigns/new">
          {words.make}
        </a>
      </div>
      <Problem error={error} onAgain={() => void load(null)} />
      {(list !== null || error === null) && (
        <Table
          label={words.title}
          columns={columns}
          rows={list?.items ?? null}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          onMore={list?.nextCursor ? () => void load(list) : null}
          onOpen={({ id }) => {
            location.hash = `#/campaigns/${id}`
          }}
          empty={
            <>
              <p>{words.none}</p>
              <p class="muted">{words.noneHint}</p>
            </>
          }
        />
      )}
    </>
  )
}

interface OfOne {
  campaign: CampaignShown
  words: CampaignWords
}

function HowFar({ campaign, words }: OfOne) {
  const { locale } = useShell()
  const { total, settled } = figuresOf(campaign.counts)
  if (campaign.status === 'draft' && total === 0) return <span class="muted">–</span>
  return (
    <div class="how-far">
      <Progress label={`${words.progress}: ${campaign.name}`} parts={partsOf(campaign.counts)} total={total} />
      <span class="muted num">
        {campaign.listing && campaign.status !== 'draft'
          ? words.listing
          : `${percent(settled, total) ?? 0} % · ${count(locale, words.people, total)}`}
      </span>
    </div>
  )
}

function Outcome({ campaign: { counts }, words }: OfOne) {
  const { tried, arrived } = figuresOf(counts)
  if (tried === 0) return <span class="muted">–</span>
  const said = (text: string, n: number) => fill(text, { n: percent(n, tried) ?? 0 })
  return (
    <span class="num">
      {said(words.arrived, arrived)}
      {counts.failed > 0 && <span class="danger-text"> · {said(words.failed, counts.failed)}</span>}
      {counts.answered > 0 && ` · ${said(words.answered, counts.answered)}`}
    </span>
  )
}
