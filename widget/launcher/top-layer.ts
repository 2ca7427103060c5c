// Before the whole page: the top layer, by making our element a popover. What is fixed in it is fixed to the window also
// under a `transform` or `filter` of the host's body. Only while it is needed: a host's own layers may lie over the launcher.

export interface TopLayer {
  /** The panel cannot be reached where it is. */
  raise(wanted: boolean): void
}

const drawn = ['transform', 'translate', 'rotate', 'scale', 'perspective', 'filter', 'backdropFilter'] as const

/** Whether what is fixed in it is fixed to it, and not to the window. */
function holdsFixed(element: Element | null): boolean {
  if (!element) return false
  const style = getComputedStyle(element)
  return (
    drawn.some((name) => (style[name] || 'none') !== 'none') ||
    /transform|translate|rotate|scale|perspective|filter|contain/.test(style.willChange) ||
    /paint|layout|strict|content/.test(style.contain)
  )
}

export function createTopLayer(host: HTMLElement, signal: AbortSignal): TopLayer {
  let isAsked = false
  let planned = 0

  function fit(): void {
    planned = 0
    if (signal.aborted || !host.isConnected || !('popover' in host)) return
    const up = isAsked || holdsFixed(document.documentElement) || holdsFixed(document.body)
    if (up === host.matches(':popover-open')) return
    host.popover = up ? 'manual' : null
    if (up) host.showPopover()
  }
  const plan = () => {
    planned ||= requestAnimationFrame(fit)
  }

  const watcher = new MutationObserver(() => {
    watch()
    plan()
  })
  function watch(): void {
    for (const element of [document.documentElement, document.body])
      if (element) watcher.observe(element, { childList: true, attributeFilter: ['class', 'style'] })
  }
  watch()
  plan()
  for (const name of ['load', 'resize']) addEventListener(name, plan, { signal })
  for (const name of ['transitionend', 'animationstart', 'animationend'])
    document.addEventListener(name, ({ target }) => (target === document.body || target === document.documentElement) && plan(), { signal })
  signal.addEventListener('abort', () => {
    watcher.disconnect()
    cancelAnimationFrame(planned)
  })
  return {
    raise(wanted) {
      isAsked = wanted
      fit()
    },
  }
}
