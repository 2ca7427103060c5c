// A button. While its task runs it says so, and takes no second press.
import type { ComponentChildren } from 'preact'
import { Icon } from '../../widget/panel/icon.tsx'
import type { IconName } from '../../widget/panel/icons.ts'

interface ButtonProps {
  children: ComponentChildren
  kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  icon?: IconName
  type?: 'button' | 'submit'
  isSmall?: boolean
  isBusy?: boolean
  isDisabled?: boolean
  /** Where its words alone do not say what it is about: said to screen readers in their place. */
  label?: string
  onClick?(): void
}

export function Button({ children, kind = 'plain', icon, type = 'button', isSmall, isBusy, isDisabled, label, onClick }: ButtonProps) {
  const kinds = ['btn', kind === 'plain' ? '' : kind, isSmall ? 'small' : ''].filter(Boolean).join(' ')
  return (
    <button
      type={type}
      class={kinds}
      disabled={isDisabled}
      aria-disabled={isBusy ? 'true' : undefined}
      aria-busy={isBusy ? 'true' : undefined}
      aria-label={label}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onClick?.()
      }}
    >
      {isBusy ? <span class="spin" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}
