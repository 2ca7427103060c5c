// What became of a campaign's messages, for each template where two are compared.
import type { CampaignCounts, CampaignShown } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Progress } from '../../parts/progress.tsx'
import { count, formatNumber, useShell } from '../../shell.ts'
import { figuresOf, partsOf, percent } from './count-figures.ts'
import type { CampaignWords } from './words.ts'

const shown = ['pending', 'queued', 'sent', 'delivered', 'read', 'failed', 'skipped', 'answered'] as const

export function Figures({ campaign: { counts, arms }, words }: { campaign: CampaignShown; words: CampaignWords }) {
  const { locale } = useShell()
  const { total, settled } = figuresOf(counts)
  return (
    <section class="card" aria-label={words.figures}>
      <div class="figures-head">
        <h2>{words.figures}</h2>
        <span class="muted num">
          {percent(settled, total) ?? 0} % · {count(locale, words.people, total)}
        </span>
      </div>
      <Progress label={words.progress} parts={partsOf(counts)} total={total} />
      {arms === undefined ? <Tiles counts={counts} words={words} /> : <Arms arms={arms} all={counts} words={words} />}
    </section>
  )
}

function Tiles({ counts, words }: { counts: CampaignCounts; words: CampaignWords }) {
  const { locale } = useShell()
  const { tried } = figuresOf(counts)
  return (
    <dl class="tiles">
      {shown.map((name) => (
        <div key={name} class={name === 'failed' && counts.failed > 0 ? 'bad' : undefined}>
          <dt>{words.counts[name]}</dt>
          <dd class="num">
            {formatNumber(locale, counts[name])}
            {name !== 'pending' && name !== 'skipped' && counts[name] > 0 && <small> {percent(counts[name], tried)} %</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Side by side: which of the two is taken better is seen in the hundredths. */
function Arms({ arms, all, words }: { arms: readonly CampaignCounts[]; all: CampaignCounts; words: CampaignWords }) {
  const { locale } = useShell()
  const columns = [
    ...arms.map((counts, at) => ({ name: fill(words.arm, { letter: at === 0 ? 'A' : 'B' }), counts })),
    { name: words.both, counts: all },
  ]
  return (
    <table class="arms">
      <thead>
        <tr>
          <td />
          {columns.map(({ name }) => (
            <th key={name} scope="col" class="num">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
          <tr key={row}>
            <th scope="row">{words.counts[row]}</th>
            {columns.map(({ name, counts }) => (
              <td key={name} class="num">
                {formatNumber(locale, counts[row])}
                {row !== 'pending' && row !== 'skipped' && (
                  <small class="muted"> {percent(counts[row], figuresOf(counts).tried) ?? 0} %</small>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
