// Campaigns: all of them, one of them, a new one.
import type { PageProps } from '../../page-props.ts'
import './campaigns.css'
import { CampaignList } from './list.tsx'
import { Compose } from './compose/compose.tsx'
import { Detail } from './detail.tsx'
import { campaignWords } from './words.ts'

export function Page({ api, rest, locale }: PageProps) {
  const words = campaignWords[locale]
  const [id = '', query = ''] = rest.split('?')
  if (id === '') return <CampaignList api={api} words={words} />
  if (id === 'new') return <Compose key={query} api={api} words={words} from={new URLSearchParams(query).get('from')} />
  return <Detail key={id} api={api} words={words} id={decodeURIComponent(id)} />
}
