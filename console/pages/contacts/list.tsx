// Contacts by name, number, the host's id or a tag, page by page.
import type { Contact } from '../../../shared/model.ts'
import { Pill } from '../../parts/pill.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Table } from '../../parts/table.tsx'
import { useShell } from '../../shell.ts'
import { formatDay } from '../format.ts'
import { goTo, replaceWith } from '../go.ts'
import { SearchField } from '../search-field.tsx'
import { usePages } from '../use-pages.ts'
import { contactAddress } from './contact-address.ts'
import type { ContactProps } from './contact-props.ts'
import { nameOf, numbersOf } from './name-of.ts'

const addressOf = (q: string, tag: string): string => {
  const given = new URLSearchParams({ ...(q === '' ? {} : { q }), ...(tag === '' ? {} : { tag }) }).toString()
  return given === '' ? '#/contacts' : `#/contacts?${given}`
}

export function ContactList({ api, words, q, tag }: ContactProps & { q: string; tag: string }) {
  const query = { ...(q === '' ? {} : { q }), ...(tag === '' ? {} : { tag }), limit: 50 }
  const list = usePages(JSON.stringify(query), (cursor) =>
    api.get<{ items: Contact[]; nextCursor: string | null }>('/api/contacts', { ...query, cursor }),
  )
  const shell = useShell()
  const isFiltered = q !== '' || tag !== ''
  return (
    <>
      <search class="filters">
        <div class="filters-row">
          <div class="filters-search">
            <SearchField label={words.search} value={q} onChange={(text) => replaceWith(addressOf(text, tag))} />
          </div>
          {tag !== '' && (
            <a class="btn set" href={addressOf(q, '')} aria-label={`${words.tag}: ${tag} ×`}>
              {words.tag}: {tag} <span aria-hidden="true">×</span>
            </a>
          )}
        </div>
      </search>
      <Problem error={list.error} onAgain={list.again} />
      {(list.error === null || list.items !== null) && (
        <Table
          label={words.title}
          columns={[
            {
              name: words.name,
              cell: (one) => (
                <a href={contactAddress(one.id)} class="cell-main">
                  {nameOf(one, words)}
                </a>
              ),
            },
            { name: words.addresses, cell: (one) => <span class="num">{numbersOf(one)}</span> },
            {
              name: words.tags,
              isMinor: true,
              cell: (one) => (
                <span class="tags">
                  {one.tags.map((each) => (
                    <span key={each} class="tag">
                      {each}
                    </span>
                  ))}
                </span>
              ),
            },
            { name: words.optOuts, cell: (one) => <OptOutPill contact={one} words={words} /> },
            { name: words.externalId, isMinor: true, cell: (one) => one.externalId },
            { name: words.changed, isMinor: true, cell: (one) => <time dateTime={one.updatedAt}>{formatDay(shell, one.updatedAt)}</time> },
          ]}
          rows={list.items}
          keyOf={({ id }) => id}
          isLoading={list.isLoading}
          onMore={list.more}
          onOpen={({ id }) => goTo(contactAddress(id))}
          empty={
            <>
              <h2>{isFiltered ? words.none : words.noneYet}</h2>
              <p>{isFiltered ? words.noneHint : words.noneYetHint}</p>
            </>
          }
        />
      )}
    </>
  )
}

function OptOutPill({ contact, words }: Pick<ContactProps, 'words'> & { contact: Contact }) {
  const scopes = contact.optOuts.map(({ scope }) => scope)
  if (scopes.length === 0) return null
  const scope = scopes.includes('all') ? 'all' : 'marketing'
  return (
    <Pill kind="waits" icon="ban">
      {words.scopes[scope]}
    </Pill>
  )
}
