// Where somebody was in our root: what had the focus, how far each part was scrolled. The browser forgets both when an element
// leaves the page.

/** The answer puts both back, after `hilo-back`, at which the panel shows itself again. */
export function keepPlace(element: HTMLElement): () => void {
  const root = element.getRootNode() as ShadowRoot
  const scrolled = new WeakMap<Element, [left: number, top: number]>()
  let focused: HTMLElement | null = null

  element.addEventListener('focusin', ({ target }) => {
    focused = target as HTMLElement
  })
  element.addEventListener('focusout', ({ target }) => {
    // Not where it left with our element, nor with the whole window.
    setTimeout(() => {
      if (focused === target && root.host.isConnected && root.activeElement !== target) focused = null
    })
  })
  element.addEventListener(
    'scroll',
    ({ target }) => {
      if (target instanceof Element && root.host.isConnected) scrolled.set(target, [target.scrollLeft, target.scrollTop])
    },
    { capture: true, passive: true },
  )

  return () => {
    element.firstElementChild?.dispatchEvent(new Event('hilo-back'))
    for (const one of element.querySelectorAll('*')) {
      const [left, top] = scrolled.get(one) ?? []
      if (left !== undefined && top !== undefined) one.scrollTo({ left, top, behavior: 'instant' })
    }
    const { activeElement, body } = document
    if (focused?.isConnected && (activeElement === null || activeElement === body)) focused.focus({ preventScroll: true })
  }
}
