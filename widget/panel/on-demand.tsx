// A part that few openings need: its chunk is fetched when it is first shown, or when its button is about to be pressed.
import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { useShared } from './shared-state.ts'

export type OnDemand<Props extends object> = ComponentType<Props> & {
  /** Fetches without showing. */
  preload(): void
}

/**
 * `load` is asked once it is needed; where it fails (no network) the place says so and offers to ask again. `Meanwhile` stands there
 * until it comes, and stays where it does not.
 */
export function onDemand<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Meanwhile?: ComponentType<Props>,
): OnDemand<Props> {
  let Loaded: ComponentType<Props> | null = null
  let failures = 0
  const fetchIt = () =>
    load().then((found) => {
      Loaded = found
    })
  function Part(props: Props) {
    const [, draw] = useState(Loaded !== null)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      // It may have come between the drawing and now.
      if (Loaded) draw(true)
      else if (!failed)
        fetchIt().then(
          () => draw(true),
          () => {
            failures++
            setFailed(true)
          },
        )
    }, [failed])
    if (Loaded) return <Loaded {...props} />
    if (Meanwhile) return <Meanwhile {...props} />
    return failed ? <NotLoaded isGone={failures > 1} onRetry={() => setFailed(false)} /> : null
  }
  return Object.assign(Part, { preload: () => void fetchIt().catch(() => {}) })
}

/** `isGone`: asked for in vain again, as after a deploy that took it away; the launcher hears it and comes anew. */
function NotLoaded({ isGone, onRetry }: { isGone: boolean; onRetry(): void }) {
  const { words } = useShared()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isGone) place.current?.dispatchEvent(new Event('hilo-gone', { bubbles: true, composed: true }))
  }, [isGone])
  return (
    <div ref={place} class="strip caution" role="alert">
      <Icon name="offline" />
      {words.cannotLoad}
      <button type="button" class="link" onClick={onRetry}>
        {words.retry}
      </button>
    </div>
  )
}
