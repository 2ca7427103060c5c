// What the host's page knows of a docked panel: two things on its root element, by which its own styles can give way.
import type { Dock } from '../../client/panel.ts'

const WIDTH = '--hilo-dock-width'

/** Written where it changed alone: each write lays out the host's page anew. */
export function tellWidth(width: number): void {
  const { style } = document.documentElement
  if (style.getPropertyValue(WIDTH) !== `${width}px`) style.setProperty(WIDTH, `${width}px`)
}

/** `makeRoom`: the host asked for a padding of its root. Undone by what it returns. */
export function tellDock({ side, width }: Dock, makeRoom: boolean): () => void {
  const root = document.documentElement
  const padding = `padding-${side}`
  const before = root.style.getPropertyValue(padding)
  root.dataset.hiloDock = side
  tellWidth(width)
  if (makeRoom) root.style.setProperty(padding, `var(${WIDTH})`)
  return () => {
    delete root.dataset.hiloDock
    root.style.removeProperty(WIDTH)
    if (makeRoom) root.style.setProperty(padding, before)
    if (root.getAttribute('style') === '') root.removeAttribute('style')
  }
}
