// Drags the panel's edge, by pointer or by keys: it follows at once, with one change of the page a frame, and is kept at the end.
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { isPlain } from '../own-events.ts'
import { type Shared, useShared } from '../shared-state.ts'
import { tellWidth } from './tell-page.ts'
import { limits } from './widths.ts'

const STEP_PX = 20
/** None of them is the host's. */
const pointerNames = [
  'pointerdown',
  'pointermove',
  'pointerup',
  'pointercancel',
  'gotpointercapture',
  'lostpointercapture',
  'pointerover',
  'pointerout',
]
const mouseNames = ['mousedown', 'mousemove', 'mouseup', 'mouseover', 'mouseout', 'click', 'dblclick', 'contextmenu']
const touchNames = ['touchstart', 'touchend', 'touchcancel']

/** `begun`: what called for this chunk; the finger may be down since. */
export function Dragging({ edge, begun }: { edge: RefObject<HTMLElement | null>; begun: Event }) {
  const shared = useShared()
  useEffect(() => (edge.current ? listen(edge.current, shared, begun) : undefined), [])
  return null
}

function listen(edge: HTMLElement, { frame }: Pick<Shared, 'frame'>, begun: Event): () => void {
  const dialog = edge.parentElement as HTMLElement
  const end = new AbortController()
  const { signal } = end
  let drag: { pointer: number; from: number; width: number; least: number; most: number } | null = null
  /** Where the pointer has brought it; null: nowhere yet. */
  let wanted: number | null = null
  let drawing = 0

  const keep = (width: number | null) => {
    frame.value = { ...frame.peek(), width }
  }
  /** Wider is away from the side where it stands. */
  const away = () => (dialog.dataset.side === 'left' ? 1 : -1)
  function tellLimits(): { least: number; most: number } {
    const found = limits(dialog)
    edge.setAttribute('aria-valuemin', `${Math.round(found.least)}`)
    edge.setAttribute('aria-valuemax', `${Math.round(found.most)}`)
    return found
  }

  function begin(event: PointerEvent): void {
    if (event.button !== 0 || drag) return
    // By capture the moves come here, also over a frame of the page's.
    edge.setPointerCapture(event.pointerId)
    drag = { pointer: event.pointerId, from: event.clientX, width: dialog.offsetWidth, ...tellLimits() }
    dialog.classList.add('is-dragged')
  }
  function move(event: PointerEvent): void {
    if (!drag || event.pointerId !== drag.pointer) return
    const to = drag.width + away() * (event.clientX - drag.from)
    wanted = Math.round(Math.max(drag.least, Math.min(drag.most, to)))
    drawing ||= requestAnimationFrame(draw)
  }
  function draw(): void {
    drawing = 0
    if (wanted === null) return
    dialog.style.width = `${wanted}px`
    if (frame.peek().isDocked) tellWidth(wanted)
  }
  function finish(): void {
    if (!drag) return
    cancelAnimationFrame(drawing)
    draw()
    drag = null
    dialog.classList.remove('is-dragged')
    if (wanted !== null) keep(wanted)
    wanted = null
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!isPlain(event)) return
    const { least, most } = tellLimits()
    const step = away() * STEP_PX
    const now = dialog.offsetWidth
    const to = { ArrowRight: now + step, ArrowLeft: now - step, Home: least, End: most, Enter: null }[event.key]
    if (to === undefined) return
    event.preventDefault()
    keep(to === null ? null : Math.max(least, Math.min(most, to)))
  }

  edge.addEventListener('pointerdown', begin, { signal })
  edge.addEventListener('pointermove', move, { signal })
  edge.addEventListener('lostpointercapture', finish, { signal })
  edge.addEventListener('keydown', onKeyDown, { signal })
  edge.addEventListener('dblclick', () => keep(null), { signal })
  // Else a text of the page is marked, and the focus leaves what is being written.
  edge.addEventListener('mousedown', (event) => event.preventDefault(), { signal })
  for (const name of [...pointerNames, ...mouseNames, ...touchNames])
    edge.addEventListener(name, (event) => event.stopPropagation(), { signal, passive: name.startsWith('touch') })
  tellLimits()
  if (begun instanceof PointerEvent && edge.hasPointerCapture(begun.pointerId)) begin(begun)
  return () => {
    end.abort()
    cancelAnimationFrame(drawing)
  }
}
