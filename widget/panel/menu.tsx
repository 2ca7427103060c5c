// A button with a menu under it: arrows, Home, End, Enter; Escape and a press outside close it and give the focus back.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'

export interface MenuItem {
  label: string
  icon: IconName
  end?: string
  onPick(): void
}

interface MenuProps {
  label: string
  class: string
  items: MenuItem[]
  children: ComponentChildren
  /** For a bar with one tab stop. */
  tabIndex?: number
}

export function Menu({ label, class: look, items, children, tabIndex }: MenuProps) {
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLSpanElement>(null)
  const button = () => anchor.current?.querySelector('button')
  const options = () => [...(anchor.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]

  useLayoutEffect(() => {
    if (!open) return
    options()[0]?.focus()
    const root = anchor.current?.getRootNode()
    const outside = (event: Event) => {
      if (!event.composedPath().includes(anchor.current as EventTarget)) setOpen(false)
    }
    root?.addEventListener('pointerdown', outside)
    document.addEventListener('pointerdown', outside)
    return () => {
      root?.removeEventListener('pointerdown', outside)
      document.removeEventListener('pointerdown', outside)
    }
  }, [open])

  function close(): void {
    setOpen(false)
    button()?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!open) {
      if (event.key === 'ArrowDown' && event.target === button()) {
        event.preventDefault()
        event.stopPropagation()
        setOpen(true)
      }
      return
    }
    const all = options()
    const root = anchor.current?.getRootNode() as ShadowRoot
    const at = all.indexOf(root.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) all[(to + all.length) % all.length]?.focus()
    else if (event.key === 'Escape') close()
    else {
      if (event.key === 'Tab') setOpen(false)
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the button and its menu, gathered
    <span class="anchor" ref={anchor} onKeyDown={onKeyDown}>
      <button
        type="button"
        class={look}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        tabIndex={tabIndex}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div class="menu pop" role="menu" aria-label={label}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              class="option"
              tabIndex={-1}
              onClick={() => {
                close()
                item.onPick()
              }}
            >
              <Icon name={item.icon} />
              {item.label}
              {item.end && <span class="end">{item.end}</span>}
            </button>
          ))}
        </div>
      )}
    </span>
  )
}
