// One campaign: what it is, what can be done with it now, whom it would reach, what became of it.
import type { CampaignShown } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Icon } from '../../../widget/panel/icon.tsx'
import type { Api } from '../../api.ts'
import { Loading } from '../../parts/loading.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { formatMoment, useShell } from '../../shell.ts'
import { Facts } from './facts.tsx'
import { Figures } from './figures.tsx'
import { Preflight } from './preflight.tsx'
import { Recipients } from './recipients.tsx'
import { StatePill } from './state.tsx'
import { Steps } from './steps.tsx'
import { useCampaign } from './use-campaign.ts'
import type { CampaignWords } from './words.ts'

interface DetailProps {
  api: Api
  words: CampaignWords
  id: string
}

export function Detail({ api, words, id }: DetailProps) {
  const shell = useShell()
  const { campaign, error, put, load } = useCampaign(api, id)
  if (campaign === null) return error === null ? <Loading /> : <Problem error={error} onAgain={() => void load()} />
  const isDraft = campaign.status === 'draft'
  return (
    <>
      <a class="crumb" href="#/campaigns">
        <Icon name="back" />
        {words.all}
      </a>
      <div class="page-head">
        <h1>{campaign.name}</h1>
        <StatePill campaign={campaign} words={words} />
        <Steps api={api} campaign={campaign} words={words} onChanged={put} />
      </div>
      <p class="muted by">{fill(words.facts.by, { name: campaign.createdBy.name, when: formatMoment(shell, campaign.createdAt) })}</p>
      <Problem error={error} onAgain={() => void load()} />
      <Paused campaign={campaign} words={words} />
      {campaign.listing && !isDraft && <Notice>{words.listing}</Notice>}
      <div class="two">
        <div class="stack">{isDraft ? <Preflight api={api} words={words} id={id} /> : <Figures campaign={campaign} words={words} />}</div>
        <Facts campaign={campaign} words={words} />
      </div>
      {(!isDraft || campaign.audience.type === 'upload') && <Recipients api={api} campaign={campaign} words={words} />}
    </>
  )
}

function Paused({ campaign: { status, pause }, words }: { campaign: CampaignShown; words: CampaignWords }) {
  if (status !== 'paused' || pause === null) return null
  // A newer server may have reasons that this page does not know: its own words stand then.
  const told = words.pauses[pause.reason] ?? { title: pause.detail, how: '' }
  const hasDetail = pause.detail !== '' && pause.reason !== 'asked' && pause.reason !== 'look' && pause.detail !== told.title
  return (
    <Notice kind="caution" title={told.title}>
      <p>{told.how}</p>
      {hasDetail && <p class="muted">{pause.detail}</p>}
    </Notice>
  )
}
