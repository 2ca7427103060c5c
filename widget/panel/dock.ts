// Docks the panel to the side of the window, or undocks it.
import type { Shared } from './shared-state.ts'
import { loadFrame } from './load-frame.ts'

/** Its icon. */
export const DOCK =
  'M4.25 4.25h11.5a1.5 1.5 0 0 1 1.5 1.5v8.5a1.5 1.5 0 0 1-1.5 1.5H4.25a1.5 1.5 0 0 1-1.5-1.5v-8.5a1.5 1.5 0 0 1 1.5-1.5ZM12 4.25v11.5'

export function dock(frame: Shared['frame']): void {
  void loadFrame().then(
    () => (frame.value = { ...frame.peek(), isDocked: !frame.peek().isDocked }),
    () => {},
  )
}
