// The rows: of thousands only those in sight are in the page. One tab stop; arrows, Home, End, Enter.
import type { RefObject } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../shared/model.ts'
import { useHeldOrder } from './hold-order.ts'
import { InboxRow } from './inbox-row.tsx'
import { useShared } from './shared-state.ts'

const OVERSCAN = 3
/** Rows before the end at which the next page is asked for. */
const AHEAD = 20

interface ListProps {
  items: readonly OwnConversation[]
  scroller: RefObject<HTMLDivElement | null>
  context: string
  search: string
}

export function InboxList({ items, scroller, context, search }: ListProps) {
  const { client, words, inbox, full, go } = useShared()
  const [pointerInside, setPointerInside] = useState(false)
  const [range, setRange] = useState({ from: 0, to: 20, slots: 20 })
  const [activeId, setActiveId] = useState(inbox.activeId)
  const list = useRef<HTMLDivElement>(null)
  const shown = useHeldOrder(items, pointerInside, context)
  const rowHeight = full.value ? 80 : 76

  function measure(): void {
    const body = scroller.current
    if (!body || !list.current) return
    inbox.scrollTop = body.scrollTop
    const top = Math.max(0, body.scrollTop - list.current.offsetTop)
    const from = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN)
    const to = Math.ceil((top + body.clientHeight) / rowHeight) + OVERSCAN
    const slots = Math.ceil(body.clientHeight / rowHeight) + 1 + 2 * OVERSCAN
    setRange((before) => (before.from === from && before.to === to && before.slots === slots ? before : { from, to, slots }))
    if (to + AHEAD > shown.length && client.inbox.hasMore.peek()) void client.inbox.loadMore()
  }

  useEffect(() => {
    const body = scroller.current
    if (!body) return
    const sizes = new ResizeObserver(measure)
    sizes.observe(body)
    body.addEventListener('scroll', measure, { passive: true })
    return () => {
      sizes.disconnect()
      body.removeEventListener('scroll', measure)
    }
  }, [shown.length, rowHeight])

  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = inbox.scrollTop
    measure()
  }, [context])

  // The same function at every drawing: a row whose conversation did not change is not drawn again.
  const open = useCallback((conversationId: string): void => {
    inbox.activeId = conversationId
    go({ at: 'thread', conversationId, target: {} })
  }, [])

  function activate(index: number): void {
    const row = shown[Math.max(0, Math.min(shown.length - 1, index))]
    const body = scroller.current
    if (!row || !body || !list.current) return
    inbox.activeId = row.id
    setActiveId(row.id)
    const top = list.current.offsetTop + shown.indexOf(row) * rowHeight
    if (top < body.scrollTop + (index === 0 ? list.current.offsetTop : 0)) body.scrollTop = index <= 0 ? 0 : top
    else if (top + rowHeight > body.scrollTop + body.clientHeight) body.scrollTop = top + rowHeight - body.clientHeight
    measure()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const at = shown.findIndex((one) => one.id === activeId)
    const page = Math.max(1, range.to - range.from - 2 * OVERSCAN - 1)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1, PageDown: at + page, PageUp: at - page }[event.key]
    if (to !== undefined) activate(to)
    else if ((event.key === 'Enter' || event.key === ' ') && at >= 0) open(shown[at]?.id ?? '')
    else return
    event.preventDefault()
  }

  const from = Math.min(range.from, shown.length)
  const rows = shown.slice(from, range.to)
  const isShown = rows.some((one) => one.id === activeId)
  return (
    <div
      class="list"
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label={words.conversations}
      aria-activedescendant={isShown ? `row-${activeId}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (!shown.some((one) => one.id === activeId)) setActiveId(shown[from === 0 ? 0 : from + OVERSCAN]?.id ?? null)
      }}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setPointerInside(true)}
      onPointerLeave={() => setPointerInside(false)}
      style={{ paddingTop: `${from * rowHeight}px`, height: `${shown.length * rowHeight}px` }}
    >
      {rows.map((conversation, index) => (
        <InboxRow
          // What leaves at one end comes in at the other: no node is made while one scrolls.
          key={(from + index) % range.slots}
          conversation={conversation}
          index={from + index}
          total={shown.length}
          isActive={conversation.id === activeId}
          search={search}
          onOpen={open}
        />
      ))}
    </div>
  )
}
