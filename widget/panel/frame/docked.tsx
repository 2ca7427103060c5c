// While the panel is docked: the host's page is told where and how wide, as it is drawn, and by the event `dock` when it stays so.
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect } from 'preact/hooks'
import { useShared } from '../shared-state.ts'
import { tellDock, tellWidth } from './tell-page.ts'

export function Docked({ dialog }: { dialog: RefObject<HTMLElement | null> }) {
  const { appearance, frame, side, onDock } = useShared()
  const { position, makeRoom } = appearance.value
  const at = side.value ?? position
  const { width } = frame.value

  useLayoutEffect(() => {
    const box = dialog.current
    if (!box) return
    const undo = tellDock({ side: at, width: box.offsetWidth }, makeRoom)
    // Also as the window changes.
    const sizes = new ResizeObserver(() => tellWidth(box.offsetWidth))
    sizes.observe(box)
    return () => {
      sizes.disconnect()
      undo()
    }
  }, [at, makeRoom])

  useEffect(() => onDock({ side: at, width: dialog.current?.offsetWidth ?? 0 }), [at, width])
  useEffect(() => () => onDock(null), [])
  return null
}
