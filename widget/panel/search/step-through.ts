// The keys of a search: down and up between the field and what it found, Enter for the first.

/** `stops`: what may have the focus, the field among them; `first`: what Enter in the field presses. */
export function stepThrough(event: KeyboardEvent, box: Element | null, stops: string, first: string): void {
  if (!box || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return
  if (event.key === 'Enter') {
    const found = (event.target as Element).matches('input') && box.querySelector<HTMLElement>(first)
    if (!found) return
    found.click()
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const all = [...box.querySelectorAll<HTMLElement>(stops)]
    const at = all.indexOf(event.target as HTMLElement)
    all[Math.max(0, Math.min(all.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus()
  } else return
  event.preventDefault()
  event.stopPropagation()
}
