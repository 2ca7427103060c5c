// The messages: nothing that is being read moves by itself. One tab stop; arrows between messages, Tab into their buttons.
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { OwnConversation } from '../../shared/model.ts'
import { formatDay } from '../locales/format.ts'
import { Bubble } from './bubble.tsx'
import { contactName } from './contact-name.ts'
import { Icon } from './icon.tsx'
import { onDemand } from './on-demand.tsx'
import { isPlain } from './own-events.ts'
import { useShared } from './shared-state.ts'
import { useScene } from './thread-scene.ts'
import { Line, Note } from './transcript-lines.tsx'
import { type Item, keepItems, transcriptItems } from './transcript-items.ts'
import { isDrawn } from './is-visible.ts'
import { useAnnounceNew } from './use-announce-new.ts'
import { useReadCursor } from './use-read-cursor.ts'

const MessageButtons = onDemand(async () => (await import('./reply/reply.tsx')).MessageButtons)

const NEAR_END_PX = 24
const NEAR_START_PX = 200
const FADE_MS = 1600
/** How far under the top the "new messages" line stands when a thread opens with many. */
const LINE_TOP_PX = 48

export function Transcript({ conversation }: { conversation: OwnConversation }) {
  const { client, words, zone, now, say, count } = useShared()
  const { thread, sends } = useScene()
  const log = useRef<HTMLDivElement>(null)
  const messages = thread.messages.value
  const unsent = thread.unsent.value
  const hasOlder = thread.hasOlder.value
  const skewMs = client.clockSkewMs.value
  const [newAfterSeq, setNewAfterSeq] = useState(() => firstUnreadAfter(conversation, thread.openedAtSeq, messages))
  const [lineSeen, setLineSeen] = useState(false)
  const [atEnd, setAtEnd] = useState(true)
  const [current, setCurrent] = useState<string | null>(null)
  const place = useRef({ opened: false, atEnd: true, height: 0, room: 0, firstKey: '', lastSeq: 0, opening: new Set<string>() })
  const drawn = useRef<Item[]>([])
  const items = useMemo(() => {
    drawn.current = keepItems(drawn.current, transcriptItems(messages, unsent, { zone, newAfterSeq, skewMs }))
    return drawn.current
  }, [messages, unsent, zone, newAfterSeq, skewMs])
  const inboundAfter = (seq: number) => messages.filter((one) => one.direction === 'inbound' && one.seq !== null && one.seq > seq).length
  const read = useReadCursor(log, thread, items)
  useAnnounceNew(conversation)

  function toEnd(): void {
    const box = log.current
    if (box) box.scrollTop = box.scrollHeight
  }

  function open(box: HTMLElement): void {
    const line = box.querySelector<HTMLElement>('.newline')
    box.scrollTop = box.scrollHeight
    if (line && line.offsetTop - LINE_TOP_PX < box.scrollTop) box.scrollTop = line.offsetTop - LINE_TOP_PX
    place.current.opened = true
  }

  function measure({ scrollHeight, clientHeight }: HTMLElement): void {
    Object.assign(place.current, { height: scrollHeight, room: scrollHeight - clientHeight })
  }

  // Where the view stands after a change: at the end if it was there, else exactly where it was, also with older ones above.
  useLayoutEffect(() => {
    const box = log.current
    const at = place.current
    if (!box) return
    const firstKey = items.find((item) => item.kind === 'bubble' || item.kind === 'note' || item.kind === 'line')?.key ?? ''
    const newest = messages.findLast((message) => message.seq !== null)?.seq ?? 0
    if (!at.opened) at.opening = new Set(items.map((item) => item.key))
    const drawn = isDrawn(box)
    if (!drawn) {
      // Its place is taken as it is drawn.
    } else if (!at.opened) {
      open(box)
    } else if (at.firstKey !== firstKey && !at.atEnd) {
      box.scrollTop += box.scrollHeight - at.height
      for (const item of items)
        if (item.key === at.firstKey) break
        else at.opening.add(item.key)
    } else if (at.atEnd) toEnd()
    if (at.lastSeq > 0 && newest > at.lastSeq && (!at.atEnd || document.hidden || !drawn) && (newAfterSeq === null || lineSeen)) {
      setNewAfterSeq(at.lastSeq)
      setLineSeen(false)
    }
    Object.assign(at, { firstKey, lastSeq: newest })
    if (!drawn) return
    measure(box)
    onScroll()
  }, [items])

  useLayoutEffect(() => {
    if (sends.value > 0) toEnd()
  }, [sends.value])

  // The composer grew, a card or a picture came: whoever stood at the end stays there.
  useEffect(() => {
    const box = log.current
    if (!box?.firstElementChild) return
    const settle = () => {
      if (!isDrawn(box)) return
      if (!place.current.opened) open(box)
      else if (place.current.atEnd) toEnd()
      measure(box)
      onScroll()
    }
    const sizes = new ResizeObserver(settle)
    // Of what was not drawn before no size may have changed.
    const sights = new IntersectionObserver(settle)
    sizes.observe(box)
    sizes.observe(box.firstElementChild)
    sights.observe(box)
    return () => {
      sizes.disconnect()
      sights.disconnect()
    }
  }, [])

  useEffect(() => {
    if (!atEnd || newAfterSeq === null || lineSeen) return
    const timer = setInterval(() => {
      if (log.current && isDrawn(log.current)) setLineSeen(true)
    }, FADE_MS)
    return () => clearInterval(timer)
  }, [atEnd, newAfterSeq, lineSeen])

  // Buttons and links are reached by Tab from the message one stands on, not one after the other; what stands in no message
  // (Reply, "earlier messages") is always on the way.
  // So do those that come later, with a chunk of their own.
  useLayoutEffect(() => {
    const box = log.current
    if (!box) return
    function order(): void {
      for (const control of box?.querySelectorAll<HTMLElement>('[data-key] :is(button, a)') ?? [])
        control.tabIndex = control.closest<HTMLElement>('[data-key]')?.dataset.key === current ? 0 : -1
    }
    order()
    const late = new MutationObserver(order)
    late.observe(box, { childList: true, subtree: true })
    return () => late.disconnect()
  }, [current])

  function onScroll(): void {
    const box = log.current
    if (!box || !isDrawn(box)) return
    // A size that changed and was not seen yet: it left the end behind, nobody scrolled away from it.
    if (place.current.atEnd && box.scrollHeight - box.clientHeight !== place.current.room) toEnd()
    const end = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX
    place.current.atEnd = end
    setAtEnd(end)
    if (box.scrollTop < NEAR_START_PX && thread.hasOlder.peek()) void thread.loadOlder()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const box = log.current
    if (!box || !isPlain(event)) return
    const stops = [...box.querySelectorAll<HTMLElement>('[data-key]')]
    const at = stops.findIndex((stop) => stop.contains(event.target as Node))
    if (at >= 0 && event.target !== stops[at] && event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    const last = stops.length - 1
    const to = { ArrowUp: at < 0 ? last : at - 1, ArrowDown: at < 0 ? last : at + 1, Home: 0, End: last }[event.key]
    const stop = to === undefined ? undefined : stops[Math.max(0, Math.min(last, to))]
    if (!stop) return
    event.preventDefault()
    setCurrent(stop.dataset.key ?? null)
    stop.focus({ preventScroll: true })
    stop.scrollIntoView({ block: 'nearest' })
  }

  const below = atEnd ? 0 : inboundAfter(read.current)
  return (
    <div class="stage">
      <div
        class="transcript"
        ref={log}
        role="log"
        aria-live="off"
        aria-label={say(words.transcript, { name: contactName(conversation.contact) })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and its messages are reached from it
        tabIndex={0}
        data-at-end={atEnd}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onFocusIn={(event) => setCurrent((event.target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key ?? null)}
      >
        <div class="flow">
          {hasOlder && (
            <div class="older">
              <button type="button" class="btn quiet small" onClick={() => void thread.loadOlder()}>
                {words.older}
              </button>
            </div>
          )}
          {items.map((item) => {
            const isNew = place.current.opened && !place.current.opening.has(item.key)
            if (item.kind === 'day')
              return (
                <div class="day" key={item.key}>
                  {formatDay(zone, words, item.at, now.value)}
                </div>
              )
            if (item.kind === 'new')
              return (
                <div class={lineSeen ? 'newline is-seen' : 'newline'} key={item.key}>
                  {count(words.newMessages, inboundAfter(newAfterSeq ?? 0))}
                </div>
              )
            if (item.kind === 'recovered')
              return (
                <div class="event" key={item.key}>
                  <Icon name="recovered" />
                  {count(words.recovered, item.count)}
                </div>
              )
            if (item.kind === 'note') return <Note key={item.key} itemKey={item.key} message={item.message} isNew={isNew} />
            if (item.kind === 'line') return <Line key={item.key} itemKey={item.key} message={item.message} moved={item.moved} />
            return <Bubble key={item.key} item={item} isNew={isNew} />
          })}
          <Queue items={items} />
          <Pointed log={log} items={items} canReply={conversation.canReply} />
        </div>
      </div>
      {!atEnd && (
        <div class="float">
          <button type="button" class={below > 0 ? 'jump' : 'jump round'} aria-label={below > 0 ? undefined : words.newest} onClick={toEnd}>
            <Icon name="newest" />
            {below > 0 && count(words.newShort, below)}
          </button>
        </div>
      )}
    </div>
  )
}

/** The buttons of the one message that one points at or stands on. */
function Pointed({ log, items, canReply }: { log: RefObject<HTMLElement | null>; items: readonly Item[]; canReply: boolean }) {
  const [key, setKey] = useState<string | null>(null)
  useEffect(() => {
    const box = log.current
    if (!box) return
    // It stays on the way from the message to its button; a pointer that rests moves nothing.
    const point = (event: Event) => {
      const at = event.type === 'pointerleave' ? null : (event.target as HTMLElement).closest<HTMLElement>('.m')
      if (at || event.type === 'pointerleave') setKey(at?.dataset.key ?? null)
    }
    const names = ['pointermove', 'pointerleave', 'focusin']
    for (const name of names) box.addEventListener(name, point)
    return () => {
      for (const name of names) box.removeEventListener(name, point)
    }
  }, [])
  const item = key === null ? undefined : items.find((one) => one.key === key)
  const message = item?.kind === 'bubble' && item.message?.seq ? item.message : null
  return message && <MessageButtons key={key} log={log} message={message} canReply={canReply} />
}

/** Under what waits for the connection: how many, and when they go. */
function Queue({ items }: { items: readonly Item[] }) {
  const { client, count, words } = useShared()
  const link = client.link.value
  const waiting = items.filter((item) => item.kind === 'bubble' && item.unsent?.state === 'waiting').length
  if (waiting === 0 || link === 'online' || link === 'slow') return null
  return (
    <div class="m out">
      <span class="under">{count(words.unsent, waiting)}</span>
    </div>
  )
}

/** The line stands before what this agent has not read; a colleague's answer takes it away. */
function firstUnreadAfter(
  { unread }: OwnConversation,
  openedAtSeq: number,
  messages: readonly { direction: string; seq: number | null }[],
) {
  if (unread === 0) return null
  const inbound = messages.filter((one) => one.direction === 'inbound' && one.seq !== null)
  const first = inbound.at(-Math.min(unread, inbound.length))?.seq
  return first === undefined || first === null ? null : Math.max(openedAtSeq, first - 1)
}
