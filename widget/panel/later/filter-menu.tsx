// The filters that the bar has no room for.
import { menuFilters } from '../filters.ts'
import type { PopupProps } from '../popup.tsx'
import { useShared } from '../shared-state.ts'
import { MenuList } from './menu-list.tsx'

export function FilterMenu({ onPick, ...popup }: PopupProps & { onPick(key: string): void }) {
  const { client, words } = useShared()
  const awaiting = client.unread.value.awaitingReply
  return (
    <MenuList
      {...popup}
      items={menuFilters.map((filter) => ({
        label: words[filter.word],
        icon: filter.icon,
        // The one number that the server tells anyway.
        ...(filter.key === 'awaiting' && awaiting > 0 ? { end: String(awaiting) } : {}),
        onPick: () => onPick(filter.key),
      }))}
    />
  )
}
