// Events in the panel, or in a thread of the page, are not the host's: it would see our element instead of the field
// in it, and run its shortcut. Such events end at our root; chords of the host (Ctrl or ⌘ with a key) go on to it.

/** Passive ones too: a listener that could call off the scrolling would make it wait. */
const others = ['focusin', 'focusout', 'beforeinput', 'input', 'paste', 'copy', 'cut', 'wheel', 'touchmove', 'dragover', 'drop']
const editing = /^([acvxyz]|Arrow.*|Home|End|Backspace|Delete)$/i

export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('textarea, input, select')
}

/** Without a chord's key: Alt and AltGr type letters, Ctrl and ⌘ are the browser's or the host's. */
export function isPlain({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return !altKey && !ctrlKey && !metaKey
}

function isOfHost(event: KeyboardEvent): boolean {
  if (event.key === 'Control' || event.key === 'Meta') return true
  if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.getModifierState('AltGraph')) return false
  return !(editing.test(event.key) && isField(event.composedPath()[0] ?? null))
}

/** The answer ends it. */
export function keepEvents(root: HTMLElement): () => void {
  const end = new AbortController()
  const { signal } = end
  /** Keys whose press the host did not hear: it does not hear them let go either, and of the others it does. */
  const ours = new Set<string>()

  function keep(event: Event): void {
    event.stopPropagation()
  }
  // A key that an input method composes with (229 where the browser says no more) belongs to it: no handler of ours sees it.
  function begin(event: KeyboardEvent): void {
    if (event.key === 'Tab' || !isField(event.composedPath()[0] ?? null)) root.classList.add('by-keys')
    ours.add(event.code)
    if (event.isComposing || event.keyCode === 229) keep(event)
  }
  // A modal of the host's that hears Escape first calls it off, for itself or to let it be: in here it is still pressed.
  function pressAgain(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !event.defaultPrevented) return
    event.stopImmediatePropagation()
    const { key, code, keyCode } = event
    event.composedPath()[0]?.dispatchEvent(new KeyboardEvent('keydown', { key, code, keyCode, bubbles: true, cancelable: true }))
  }
  function press(event: KeyboardEvent): void {
    if (isOfHost(event)) ours.delete(event.code)
    else keep(event)
  }
  // A browser draws a field's ring whoever put the focus there: ours waits for keys.
  root.addEventListener('pointerdown', () => root.classList.remove('by-keys'), { signal, capture: true })
  for (const name of others) root.addEventListener(name, keep, { signal, passive: true })
  root.addEventListener('keydown', begin, { signal, capture: true })
  root.addEventListener('keydown', pressAgain, { signal, capture: true })
  root.addEventListener('keydown', press, { signal })
  root.addEventListener('keypress', press, { signal })
  root.addEventListener('keyup', (event) => ours.delete(event.code) && keep(event), { signal })
  return () => end.abort()
}
