// A menu: arrows, Home, End, Enter; Tab leaves it.
import { Icon } from '../icon.tsx'
import type { IconName } from '../icons.ts'
import type { PopupProps } from '../popup.tsx'
import { PopupBox } from './popup-box.tsx'

export interface MenuItem {
  label: string
  icon: IconName
  end?: string
  /** Opens something in the menu's place. */
  stays?: boolean
  onPick(): void
}

export function MenuList({ items, label, onClose, onLeave }: PopupProps & { items: MenuItem[] }) {
  function onKeyDown(event: KeyboardEvent, box: HTMLElement): void {
    const all = [...box.querySelectorAll<HTMLElement>('[role="menuitem"]')]
    const at = all.indexOf((box.getRootNode() as ShadowRoot).activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Tab') onLeave()
    if (to === undefined) return
    all[(to + all.length) % all.length]?.focus()
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <PopupBox role="menu" label={label} onClose={onClose} onLeave={onLeave} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          class="option"
          tabIndex={-1}
          onClick={() => {
            if (!item.stays) onClose()
            item.onPick()
          }}
        >
          <Icon name={item.icon} />
          <span class="cut">{item.label}</span>
          {item.end && <span class="end">{item.end}</span>}
        </button>
      ))}
    </PopupBox>
  )
}
