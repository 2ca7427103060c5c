// A box that opens under a button: takes the focus, and closes by Escape or by a press outside of it and its button.
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { isPlain } from '../own-events.ts'
import type { PopupProps } from '../popup.tsx'

interface BoxProps extends Pick<PopupProps, 'label' | 'onClose' | 'onLeave'> {
  role: 'menu' | 'dialog'
  class?: string
  onKeyDown?(event: KeyboardEvent, box: HTMLElement): void
  children: ComponentChildren
}

export function PopupBox({ role, label, class: look = '', onClose, onLeave, onKeyDown, children }: BoxProps) {
  const box = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const anchor = box.current?.parentElement
    box.current?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true })
    const root = box.current?.getRootNode()
    const outside = (event: Event) => {
      if (!event.composedPath().includes(anchor as EventTarget)) onLeave()
    }
    root?.addEventListener('pointerdown', outside)
    document.addEventListener('pointerdown', outside)
    return () => {
      root?.removeEventListener('pointerdown', outside)
      document.removeEventListener('pointerdown', outside)
    }
  }, [])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a menu or a dialog, as `role` says
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both have a name
    <div
      class={`menu pop ${look}`}
      ref={box}
      role={role}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault()
          event.stopPropagation()
          onClose()
        } else if (box.current && isPlain(event)) onKeyDown?.(event, box.current)
      }}
    >
      {children}
    </div>
  )
}
