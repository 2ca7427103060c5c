// The way back to the list that a page belongs to.
import { Icon } from '../../widget/panel/icon.tsx'

export function Back({ href, children }: { href: string; children: string }) {
  return (
    <a class="back" href={href}>
      <Icon name="back" class="s16" />
      {children}
    </a>
  )
}
