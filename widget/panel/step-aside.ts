// The panel does not cover what was pressed to open it, where there is room on the other side of the window.
import type { Shared } from './shared-state.ts'

export function stepAside(dialog: HTMLElement, { side, appearance }: Pick<Shared, 'side' | 'appearance'>, pressed: Element): void {
  const { clientWidth } = document.documentElement
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = dialog
  const { left, right, top, bottom } = pressed.getBoundingClientRect()
  const covers = (from: number) => from < right && from + offsetWidth > left && offsetTop < bottom && offsetTop + offsetHeight > top
  if (covers(offsetLeft) && !covers(clientWidth - offsetLeft - offsetWidth))
    side.value = (side.peek() ?? appearance.peek().position) === 'left' ? 'right' : 'left'
}
