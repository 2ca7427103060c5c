// The inbox's filters: three in the bar, the rest in the menu.
import type { InboxCounts } from '../../shared/model.ts'
import type { ConversationQuery } from '../../shared/requests.ts'
import type { Words } from '../locales/words.ts'
import type { IconName } from './icons.ts'

export interface Filter {
  key: string
  word: keyof Pick<
    Words,
    'all' | 'mine' | 'unassigned' | 'unfiled' | 'awaiting' | 'failedFilter' | 'automated' | 'snoozed' | 'closedFilter'
  >
  query: ConversationQuery
  /** Which of the server's numbers is about it. */
  counted?: keyof InboxCounts
  /** In the place of `word`: a tag. */
  label?: string
  /** Only those in the menu. */
  icon?: IconName
}

export const barFilters: Filter[] = [
  { key: 'awaiting', word: 'awaiting', query: { status: 'open', awaiting: true, sort: 'waiting' }, counted: 'awaiting' },
  { key: 'all', word: 'all', query: { status: 'open' }, counted: 'open' },
  { key: 'mine', word: 'mine', query: { status: 'open', assignee: 'me' }, counted: 'mine' },
]

export const menuFilters: (Filter & { icon: IconName })[] = [
  { key: 'unassigned', word: 'unassigned', icon: 'user', query: { status: 'open', assignee: 'none' }, counted: 'unassigned' },
  { key: 'unfiled', word: 'unfiled', icon: 'inbox', query: { status: 'open', unfiled: true }, counted: 'unfiled' },
  { key: 'failed', word: 'failedFilter', icon: 'alert', query: { failed: true, automated: true }, counted: 'failed' },
  { key: 'automated', word: 'automated', icon: 'bolt', query: { automated: true } },
  { key: 'snoozed', word: 'snoozed', icon: 'calendar', query: { status: 'snoozed' }, counted: 'snoozed' },
  { key: 'closed', word: 'closedFilter', icon: 'tick', query: { status: 'closed' } },
]

const TAG = 'tag:'

/** Whatever has this tag, also what is closed. */
export const tagFilter = (tag: string): Filter & { label: string } => ({
  key: TAG + tag,
  word: 'all',
  label: tag,
  query: { tag, automated: true },
})

export function filterOf(key: string): Filter {
  if (key.startsWith(TAG)) return tagFilter(key.slice(TAG.length))
  return [...barFilters, ...menuFilters].find((filter) => filter.key === key) ?? { key: 'all', word: 'all', query: { status: 'open' } }
}

/** A search looks everywhere, also in what is closed. */
export function queryOf(key: string, search: string): ConversationQuery {
  const q = search.trim()
  return q === '' ? filterOf(key).query : { q, automated: true }
}
