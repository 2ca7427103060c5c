// A place with nothing in it: what it is, and what to do next.
import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}

const widths = [
  [46, 62, 84],
  [38, 48, 70],
  [52, 58, 90],
  [34, 66, 62],
  [44, 50, 78],
  [40, 56, 66],
]

/** Of a thread: on both sides. */
export function BubbleSkeleton() {
  return (
    <div class="skelthread" aria-hidden="true">
      {widths.map(([width, , wide]) => (
        <span key={width} style={{ width: `${wide}%` }} />
      ))}
    </div>
  )
}

/** Still, never flickering; only shown after 200 ms. */
export function Skeleton() {
  return (
    <div aria-hidden="true">
      {widths.map((lines) => (
        <div class="skel" key={lines[0]}>
          <span class="a" />
          <div class="grow">
            {lines.map((width) => (
              <span key={width} style={{ width: `${width}%` }} />
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
