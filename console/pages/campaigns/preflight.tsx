// A look ahead: whom the campaign would reach now, and who gets nothing, why, and what to do about it.
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Preflight as Found, SkipReason } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import { formatPhone } from '../../../widget/locales/format-phone.ts'
import type { Api } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { Pill } from '../../parts/pill.tsx'
import { Problem } from '../../parts/problem.tsx'
import { count, formatNumber, tags, useShell } from '../../shell.ts'
import type { CampaignWords } from './words.ts'

/** As far as the server knows what it would cost. */
interface Cost {
  amount: number | null
  currency: string | null
  asOf: string | null
  unknown: number
}
type Looked = Found & { cost?: Cost | null }

const EXAMPLES = 3

export function Preflight({ api, words, id }: { api: Api; words: CampaignWords; id: string }) {
  const [found, setFound] = useState<Looked | null>(null)
  const [isLooking, setIsLooking] = useState(true)
  const [error, setError] = useState<unknown>(null)
  const look = useCallback(async () => {
    setIsLooking(true)
    setError(null)
    try {
      setFound(await api.send<Looked>('POST', `/api/campaigns/${encodeURIComponent(id)}/preflight`))
    } catch (wrong) {
      setError(wrong)
    } finally {
      setIsLooking(false)
    }
  }, [api, id])
  useEffect(() => void look(), [look])

  const { preflight } = words
  return (
    <section class="card stack" aria-label={preflight.title} aria-busy={isLooking}>
      <div class="figures-head">
        <h2>{preflight.title}</h2>
        <Button isSmall isBusy={isLooking} onClick={() => void look()}>
          {isLooking ? preflight.looking : preflight.again}
        </Button>
      </div>
      <Problem error={error} onAgain={() => void look()} />
      {found !== null && <Result found={found} words={words} />}
    </section>
  )
}

function Result({ found, words }: { found: Looked; words: CampaignWords }) {
  const { locale } = useShell()
  const { preflight, skips } = words
  const reasons = Object.entries(found.skipped) as [SkipReason, number][]
  const skipped = reasons.reduce((sum, [, n]) => sum + n, 0)
  const exampleOf = (reason: SkipReason) => found.examples.filter((one) => one.reason === reason).slice(0, EXAMPLES)
  return (
    <>
      <div role="status">
        <ul class="looked">
          <li>
            {found.ready > 0 ? (
              <Pill kind="good">{count(locale, preflight.ready, found.ready)}</Pill>
            ) : (
              <Pill kind="bad">{preflight.nobody}</Pill>
            )}
          </li>
          {found.later > 0 && (
            <li>
              <Pill kind="waits" icon="clock">
                {count(locale, preflight.later, found.later)}
              </Pill>
            </li>
          )}
          {found.doubles > 0 && (
            <li>
              <Pill icon="tick">{count(locale, preflight.doubles, found.doubles)}</Pill>
            </li>
          )}
          {skipped > 0 && (
            <li>
              <Pill kind="bad" icon="ban">
                {count(locale, preflight.skipped, skipped)}
              </Pill>
            </li>
          )}
        </ul>
      </div>
      {found.cost && <CostLine cost={found.cost} words={words} />}
      {found.truncated && <p class="muted">{preflight.truncated}</p>}
      {skipped > 0 && (
        <table class="why" aria-label={preflight.why}>
          <thead>
            <tr>
              <th scope="col">{preflight.why}</th>
              <th scope="col" class="num">
                {preflight.how}
              </th>
            </tr>
          </thead>
          <tbody>
            {reasons
              .toSorted(([, one], [, other]) => other - one)
              .map(([reason, n]) => (
                <tr key={reason}>
                  <td>
                    <b>{skips[reason]?.title ?? reason}</b>
                    <p class="muted">{skips[reason]?.how}</p>
                    <p class="examples muted">
                      <span class="sr">{preflight.examples}: </span>
                      {exampleOf(reason).map(({ to, detail }) => (
                        <span key={`${to} ${detail}`} title={detail}>
                          {to === '' ? '–' : formatPhone(to)}
                        </span>
                      ))}
                    </p>
                  </td>
                  <td class="num">{formatNumber(locale, n)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function CostLine({ cost: { amount, currency, asOf, unknown }, words: { preflight } }: { cost: Cost; words: CampaignWords }) {
  const { locale } = useShell()
  if (amount === null || currency === null) return <p class="muted">{count(locale, preflight.costUnknown, unknown)}</p>
  const money = new Intl.NumberFormat(tags[locale], { style: 'currency', currency }).format(amount)
  const day = asOf === null ? '' : new Intl.DateTimeFormat(tags[locale], { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(asOf))
  return (
    <p>
      <b class="num">{fill(preflight.cost, { amount: money })}</b>
      <span class="muted">
        {day !== '' && ` · ${fill(preflight.costAsOf, { day })}`}
        {unknown > 0 && ` · ${count(locale, preflight.costUnknown, unknown)}`}
      </span>
    </p>
  )
}
