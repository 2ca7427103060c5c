// A defect of ours stays ours: it is reported, the host's page never sees it thrown, and the agent reads it and gets on.
import type { ComponentChildren } from 'preact'
import { useErrorBoundary } from 'preact/hooks'
import { Empty } from './empty.tsx'
import { Icon } from './icon.tsx'
import { useShared } from './shared-state.ts'

interface GuardProps {
  /** Of what stands there instead. */
  class?: string
  onError(error: unknown): void
  children: ComponentChildren
}

export function Guard({ class: look = 'view', onError, children }: GuardProps): ComponentChildren {
  const { words, inline, fault, go, close } = useShared()
  const [error, again] = useErrorBoundary((caught) => {
    fault.value = { error: caught, again: drawAgain }
    onError(caught)
  })
  function drawAgain(): void {
    fault.value = null
    again()
  }
  if (error === undefined) return children
  return (
    <div class={look} role="alert">
      <Empty icon="alert" title={words.cannotDraw}>
        <button type="button" class="btn primary" onClick={drawAgain}>
          <Icon name="retry" />
          {words.retry}
        </button>
        {!inline && (
          <>
            <button
              type="button"
              class="btn"
              onClick={() => {
                go({ at: 'inbox' })
                drawAgain()
              }}
            >
              {words.seeAllConversations}
            </button>
            <button type="button" class="btn" onClick={close}>
              {words.close}
            </button>
          </>
        )}
      </Empty>
    </div>
  )
}
