// Which pages there are, in the order of the navigation. Each is fetched when it is first looked at.
import type { ComponentType } from 'preact'
import type { IconName } from '../widget/panel/icons.ts'
import type { PageProps } from './page-props.ts'
import type { Words } from './words/words.ts'

interface PageEntry {
  /** As the address names it: `#/name`. */
  name: keyof Words['pages']
  icon: IconName
  load(): Promise<{ Page: ComponentType<PageProps> }>
}

export const pages: readonly [PageEntry, ...PageEntry[]] = [
  {
    name: 'campaigns',
    icon: 'M3.25 8.25v3.5h2.5l7.5 4V4.25l-7.5 4ZM16 8a3 3 0 0 1 0 4M6.25 12l1 4.25h2',
    load: () => import('./pages/campaigns/page.tsx'),
  },
  { name: 'log', icon: 'doc', load: () => import('./pages/log/page.tsx') },
  { name: 'contacts', icon: 'user', load: () => import('./pages/contacts/page.tsx') },
  { name: 'templates', icon: 'template', load: () => import('./pages/templates/page.tsx') },
]
