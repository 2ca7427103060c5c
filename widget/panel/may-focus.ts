// Who works in the page, or has not touched a thread that is part of it, keeps the focus: it is not taken by what loads.

const touched = new WeakSet<Node>()

/** Somebody pressed a key or a pointer in here: from now on its parts may take the focus among them. */
export function touch(element: Element): void {
  touched.add(element.getRootNode())
}

/** Whether the focus is in here, or was lost with a part that went away. */
export function mayFocus(element: Element): boolean {
  const root = element.getRootNode() as ShadowRoot
  const now = document.activeElement
  return now === root.host || (touched.has(root) && (now === null || now === document.body))
}

/** Where a focused field opens a keyboard over the page. */
export function isTouchScreen(): boolean {
  return matchMedia('(pointer: coarse)').matches
}
