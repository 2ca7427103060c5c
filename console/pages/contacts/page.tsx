// The contacts: all of them, one, an import, those who opted out.
import { Tabs } from '../../parts/tabs.tsx'
import type { PageProps } from '../../page-props.ts'
import { goTo } from '../go.ts'
import './contacts.css'
import '../pages.css'
import { ContactView } from './contact-view.tsx'
import { Import } from './import.tsx'
import { ContactList } from './list.tsx'
import { OptOuts } from './opt-outs.tsx'
import { contactWords } from './words.ts'

const tabs = ['list', 'import', 'optOuts'] as const
type Tab = (typeof tabs)[number]
/** No id of a contact has a sign before it. */
const addresses: Record<Tab, string> = { list: '#/contacts', import: '#/contacts/-import', optOuts: '#/contacts/-opt-outs' }

export function Page({ api, rest, locale }: PageProps) {
  const words = contactWords[locale]
  const props = { api, words, locale }
  const [path = '', query = ''] = rest.split('?')
  const [first = '', second = ''] = path.split('/').map(decodeURIComponent)
  const given = new URLSearchParams(query)
  const tab: Tab | null = first === '' ? 'list' : first === '-import' ? 'import' : first === '-opt-outs' ? 'optOuts' : null
  if (tab === null) return <ContactView key={first} {...props} id={first} isEditing={second === 'edit'} />
  return (
    <>
      <header class="page-head">
        <h1>{words.title}</h1>
      </header>
      <Tabs
        label={words.title}
        value={tab}
        options={tabs.map((value) => ({ value, label: words.tabs[value] }))}
        onChange={(next) => goTo(addresses[next])}
      >
        {tab === 'list' && <ContactList {...props} q={given.get('q') ?? ''} tag={given.get('tag') ?? ''} />}
        {tab === 'import' && <Import {...props} />}
        {tab === 'optOuts' && <OptOuts {...props} />}
      </Tabs>
    </>
  )
}
