// The free edge of the panel. What it does when somebody comes near is fetched then.
import { useRef, useState } from 'preact/hooks'
import { loadFrame } from './load-frame.ts'
import { onDemand } from './on-demand.tsx'
import { useShared } from './shared-state.ts'

const Dragging = onDemand(
  async () => (await loadFrame()).Dragging,
  () => null,
)

export function Edge() {
  const { words, frame } = useShared()
  const edge = useRef<HTMLDivElement>(null)
  const [event, come] = useState<Event | null>(null)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      ref={edge}
      class="edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={words.panelWidth}
      // Until it is drawn: use-panes.ts.
      aria-valuenow={frame.value.width ?? 400}
      tabIndex={0}
      onPointerEnter={come}
      onPointerDown={come}
      onFocus={come}
    >
      {event && <Dragging edge={edge} begun={event} />}
    </div>
  )
}
