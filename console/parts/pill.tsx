// A state in a word, with its colour and its sign: it reads in black and white too.
import type { ComponentChildren } from 'preact'
import { Icon } from '../../widget/panel/icon.tsx'
import type { IconName } from '../../widget/panel/icons.ts'

export type PillKind = 'plain' | 'good' | 'active' | 'waits' | 'bad'

interface PillProps {
  kind?: PillKind
  icon?: IconName
  children: ComponentChildren
}

const icons: Partial<Record<PillKind, IconName>> = { good: 'tick', active: 'sending', waits: 'waiting', bad: 'alert' }

export function Pill({ kind = 'plain', icon = icons[kind], children }: PillProps) {
  return (
    <span class={`pill ${kind}`}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  )
}
