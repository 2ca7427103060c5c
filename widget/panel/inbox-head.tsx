// Above the list: search, a new message, close; and the filters, one tab stop with arrows.
import { useEffect, useRef } from 'preact/hooks'
import { formatCount } from '../locales/format.ts'
import { barFilters, filterOf, queryOf } from './filters.ts'
import { Icon } from './icon.tsx'
import { dock, DOCK } from './dock.ts'
import { onDemand } from './on-demand.tsx'
import { isPlain } from './own-events.ts'
import { PopupButton } from './popup.tsx'
import { useShared } from './shared-state.ts'
import { isAway } from './is-away.ts'

const FilterMenu = onDemand(async () => (await import('./menus/menus.ts')).menus.FilterMenu)

const Bell = () => <Icon name="bell" />
const AwayBell = onDemand(async () => (await import('./away/away.tsx')).AwayBell, Bell)

const TYPED_MS = 250

export function InboxHead() {
  const { client, words, inbox, inline, frame, full, panes, go, close } = useShared()
  const input = useRef<HTMLInputElement>(null)
  const typed = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(typed.current), [])

  function search(text: string, afterMs: number): void {
    inbox.search.value = text
    clearTimeout(typed.current)
    typed.current = setTimeout(() => {
      inbox.scrollTop = 0
      client.inbox.setFilter(queryOf(inbox.filter, text))
    }, afterMs)
  }

  return (
    <div class="head">
      <label class="searchbox">
        <Icon name="search" class="s16" />
        <input
          ref={input}
          type="search"
          data-focus="search"
          aria-label={words.search}
          placeholder={words.search}
          value={inbox.search.value}
          onInput={(event) => search(event.currentTarget.value, TYPED_MS)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || inbox.search.value === '') return
            event.preventDefault()
            event.stopPropagation()
            search('', 0)
          }}
        />
        {inbox.search.value !== '' && (
          <button
            type="button"
            class="ib mini"
            aria-label={words.clearSearch}
            onClick={() => {
              search('', 0)
              input.current?.focus()
            }}
          >
            <Icon name="close" class="s14" />
          </button>
        )}
      </label>
      <button type="button" class="ib" aria-label={words.newMessage} title={words.newMessage} onClick={() => go({ at: 'new' })}>
        <Icon name="plus" />
      </button>
      <button type="button" class="ib" aria-label={words.settings} title={words.settings} onClick={() => go({ at: 'settings' })}>
        {isAway(client) ? <AwayBell /> : <Bell />}
      </button>
      {!inline && !full.value && (
        <button
          type="button"
          class="ib"
          aria-label={words.dock}
          title={words.dock}
          aria-pressed={frame.value.isDocked}
          onClick={() => dock(frame)}
        >
          <Icon name={DOCK} />
        </button>
      )}
      {!inline && !panes.value && (
        <button type="button" class="ib close" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}

export function InboxFilters({ onChange }: { onChange(key: string): void }) {
  const { client, words, inbox } = useShared()
  const counts = client.counts.value
  const bar = useRef<HTMLDivElement>(null)
  const chosen = filterOf(inbox.filter)
  const inMenu = !barFilters.some((filter) => filter.key === chosen.key)
  const chosenWord = chosen.label ?? words[chosen.word]

  function onKeyDown(event: KeyboardEvent): void {
    const stops = [...(bar.current?.querySelectorAll<HTMLElement>('.tab') ?? [])]
    const at = stops.indexOf(event.target as HTMLElement)
    if (at < 0 || !isPlain(event)) return
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    stops[(to + stops.length) % stops.length]?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows between the tabs and the menu beside them
    <div class="tabs" ref={bar} onKeyDown={onKeyDown}>
      <div class="tablist" role="tablist" aria-label={words.filters}>
        {barFilters.map((filter) => (
          <button
            key={filter.key}
            type="button"
            class="tab"
            role="tab"
            aria-selected={filter.key === chosen.key}
            tabIndex={filter.key === chosen.key || (inMenu && filter.key === 'all') ? 0 : -1}
            onClick={() => onChange(filter.key)}
          >
            <span class="cut" title={words[filter.word]}>
              {words[filter.word]}
            </span>
            {counts && filter.counted && (
              <b class="hide-s" translate={false}>
                {formatCount(counts[filter.counted])}
              </b>
            )}
          </button>
        ))}
      </div>
      <span class="grow" />
      <PopupButton
        label={inMenu ? `${words.more}: ${chosenWord}` : words.more}
        class={inMenu ? 'tab is-on' : 'tab'}
        tabIndex={-1}
        popup={FilterMenu}
        with={{ onPick: onChange }}
      >
        <span class="cut">{inMenu ? chosenWord : words.more}</span>
        <Icon name="down" />
      </PopupButton>
    </div>
  )
}
