// The templates by their names, with where each stands; searched and by language, page by page.
import { useState } from 'preact/hooks'
import type { Template, TemplateCounts } from '../../../shared/model.ts'
import { fill } from '../../../widget/locales/format.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Table } from '../../parts/table.tsx'
import { formatNumber } from '../../shell.ts'
import { goTo, replaceWith } from '../go.ts'
import { SearchField } from '../search-field.tsx'
import { usePages } from '../use-pages.ts'
import { categoryText, qualityText, StatePill } from './state.tsx'
import { addressOf } from './template-address.ts'
import type { TemplateProps } from './template-props.ts'
import { languages } from './words.ts'

const listAddress = (q: string, language: string): string => {
  const given = new URLSearchParams({ ...(q === '' ? {} : { q }), ...(language === '' ? {} : { language }) }).toString()
  return given === '' ? '#/templates' : `#/templates?${given}`
}

export function TemplateList({ api, words, locale, q, language }: TemplateProps & { q: string; language: string }) {
  const [isSyncing, setIsSyncing] = useState(false)
  const [counts, setCounts] = useState<TemplateCounts | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const query = { q, language, limit: 50 }
  const list = usePages<Template>(`${q} ${language}`, (cursor) => api.get('/api/templates', { ...query, cursor }), addressOf)
  const isFiltered = q !== '' || language !== ''

  async function sync(): Promise<void> {
    setIsSyncing(true)
    setProblem(null)
    try {
      setCounts(await api.send<TemplateCounts>('POST', '/api/templates/sync'))
      list.again()
    } catch (wrong) {
      setProblem(wrong)
    } finally {
      setIsSyncing(false)
    }
  }
  const told = (one: TemplateCounts) =>
    fill(words.synced, Object.fromEntries(Object.entries(one).map(([name, n]) => [name, formatNumber(locale, n)])))

  return (
    <>
      <header class="page-head">
        <h1>{words.title}</h1>
        <div class="page-actions">
          <Button icon="retry" isBusy={isSyncing} onClick={() => void sync()}>
            {isSyncing ? words.syncing : words.sync}
          </Button>
          <a class="btn primary" href="#/templates/new">
            {words.create}
          </a>
        </div>
      </header>
      <search class="filters">
        <div class="filters-row">
          <div class="filters-search">
            <SearchField label={words.search} value={q} onChange={(text) => replaceWith(listAddress(text, language))} />
          </div>
          <select
            class={language === '' ? 'field fit' : 'field fit set'}
            aria-label={words.language}
            value={language}
            onChange={(event) => goTo(listAddress(q, event.currentTarget.value))}
          >
            <option value="">{words.anyLanguage}</option>
            {[...new Set([...languages.map((one) => one.slice(0, 2)), ...(language === '' ? [] : [language])])].map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
      </search>
      {counts !== null && <Notice kind="good">{told(counts)}</Notice>}
      <Problem error={problem} />
      <Problem error={list.error} onAgain={list.again} />
      {(list.error === null || list.items !== null) && (
        <Table
          label={words.title}
          columns={[
            {
              name: words.name,
              cell: (one) => (
                <>
                  <a class="cell-main" href={addressOf(one)}>
                    {one.name}
                  </a>
                  <span class="text muted" dir="auto">
                    {one.body}
                  </span>
                  {one.rejection !== null && <span class="why">{one.rejection}</span>}
                </>
              ),
            },
            { name: words.language, cell: (one) => one.language },
            { name: words.state, cell: (one) => <StatePill template={one} words={words} /> },
            { name: words.category, isMinor: true, cell: (one) => categoryText(one, words) },
            { name: words.quality, isMinor: true, cell: (one) => qualityText(one, words) },
            { name: words.type, isMinor: true, cell: (one) => words.types[one.type] },
          ]}
          rows={list.items}
          keyOf={(one) => addressOf(one)}
          isLoading={list.isLoading}
          onMore={list.more}
          onOpen={(one) => goTo(addressOf(one))}
          empty={
            <>
              <h2>{isFiltered ? words.none : words.noneYet}</h2>
              <p>{isFiltered ? words.noneHint : words.noneYetHint}</p>
              {!isFiltered && (
                <a class="btn" href="#/templates/new">
                  {words.createFirst}
                </a>
              )}
            </>
          }
        />
      )}
    </>
  )
}
