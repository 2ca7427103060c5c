// Mounts the floating panel into the launcher's shadow root.
import { signal } from '@preact/signals-core'
import { render } from 'preact'
import type { PanelModule } from '../state/panel.ts'
import { adoptStyles } from './adopt-styles.ts'
import { Guard } from './guard.tsx'
import { keepEvents } from './own-events.ts'
import { isPhone, Panel, type Stage, takeFocus } from './panel.tsx'
import { createShared, SharedContext } from './shared-state.ts'

const OUT_MS = 120

export const mountPanel: PanelModule['mountPanel'] = (root, client, options) => {
  const { context, onClose, onError, raise, ...appearance } = options
  const shared = createShared(client, { appearance, context, inline: false, onClose })
  const stage = signal<Stage>('closed')
  let leaving: ReturnType<typeof setTimeout> | undefined
  const giveEventsBack = keepEvents(root)
  adoptStyles(root)
  render(
    <SharedContext.Provider value={shared}>
      <Guard onError={onError}>
        <Panel stage={stage} raise={raise} />
      </Guard>
    </SharedContext.Provider>,
    root,
  )

  return {
    open(target) {
      clearTimeout(leaving)
      const there = stage.peek() === 'closed' ? null : root.querySelector('dialog')
      if (there && stage.peek() === 'leaving' && shared.full.peek()) {
        there.close()
        there.showModal()
      }
      if (there) takeFocus(there, raise)
      const { conversationId, coordinationId, phone } = target
      if (conversationId !== undefined) shared.go({ at: 'thread', conversationId, target })
      else if (coordinationId !== undefined || phone !== undefined) shared.find(target)
      else if (stage.peek() === 'closed' && shared.view.peek().at !== 'inbox') shared.go({ at: 'inbox' })
      if (stage.peek() === 'closed') shared.full.value = isPhone()
      stage.value = 'open'
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
      stage.value = isStill ? 'closed' : 'leaving'
      if (!isStill)
        leaving = setTimeout(() => {
          stage.value = 'closed'
        }, OUT_MS)
    },
    setOptions(next) {
      shared.appearance.value = { ...shared.appearance.peek(), ...next }
    },
    setContext(next) {
      shared.context.value = next
    },
    destroy() {
      clearTimeout(leaving)
      giveEventsBack()
      render(null, root)
    },
  }
}
