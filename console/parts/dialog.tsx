// A question, or a sheet at the side, over the page: the browser's own <dialog>, which keeps the focus inside and gives it back.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Icon } from '../../widget/panel/icon.tsx'
import { useShell } from '../shell.ts'

interface DialogProps {
  title: string
  children: ComponentChildren
  /** Its buttons, the one that goes on last. */
  actions?: ComponentChildren
  /** At the side, as high as the page. */
  isSheet?: boolean
  /** By Escape, the cross or a click beside it. */
  onClose(): void
}

export function Dialog({ title, children, actions, isSheet, onClose }: DialogProps) {
  const { words } = useShell()
  const place = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = place.current
    const before = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      // What opened it may be gone by then.
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={place}
      class={isSheet ? 'dialog sheet' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === place.current) onClose()
      }}
    >
      <div class="dialog-box">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" class="ib" aria-label={words.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div class="dialog-body">{children}</div>
        {actions !== undefined && <footer>{actions}</footer>}
      </div>
    </dialog>
  )
}
