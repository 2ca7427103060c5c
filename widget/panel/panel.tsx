// The floating panel: a dialog that leaves the page usable, or on a phone the whole screen. Its keys, its way in and out.
import type { ReadonlySignal } from '@preact/signals-core'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { comeForward, insist, type Raise, stepBack } from './come-forward.ts'
import { Edge } from './edge.tsx'
import { loadFrame } from './load-frame.ts'
import { isTouchScreen, mayFocus, touch } from './may-focus.ts'
import { onDemand } from './on-demand.tsx'
import { isField, isPlain } from './own-events.ts'
import { useShared } from './shared-state.ts'
import { usePanes } from './use-panes.ts'
import { stepAside } from './step-aside.ts'
import { Announcer, Views } from './views.tsx'

const Docked = onDemand(
  async () => (await loadFrame()).Docked,
  () => null,
)

const PHONE = '(max-width: 479px)'
/** There Ctrl K deletes the rest of a line. */
const isMac = /^(Mac|iP)/.test(navigator.platform)

export type Stage = 'closed' | 'open' | 'leaving'

interface PanelProps {
  stage: ReadonlySignal<Stage>
  raise: Raise
  onError(error: unknown): void
}

/** Of a phone alone; a page that scrolls for a moment more does no harm. */
function lockBehind(box: HTMLElement): () => void {
  const lock = import('./full/lock-scroll.ts').then(
    ({ lockScroll }) => (isOver ? undefined : lockScroll(box)),
    () => {},
  )
  let isOver = false
  return () => {
    isOver = true
    void lock.then((unlock) => unlock?.())
  }
}

export function Panel({ stage, ...rest }: PanelProps) {
  return stage.value === 'closed' ? null : <Dialog isLeaving={stage.value === 'leaving'} {...rest} />
}

function Dialog({ isLeaving, raise, onError }: Omit<PanelProps, 'stage'> & { isLeaving: boolean }) {
  const shared = useShared()
  const { client, words, inbox, view, full, frame, side, panes, appearance, go, close, startClock } = shared
  const { width, isDocked } = frame.value
  const dialog = useRef<HTMLDialogElement>(null)
  const isFull = full.value
  useEffect(startClock, [])

  useEffect(() => {
    const phone = matchMedia(PHONE)
    const change = () => {
      full.value = phone.matches
    }
    phone.addEventListener('change', change)
    return () => phone.removeEventListener('change', change)
  }, [])

  // Modal only where it covers the page, or cannot be reached otherwise: then the browser keeps the focus in.
  useLayoutEffect(() => {
    const box = dialog.current
    if (!box) return
    const before = document.activeElement as HTMLElement | null
    if (isFull) box.showModal()
    else box.show()
    // Opened by itself, it takes the focus from nobody.
    if (shared.isQuiet) before?.focus()
    comeForward(box, raise)
    if (shared.pressed && !isFull) stepAside(box, shared, shared.pressed)
    const unlock = isFull ? lockBehind(box) : undefined
    // The page took our element out and it is back: no longer modal.
    const back = () => {
      if (isFull && !box.matches(':modal')) {
        box.close()
        box.showModal()
      }
      comeForward(box, raise)
    }
    const place = box.parentElement
    place?.addEventListener('hilo-back', back)
    return () => {
      place?.removeEventListener('hilo-back', back)
      unlock?.()
      box.close()
      raise(false)
    }
  }, [isFull])

  usePanes(dialog, shared)

  const place = view.value.at === 'thread' ? view.value.conversationId : view.value.at
  const hasBeenIn = useRef(false)
  useLayoutEffect(() => {
    const box = dialog.current
    if (box) touch(box)
    const toList = place === 'inbox' && inbox.activeId !== null
    if (box && ((!hasBeenIn.current && !shared.isQuiet) || mayFocus(box))) insist(box, () => moveFocus(box, toList))
    hasBeenIn.current = true
  }, [place, isFull])

  function leave(event: Event): void {
    event.preventDefault()
    const now = view.peek()
    if (now.at === 'inbox') close()
    else if (now.at === 'person' || now.at === 'plan') go({ at: 'thread', conversationId: now.conversationId, target: {} })
    else go({ at: 'inbox' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    const at = view.peek()
    if (event.key === 'Escape') leave(event)
    else if ((isMac ? event.metaKey : event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      inbox.activeId = null
      if (at.at === 'inbox' || panes.peek()) dialog.current?.querySelector<HTMLElement>('[data-focus]')?.focus()
      else go({ at: 'inbox' })
    } else if (event.key === 'r' && isPlain(event) && !isField(event.target) && (at.at === 'inbox' || at.at === 'thread')) {
      event.preventDefault()
      void import('./round/round.tsx').then(({ roundKey }) => roundKey(shared)).catch(() => {})
    } else if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && at.at === 'thread' && !isField(event.target)) {
      const all = client.inbox.items.peek()
      const here = all.findIndex((one) => one.id === at.conversationId)
      const next = all[event.key === 'ArrowDown' ? here + 1 : here - 1]
      event.preventDefault()
      if (!next) return
      inbox.activeId = next.id
      go({ at: 'thread', conversationId: next.id, target: {} })
    }
  }

  return (
    <dialog
      ref={dialog}
      class={`dock${isLeaving ? ' is-leaving' : ''}${isDocked && !isFull ? ' is-docked' : ''}`}
      data-side={side.value ?? appearance.value.position}
      style={{ width: width === null || isFull ? '' : `${width}px` }}
      part="panel"
      aria-label={words.messages}
      onKeyDown={onKeyDown}
      // Of a modal one also when the focus is nowhere.
      onCancel={leave}
      // The browser closes a modal also without asking.
      onClose={() => dialog.current?.open === false && close()}
      onPointerDown={(event) => {
        const box = dialog.current
        const beside = event.target === box && !full.peek() && box?.matches(':modal')
        if (box && beside && !stepBack(box)) close()
      }}
    >
      <div class={isFull ? 'panel full' : panes.value ? 'panel two' : 'panel'} tabIndex={-1}>
        <Announcer />
        <Views onError={onError} />
      </div>
      {isDocked && !isFull && <Docked dialog={dialog} />}
      {!isFull && <Edge />}
    </dialog>
  )
}

/** To the text of a thread, the search or the row one came from; on a touch screen to none that opens a keyboard. */
function moveFocus(dialog: HTMLElement, toList: boolean): void {
  const panel = dialog.querySelector<HTMLElement>('.panel')
  const now = (dialog.getRootNode() as ShadowRoot).activeElement
  if (now && now !== panel && dialog.contains(now) && now.matches('textarea, .picker *')) return
  const list = toList ? dialog.querySelector<HTMLElement>('.list') : null
  const find = (one: string) => dialog.querySelector<HTMLElement>(one)
  const field = isTouchScreen() ? null : (find('.beside [data-focus]') ?? find('[data-focus]'))
  ;(list ?? field ?? panel)?.focus({ preventScroll: true })
}

/** Asked for something else by the page while it stands open: the focus goes in, unless somebody types out there. */
export function takeFocus(dialog: HTMLDialogElement, raise: Raise): void {
  const now = document.activeElement
  const host = (dialog.getRootNode() as ShadowRoot).host
  comeForward(dialog, raise)
  if (now === host || (now?.matches('input, textarea, select, [contenteditable]') && !dialog.matches(':modal'))) return
  insist(dialog, () => moveFocus(dialog, false))
}

/** Whether the screen is a phone's now. */
export function isPhone(): boolean {
  return matchMedia(PHONE).matches
}
