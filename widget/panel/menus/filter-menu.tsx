// The filters that the bar has no room for, and the tags of what is listed.
import { formatCount } from '../../locales/format.ts'
import { type Filter, menuFilters, tagFilter } from '../filters.ts'
import type { IconName } from '../icons.ts'
import type { PopupProps } from '../popup.tsx'
import { useShared } from '../shared-state.ts'
import { MenuList } from './menu-list.tsx'
import { TAG } from './tag-icon.ts'

const MOST_TAGS = 8

export function FilterMenu({ onPick, ...popup }: PopupProps & { onPick(key: string): void }) {
  const { client, words, zone } = useShared()
  const counts = client.counts.value
  const numberOf = ({ counted }: Filter) => (counts && counted ? counts[counted] : 0)
  const tags = [...new Set(client.inbox.items.value.flatMap((one) => one.tags))].sort((a, b) => a.localeCompare(b, zone.locale))
  const all: (Filter & { icon: IconName })[] = [
    ...menuFilters,
    ...tags.slice(0, MOST_TAGS).map((tag) => ({ ...tagFilter(tag), icon: TAG })),
  ]
  return (
    <MenuList
      {...popup}
      items={all.map((filter) => ({
        label: filter.label ?? words[filter.word],
        icon: filter.icon,
        ...(numberOf(filter) > 0 ? { end: formatCount(numberOf(filter)) } : {}),
        onPick: () => onPick(filter.key),
      }))}
    />
  )
}
