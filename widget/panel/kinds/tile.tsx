// A line with an icon, what it is, and what one can do with it.
import type { ComponentChildren } from 'preact'
import { signStart } from '../../../shared/signs.ts'
import { Icon } from '../icon.tsx'
import type { IconName } from '../icons.ts'

interface TileProps {
  icon: IconName
  title: string
  /** Its last so many characters are never cut. */
  keep?: number
  text: string
  isWrong?: boolean
  isComing?: boolean
  children?: ComponentChildren
}

export function Tile({ icon, title, keep = 0, text, isWrong, isComing, children }: TileProps) {
  const end = signStart(title, title.length - keep)
  return (
    <span class={isWrong ? 'tile danger' : isComing ? 'tile coming' : 'tile'}>
      <Icon name={icon} />
      <span class="what">
        <b title={title}>
          <span class="cut">{title.slice(0, end)}</span>
          <span class="end">{title.slice(end)}</span>
        </b>
        <span class="t">{text}</span>
      </span>
      {children}
    </span>
  )
}
