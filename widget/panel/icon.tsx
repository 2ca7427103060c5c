// One icon. Decoration for a screen reader unless it stands alone for a word: then `label` says it.
import { type IconName, icons } from './icons.ts'

interface IconProps {
  name: IconName
  class?: string
  label?: string
}

const frame = {
  viewBox: '0 0 20 20',
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': '1.5',
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
  'aria-hidden': 'true',
} as const

export function Icon({ name, class: size = '', label }: IconProps) {
  return (
    <i class={size} title={label} {...(label ? { role: 'img', 'aria-label': label } : {})}>
      <svg {...frame}>
        <path d={icons[name as keyof typeof icons] ?? name} />
      </svg>
    </i>
  )
}

/** The window clock: an arc that runs out; `part` is what is left, 0 to 1. */
export function Dial({ part }: { part: number }) {
  const arc = Math.max(3, Math.min(90, part * 100))
  return (
    <i>
      <svg {...frame}>
        <circle cx="10" cy="10" r="6.5" opacity=".3" />
        <circle
          cx="10"
          cy="10"
          r="6.5"
          pathLength="100"
          stroke-linecap="butt"
          stroke-dasharray={`${arc} 100`}
          transform="rotate(-90 10 10)"
        />
      </svg>
    </i>
  )
}
