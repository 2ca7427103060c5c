// A card that says what happened to a message and the one thing to do, where it happened.
import type { ComponentChildren } from 'preact'
import { Icon } from '../icon.tsx'
import type { IconName } from '../icons.ts'

interface CardProps {
  icon: IconName
  class?: string
  title: string
  text: string
  code?: number | null
  children?: ComponentChildren
}

export function Card({ icon, class: look = '', title, text, code, children }: CardProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a message's own group, not a form's
    <div class={`card ${look}`} role="group" aria-label={title}>
      <Icon name={icon} />
      <p>
        <strong>{title}</strong> {text} {code ? <span class="code">{code}</span> : null}
      </p>
      {children && <div class="acts">{children}</div>}
    </div>
  )
}
