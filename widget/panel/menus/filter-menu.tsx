// The filters that the bar has no room for, a round through all who wait, and the tags of what is listed.
import { formatCount } from '../../locales/format.ts'
import { type Filter, menuFilters, tagFilter } from '../filters.ts'
import type { IconName } from '../icons.ts'
import type { PopupProps } from '../popup.tsx'
import { useShared } from '../shared-state.ts'
import { type MenuItem, MenuList } from './menu-list.tsx'
import { useMenuWords } from './menu-words.ts'
import { TAG } from './tag-icon.ts'

const MOST_TAGS = 8
const ROUND = 'M4.3 6.4A6.75 6.75 0 1 1 3.25 10M3.6 3.4v3.4H7'

const round = () => import('../round/round.tsx')
/** The strip says so already. */
const noNetwork = () => {}

export function FilterMenu({ onPick, ...popup }: PopupProps & { onPick(key: string): void }) {
  const shared = useShared()
  const { client, words, zone } = shared
  const own = useMenuWords()
  const counts = client.counts.value
  const numberOf = ({ counted }: Filter) => (counts && counted ? counts[counted] : 0)
  const tags = [...new Set(client.inbox.items.value.flatMap((one) => one.tags))].sort((a, b) => a.localeCompare(b, zone.locale))
  const itemOf = (filter: Filter & { icon: IconName }): MenuItem => ({
    label: filter.label ?? words[filter.word],
    icon: filter.icon,
    ...(numberOf(filter) > 0 ? { end: formatCount(numberOf(filter)) } : {}),
    onPick: () => onPick(filter.key),
  })
  const begin = () => void round().then(({ roundKey }) => roundKey(shared), noNetwork)
  return (
    <MenuList
      {...popup}
      items={[
        ...menuFilters.map(itemOf),
        { label: own.round, icon: ROUND, end: 'R', onPick: begin },
        ...tags.slice(0, MOST_TAGS).map((tag) => itemOf({ ...tagFilter(tag), icon: TAG })),
      ]}
    />
  )
}
