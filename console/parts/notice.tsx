// Something that is to be known, where it belongs; at the right, what to do about it.
import type { ComponentChildren } from 'preact'
import { Icon } from '../../widget/panel/icon.tsx'
import type { IconName } from '../../widget/panel/icons.ts'

interface NoticeProps {
  kind?: 'plain' | 'good' | 'caution' | 'danger'
  title?: string
  children?: ComponentChildren
  actions?: ComponentChildren
}

const icons: Record<NonNullable<NoticeProps['kind']>, IconName> = { plain: 'note', good: 'tick', caution: 'waiting', danger: 'alert' }

export function Notice({ kind = 'plain', title, children, actions }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'danger' ? 'alert' : 'status'}>
      <Icon name={icons[kind]} />
      <div class="grow">
        {title !== undefined && <p class="notice-title">{title}</p>}
        {children !== undefined && <div>{children}</div>}
      </div>
      {actions !== undefined && <div class="notice-actions">{actions}</div>}
    </div>
  )
}
