// Where somebody was in our root: what had the focus, how far each part was scrolled. The browser forgets both when an element
// leaves the page.

/** The answer puts both back, after `hilo-back`, at which the panel shows itself again. */
export function keepPlace(element: HTMLElement): () => void {
  const inFocus = () => (element.getRootNode() as ShadowRoot).activeElement
  const scrolled = new WeakMap<Element, [left: number, top: number]>()
  let focused: HTMLElement | null = null

  // On the way down: the panel lets none of these out.
  const hear = (name: string, listener: (event: Event) => void) =>
    element.addEventListener(name, listener, { capture: true, passive: true })

  hear('focusin', ({ target }) => {
    focused = target as HTMLElement
  })
  hear('focusout', ({ target }) => {
    // Not where it left with our element, nor with the whole window.
    setTimeout(() => {
      if (focused === target && element.isConnected && inFocus() !== target) focused = null
    })
  })
  hear('scroll', ({ target }) => {
    if (target instanceof Element && element.isConnected) scrolled.set(target, [target.scrollLeft, target.scrollTop])
  })

  return () => {
    // A dialog that opens anew takes the focus to its beginning.
    const was = focused
    element.firstElementChild?.dispatchEvent(new Event('hilo-back'))
    for (const one of element.querySelectorAll('*')) {
      const [left, top] = scrolled.get(one) ?? []
      if (left !== undefined && top !== undefined) one.scrollTo({ left, top, behavior: 'instant' })
    }
    const { host } = element.getRootNode() as ShadowRoot
    const elsewhere = ![null, document.body, host].includes(document.activeElement)
    if (was?.isConnected && !elsewhere) was.focus({ preventScroll: true })
  }
}
