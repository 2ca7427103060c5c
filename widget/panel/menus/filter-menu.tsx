// The filters that the bar has no room for.
import { formatCount } from '../../locales/format.ts'
import { type Filter, menuFilters } from '../filters.ts'
import type { PopupProps } from '../popup.tsx'
import { useShared } from '../shared-state.ts'
import { MenuList } from './menu-list.tsx'

export function FilterMenu({ onPick, ...popup }: PopupProps & { onPick(key: string): void }) {
  const { client, words } = useShared()
  const counts = client.counts.value
  const numberOf = ({ key, counted }: Filter) =>
    key === 'awaiting' ? client.unread.value.awaitingReply : counts && counted ? counts[counted] : 0
  return (
    <MenuList
      {...popup}
      items={menuFilters.map((filter) => ({
        label: words[filter.word],
        icon: filter.icon,
        ...(numberOf(filter) > 0 ? { end: formatCount(numberOf(filter)) } : {}),
        onPick: () => onPick(filter.key),
      }))}
    />
  )
}
