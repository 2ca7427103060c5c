// Mounts one thread into the flow of the host's page: `<hilo-thread>`.
import { render } from 'preact'
import { useEffect } from 'preact/hooks'
import type { ThreadModule, Target } from '../client/panel.ts'
import { adoptStyles } from './adopt-styles.ts'
import { Guard } from './guard.tsx'
import { touch } from './may-focus.ts'
import { keepEvents } from './own-events.ts'
import { createShared, SharedContext, useShared } from './shared-state.ts'
import { Announcer, Views } from './views.tsx'
import { watchTranslator } from './watch-translator.ts'

export const mountThread: ThreadModule['mountThread'] = (root, client, options) => {
  const { target, context, onError, record, ...appearance } = options
  const shared = createShared(client, { appearance, context, inline: true, onClose() {}, onDock() {}, record })
  function setTarget(next: Target): void {
    if (next.conversationId !== undefined) shared.go({ at: 'thread', conversationId: next.conversationId, target: next })
    else shared.find(next)
  }
  const giveEventsBack = keepEvents(root)
  const endTranslator = watchTranslator(root)
  const endStyles = adoptStyles(root)
  setTarget(target)
  render(
    <SharedContext.Provider value={shared}>
      <Guard onError={onError}>
        <InlinePanel onError={onError} />
      </Guard>
    </SharedContext.Provider>,
    root,
  )
  return {
    setTarget,
    setOptions(next) {
      shared.appearance.value = { ...shared.appearance.peek(), ...next }
    },
    setContext(next) {
      shared.context.value = next
    },
    destroy() {
      giveEventsBack()
      endTranslator()
      endStyles()
      render(null, root)
    },
  }
}

function InlinePanel({ onError }: { onError(error: unknown): void }) {
  const { words, startClock } = useShared()
  useEffect(startClock, [])
  return (
    <section
      class="panel inline"
      part="panel"
      aria-label={words.messages}
      onPointerDown={(event) => touch(event.currentTarget)}
      onKeyDown={(event) => touch(event.currentTarget)}
    >
      <Announcer />
      <Views onError={onError} />
    </section>
  )
}
