// The rows: of thousands only those in sight are in the page. One tab stop; arrows, Home, End, Enter.
import type { RefObject } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../shared/model.ts'
import { useHeldOrder } from './hold-order.ts'
import { InboxRow } from './inbox-row.tsx'
import { isPlain } from './own-events.ts'
import { useShared } from './shared-state.ts'
import { useRowPlaces } from './use-row-places.ts'

/** Rows before the end at which the next page is asked for. */
const AHEAD = 20

interface ListProps {
  items: readonly OwnConversation[]
  scroller: RefObject<HTMLDivElement | null>
  context: string
  search: string
}

export function InboxList({ items, scroller, context, search }: ListProps) {
  const { client, words, inbox, full, view, go } = useShared()
  const now = view.value
  const openId = 'conversationId' in now ? now.conversationId : null
  const [pointerInside, setPointerInside] = useState(false)
  const [activeId, setActiveId] = useState(inbox.activeId)
  const list = useRef<HTMLDivElement>(null)
  const shown = useHeldOrder(items, pointerInside, context)
  const rowHeight = full.value ? 80 : 76

  // Beside the list: the keys go on from the row that is open.
  useEffect(() => setActiveId((before) => openId ?? before), [openId])

  // Before the first look, which notes where the list stands.
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = inbox.scrollTop
  }, [context])
  const { rows, look, listTop } = useRowPlaces({
    scroller,
    list,
    rowHeight,
    contents: `${shown.length} ${context}`,
    onLook(scrollTop, end) {
      inbox.scrollTop = scrollTop
      if (end + AHEAD > shown.length && client.inbox.hasMore.peek()) void client.inbox.loadMore()
    },
  })

  // The same function at every drawing: a row whose conversation did not change is not drawn again.
  const open = useCallback((conversationId: string): void => {
    inbox.activeId = conversationId
    go({ at: 'thread', conversationId, target: {} })
  }, [])

  function activate(index: number): void {
    const row = shown[Math.max(0, Math.min(shown.length - 1, index))]
    const body = scroller.current
    if (!row || !body) return
    inbox.activeId = row.id
    setActiveId(row.id)
    const top = listTop() + shown.indexOf(row) * rowHeight
    if (top < body.scrollTop + (index === 0 ? listTop() : 0)) body.scrollTop = index <= 0 ? 0 : top
    else if (top + rowHeight > body.scrollTop + body.clientHeight) body.scrollTop = top + rowHeight - body.clientHeight
    look()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!isPlain(event)) return
    const at = shown.findIndex((one) => one.id === activeId)
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight))
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1, PageDown: at + page, PageUp: at - page }[event.key]
    const row = shown[at]
    // Needs no answer, or does after all: the next row takes its place.
    if (row && (event.key === 'e' || event.key === 'u')) {
      activate(at + (at + 1 < shown.length ? 1 : -1))
      void client.update(row.id, { answered: event.key === 'e' })
    } else if (to !== undefined) activate(to)
    else if ((event.key === 'Enter' || event.key === ' ') && at >= 0) open(shown[at]?.id ?? '')
    else return
    event.preventDefault()
  }

  function onFocus(): void {
    if (shown.some((one) => one.id === activeId)) return
    setActiveId(shown[Math.max(0, Math.ceil((inbox.scrollTop - listTop()) / rowHeight))]?.id ?? null)
  }

  return (
    <div
      class="list"
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label={words.conversations}
      aria-activedescendant={rows.some((index) => shown[index]?.id === activeId) ? `row-${activeId}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setPointerInside(true)}
      onPointerLeave={() => setPointerInside(false)}
      style={{ height: `${shown.length * rowHeight}px` }}
    >
      {rows.map((index) => {
        const conversation = shown[index]
        return (
          conversation && (
            <InboxRow
              key={index % rows.length}
              conversation={conversation}
              index={index}
              top={index * rowHeight}
              total={shown.length}
              isActive={conversation.id === activeId}
              isOpen={conversation.id === openId}
              search={search}
              onOpen={open}
            />
          )
        )
      })}
    </div>
  )
}
