// A button and what opens under it. What opens is fetched on the way to the button; it takes the focus and the keys.
import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { OnDemand } from './on-demand.tsx'
import { isPlain } from './own-events.ts'

export interface PopupProps {
  /** Gives the focus back to the button. */
  onClose(): void
  /** Closes alone: the focus went elsewhere. */
  onLeave(): void
  label: string
}

interface ButtonProps<Props> {
  label: string
  class: string
  popup: OnDemand<Props & PopupProps>
  with: Props
  children: ComponentChildren
  /** For a bar with one tab stop. */
  tabIndex?: number
}

export function PopupButton<Props extends object>({
  label,
  class: look,
  popup: Popup,
  with: given,
  children,
  tabIndex,
}: ButtonProps<Props>) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)

  function onKeyDown(event: KeyboardEvent): void {
    const opens = !open && event.key === 'ArrowDown' && isPlain(event) && event.target === button.current
    if (!opens && !(open && event.key === 'Escape')) return
    event.preventDefault()
    event.stopPropagation()
    setOpen(opens)
    if (!opens) button.current?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the button and its menu, gathered
    <span class="anchor" onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class={look}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        tabIndex={tabIndex}
        onPointerEnter={Popup.preload}
        onFocus={Popup.preload}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <Popup
          {...given}
          label={label}
          onLeave={() => setOpen(false)}
          onClose={() => {
            setOpen(false)
            button.current?.focus()
          }}
        />
      )}
    </span>
  )
}
