// Campaigns: all of them, one of them, a new one.
import type { PageProps } from '../../page-props.ts'
import './campaigns.css'
import { CampaignList } from './list.tsx'
import { campaignWords } from './words.ts'

export function Page({ api, locale }: PageProps) {
  return <CampaignList api={api} words={campaignWords[locale]} />
}
