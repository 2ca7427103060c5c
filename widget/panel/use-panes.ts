// How wide the panel is drawn: its edge says it, and from 700 px the list and the thread stand side by side.
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { loadFrame } from './load-frame.ts'
import type { Shared } from './shared-state.ts'

const TWO_PANES_PX = 700

export function usePanes(dialog: RefObject<HTMLElement | null>, { full, panes }: Pick<Shared, 'full' | 'panes'>): void {
  useEffect(() => {
    const box = dialog.current
    if (!box) return
    const sizes = new ResizeObserver(([size]) => {
      const width = Math.round(size?.borderBoxSize[0]?.inlineSize ?? 0)
      box.querySelector('.edge')?.setAttribute('aria-valuenow', `${width}`)
      const isTwo = width >= TWO_PANES_PX && !full.peek()
      // Not before it has its styles.
      if (isTwo !== panes.peek())
        void loadFrame().then(
          () => (panes.value = isTwo),
          () => {},
        )
    })
    sizes.observe(box)
    return () => sizes.disconnect()
  }, [])
}
