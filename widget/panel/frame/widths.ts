// How wide the panel may be: from a phone's width to two panes, and never wider than the window.
import type { Frame } from '../../client/panel.ts'

export const LEAST_PX = 340
export const MOST_PX = 720

/** What was kept may be of another build, or nobody's. */
export function clean({ width, isDocked }: Partial<Frame>): Frame {
  const isNumber = typeof width === 'number' && Number.isFinite(width)
  return { width: isNumber ? Math.max(LEAST_PX, Math.min(MOST_PX, width)) : null, isDocked: isDocked === true }
}

/** The window leaves as much beside it as it has on its own side. */
export function limits(dialog: HTMLElement): { least: number; most: number } {
  const room = document.documentElement.clientWidth - 2 * gapOf(dialog)
  const most = Math.min(MOST_PX, room)
  return { least: Math.min(LEAST_PX, most), most }
}

/** Between the panel and the side of the window where it stands. */
function gapOf(dialog: HTMLElement): number {
  const { left, right } = dialog.getBoundingClientRect()
  return dialog.dataset.side === 'left' ? left : document.documentElement.clientWidth - right
}
