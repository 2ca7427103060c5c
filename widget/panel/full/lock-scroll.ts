// The chunk of a panel that covers the page: the page does not scroll behind it; and the on-screen keyboard covers no composer.

/** Undone by what it returns. */
export function lockScroll(dock: HTMLElement): () => void {
  const { style } = document.documentElement
  const before = [style.overflow, style.overscrollBehavior] as const
  style.overflow = 'hidden'
  style.overscrollBehavior = 'none'

  const view = window.visualViewport
  function fit(): void {
    if (!view) return
    // Only while a keyboard is up: at rest 100dvh knows better.
    const covered = window.innerHeight - view.height > 80 && view.scale === 1
    dock.style.setProperty('--_height', covered ? `${view.height}px` : '')
    dock.style.setProperty('--_top', covered ? `${view.offsetTop}px` : '')
  }
  view?.addEventListener('resize', fit)
  view?.addEventListener('scroll', fit)
  fit()
  return () => {
    view?.removeEventListener('resize', fit)
    view?.removeEventListener('scroll', fit)
    ;[style.overflow, style.overscrollBehavior] = before
    dock.style.removeProperty('--_height')
    dock.style.removeProperty('--_top')
  }
}
