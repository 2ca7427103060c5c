// What a campaign is: its message, whom it is for, how it goes.
import type { ComponentChildren } from 'preact'
import type { CampaignShown } from '../../../shared/campaigns.ts'
import { fill } from '../../../widget/locales/format.ts'
import { count, formatNumber, useShell } from '../../shell.ts'
import { startText } from './start-text.ts'
import type { CampaignWords } from './words.ts'

type Template = NonNullable<CampaignShown['template']>

export function Facts({ campaign, words }: { campaign: CampaignShown; words: CampaignWords }) {
  const shell = useShell()
  const { locale } = shell
  const { facts } = words
  const { template, templateB, text, channel, purpose, firstSlice, maxPerSecond, variables } = campaign
  const starts = startText(shell, words, campaign)
  return (
    <dl class="card facts">
      <Fact name={`${facts.message} · ${words.channels[channel]} · ${words.purposes[purpose]}`}>
        {template === null ? (
          <span class="said">{text}</span>
        ) : (
          <TemplateName template={template} letter={templateB && 'A'} words={words} />
        )}
        {templateB !== null && <TemplateName template={templateB} letter="B" words={words} />}
        {Object.entries({ ...variables, ...template?.variables }).map(([name, value]) => (
          <span class="muted" key={name}>
            {name}: {value}
          </span>
        ))}
      </Fact>
      <Fact name={facts.audience}>{audienceText(campaign, words, locale)}</Fact>
      <Fact name={words.compose.pace}>
        <span>{fill(facts.pace, { n: formatNumber(locale, maxPerSecond) })}</span>
        <span>{firstSlice === null ? facts.noSlice : fill(facts.slice, { n: formatNumber(locale, firstSlice) })}</span>
      </Fact>
      {starts !== null && <Fact name={facts.starts}>{starts}</Fact>}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function TemplateName({ template, letter, words }: { template: Template; letter: string | null; words: CampaignWords }) {
  const named = template.language === undefined ? template.name : `${template.name} (${template.language})`
  return <span>{letter === null ? named : `${fill(words.arm, { letter })}: ${named}`}</span>
}

function audienceText({ audience }: CampaignShown, { audiences }: CampaignWords, locale: Parameters<typeof count>[0]): string {
  switch (audience.type) {
    case 'all':
    case 'upload':
      return audiences[audience.type]
    case 'tag':
      return fill(audiences.tag, { tag: audience.tag })
    case 'field':
      return fill(audiences.field, { field: audience.field, value: String(audience.value) })
    case 'coordinations':
      return count(locale, audiences.coordinations, audience.ids.length)
    case 'phones':
      return count(locale, audiences.phones, audience.phones.length)
  }
}
