// All conversations: search, filters, the unfiled tray, the list, and what stands there instead of it.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { Empty, Skeleton } from './empty.tsx'
import { queryOf } from './filters.ts'
import { Icon } from './icon.tsx'
import { InboxFilters, InboxHead } from './inbox-head.tsx'
import { InboxList } from './inbox-list.tsx'
import { onDemand } from './on-demand.tsx'
import { useShared } from './shared-state.ts'
import { splitSentence } from './status-mark.tsx'
import { Strip } from './strip.tsx'
import { useDelayed } from './use-delayed.ts'

const Nothing = onDemand(async () => (await import('./nothing/nothing-chunk.ts')).nothing.Nothing)
const Kept = onDemand(async () => (await import('./kept/kept.tsx')).Kept)
const RoundDone = onDemand(async () => (await import('./round/round.tsx')).RoundDone)
const FoundMessages = onDemand(async () => (await import('./search/search.ts')).search.FoundMessages)

export function Inbox() {
  const { client, words, inbox, round, count } = useShared()
  const filterKey = inbox.filter
  const scroller = useRef<HTMLDivElement>(null)
  const search = inbox.search.value
  const asked = client.inbox.filter.value
  const state = client.inbox.state.value
  const items = client.inbox.items.value
  const searching = search.trim() !== '' || asked.q !== undefined
  // Without a connection the strip says what is the matter: the list claims nothing beside it.
  const link = client.link.value
  const knows = link === 'online' || link === 'slow'
  const skeleton = useDelayed(state === 'loading' && items.length === 0, 200)

  // Nothing is asked before somebody looks: this is the look.
  useEffect(() => client.inbox.setFilter(queryOf(filterKey, inbox.search.peek())), [filterKey])

  useLayoutEffect(() => {
    if (!inbox.isFresh || !asked.awaiting || state !== 'ready') return
    if (items.length > 0) inbox.isFresh = false
    else choose('all')
  }, [asked, state])

  function choose(key: string): void {
    inbox.filter = key
    inbox.isFresh = false
    inbox.scrollTop = 0
    inbox.activeId = null
    client.inbox.setFilter(queryOf(key, ''))
  }

  const unfiled = searching || (filterKey !== 'all' && filterKey !== 'awaiting') ? 0 : (client.counts.value?.unfiled ?? 0)
  return (
    <div class="view">
      <InboxHead />
      {!searching && <InboxFilters onChange={choose} />}
      <Strip isList />
      {round.value && <RoundDone />}
      <div class={searching ? 'body ruled' : 'body'} ref={scroller} aria-busy={state === 'loading'} data-inbox={state}>
        {unfiled > 0 && (
          <button type="button" class="tray" onClick={() => choose('unfiled')}>
            <Icon name="inbox" />
            <span class="grow cut">{count(words.tray, unfiled)}</span>
            <Icon name="right" class="s16 muted" />
          </button>
        )}
        {!searching && state === 'ready' && client.drafts.value.size + client.unsent.value.length > 0 && (
          <Kept filterKey={filterKey} items={items} />
        )}
        {searching && items.length > 0 && <div class="group">{words.conversations}</div>}
        {items.length > 0 && (
          <InboxList items={items} scroller={scroller} context={JSON.stringify(asked)} search={searching ? search : ''} />
        )}
        {skeleton && <Skeleton />}
        {state === 'ready' && asked.q !== undefined && <FoundMessages q={asked.q} isAll={items.length === 0} />}
        {knows && state === 'ready' && asked.q === undefined && items.length === 0 && !inbox.isFresh && (
          <Nothing filterKey={filterKey} onChoose={choose} />
        )}
        {knows && state === 'error' && <LoadError onRetry={() => void client.inbox.reload()} />}
      </div>
    </div>
  )
}

export function LoadError({ onRetry }: { onRetry(): void }) {
  const { words } = useShared()
  const [title, rest] = splitSentence(words.loadError)
  return (
    <Empty icon="alert" title={title}>
      <p>{rest}</p>
      <button type="button" class="btn" onClick={onRetry}>
        <Icon name="retry" />
        {words.retry}
      </button>
    </Empty>
  )
}
