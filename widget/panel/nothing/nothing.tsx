// Stands in the place of an empty list: why it is empty, and what to do next.
import { formatPhone } from '../../locales/format-phone.ts'
import { Empty } from '../empty.tsx'
import { Icon } from '../icon.tsx'
import { useShared } from '../shared-state.ts'
import { splitSentence } from '../status-mark.tsx'
import { useNothingWords } from './nothing-words.ts'

interface NothingProps {
  filterKey: string
  onChoose(key: string): void
}

export function Nothing({ filterKey, onChoose }: NothingProps) {
  const { client, words, say, count, go } = useShared()
  const own = useNothingWords()
  const free = client.counts.value?.unassigned
  if (filterKey === 'mine' || filterKey === 'awaiting') {
    const [title, rest] = splitSentence(own.allCaughtUp)
    return (
      <Empty icon="tick" title={title}>
        <p>
          {rest}
          {filterKey === 'mine' && free ? ` ${count(own.unassignedLeft, free)}` : ''}
        </p>
        {filterKey === 'awaiting' && (
          <button type="button" class="btn" onClick={() => onChoose('all')}>
            {words.seeAllConversations}
          </button>
        )}
        {filterKey === 'mine' && free !== 0 && (
          <button type="button" class="btn" onClick={() => onChoose('unassigned')}>
            {own.seeUnassigned}
          </button>
        )}
      </Empty>
    )
  }
  if (filterKey !== 'all')
    return (
      <Empty icon="tick" title={words.nothingHere}>
        <button type="button" class="btn" onClick={() => onChoose('all')}>
          {words.seeAllConversations}
        </button>
      </Empty>
    )
  const number = client.ready.value?.channels.find((one) => one.ready)?.sender
  return (
    <Empty icon="inbox" title={own.empty}>
      <p>
        {number ? `${say(own.emptyHint, { n: formatPhone(number) })} ` : ''}
        {own.emptyStart}
      </p>
      <button type="button" class="btn primary" onClick={() => go({ at: 'new' })}>
        <Icon name="plus" />
        {words.newMessage}
      </button>
    </Empty>
  )
}
