// Mounts the floating panel into the launcher's shadow root.
import { signal } from '@preact/signals-core'
import { render } from 'preact'
import type { PanelModule, Place } from '../client/panel.ts'
import { adoptStyles } from './adopt-styles.ts'
import { Guard } from './guard.tsx'
import { loadFrame } from './load-frame.ts'
import { keepEvents } from './own-events.ts'
import { isPhone, Panel, type Stage, takeFocus } from './panel.tsx'
import { stepAside } from './step-aside.ts'
import { createShared, type Shared, SharedContext } from './shared-state.ts'
import { watchTranslator } from './watch-translator.ts'

const OUT_MS = 120
/** Longer than this nobody waits to hear whether what was asked for could be drawn. */
const DRAWN_MS = 2000
const LOOK_MS = 20

export const mountPanel: PanelModule['mountPanel'] = (root, client, options) => {
  const { context, onClose, onDock, onError, raise, record, ...appearance } = options
  const shared = createShared(client, { appearance, context, inline: false, onClose, onDock, record })
  const stage = signal<Stage>('closed')
  let leaving: ReturnType<typeof setTimeout> | undefined
  const giveEventsBack = keepEvents(root)
  const endTranslator = watchTranslator(root)
  function shut(): void {
    stage.value = 'closed'
    shared.fault.peek()?.again()
  }
  const endStyles = adoptStyles(root)
  render(
    <SharedContext.Provider value={shared}>
      <Guard class="dock panel" onError={onError}>
        <Panel stage={stage} raise={raise} onError={onError} />
      </Guard>
    </SharedContext.Provider>,
    root,
  )

  return {
    place: () => placeOf(root, shared),
    async open(target, place, pressed) {
      if (place && stage.peek() === 'closed') {
        shared.inbox.filter = place.filter
        shared.inbox.isFresh = false
        shared.round.value = place.round ? { ...place.round, ahead: [], words: [], isDone: false } : null
        shared.isQuiet = true
      }
      const from = (root.getRootNode() as ShadowRoot).activeElement ?? document.activeElement
      if (stage.peek() === 'closed') root.classList.toggle('by-keys', from?.matches(':focus-visible') ?? false)
      clearTimeout(leaving)
      shared.fault.peek()?.again()
      const there = stage.peek() === 'closed' ? null : root.querySelector('dialog')
      if (there && stage.peek() === 'leaving' && shared.full.peek()) {
        there.close()
        there.showModal()
      }
      if (there) takeFocus(there, raise)
      if (there && pressed) stepAside(there, shared, pressed)
      const { conversationId, coordinationId, phone } = target
      if (conversationId !== undefined) shared.go({ at: 'thread', conversationId, target })
      else if (coordinationId !== undefined || phone !== undefined) shared.find(target)
      else if (stage.peek() === 'closed' && shared.view.peek().at !== 'inbox') shared.go({ at: 'inbox' })
      if (stage.peek() === 'closed') {
        shared.full.value = isPhone()
        shared.side.value = null
        shared.pressed = pressed ?? null
      }
      stage.value = 'open'
      await drawn(root, shared)
      if (place) putBack(root, place)
      shared.isQuiet = false
      return shared.fault.peek()?.error
    },
    close() {
      if (stage.peek() !== 'open') return
      // Modal no more while it leaves: the page behind takes the focus back at once.
      const dialog = root.querySelector('dialog')
      if (dialog?.matches(':modal')) {
        dialog.close()
        dialog.show()
      }
      const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
      if (isStill) return shut()
      stage.value = 'leaving'
      leaving = setTimeout(shut, OUT_MS)
    },
    setOptions(next) {
      shared.appearance.value = { ...shared.appearance.peek(), ...next }
    },
    setContext(next) {
      shared.context.value = next
    },
    frame() {
      const now = shared.frame.peek()
      return now.isDocked || now.width !== null ? now : null
    },
    setFrame: (next) =>
      loadFrame().then(
        ({ clean }) => {
          shared.frame.value = clean(next)
        },
        () => {},
      ),
    destroy() {
      clearTimeout(leaving)
      giveEventsBack()
      endTranslator()
      endStyles()
      render(null, root)
    },
  }
}

function placeOf(root: HTMLElement, { view, inbox, round }: Shared): Place {
  const at = view.peek()
  const log = root.querySelector('.transcript')
  const { current, passed, left } = round.peek() ?? {}
  return {
    ...(current && passed ? { round: { current, passed, left: left ?? 0 } } : {}),
    target: 'conversationId' in at ? { conversationId: at.conversationId } : at.at === 'finding' ? at.target : {},
    filter: inbox.filter,
    listTop: inbox.scrollTop,
    fromEnd: log ? log.scrollHeight - log.clientHeight - log.scrollTop : 0,
  }
}

function putBack(root: HTMLElement, { listTop, fromEnd }: Place): void {
  const log = root.querySelector('.transcript')
  if (log) log.scrollTop = log.scrollHeight - log.clientHeight - fromEnd
  root.querySelector('[data-inbox]')?.scrollTo(0, listTop)
}

/** Resolves when what was asked for stands there, or something threw. */
async function drawn(root: HTMLElement, { fault }: Shared): Promise<void> {
  const end = Date.now() + DRAWN_MS
  do await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  while (fault.peek() === null && root.querySelector('[aria-busy="true"]') && Date.now() < end)
}
