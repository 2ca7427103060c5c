// Initials on a faint hue: clients are circles, agents squares. Never the only carrier of a name.
import { Icon } from './icon.tsx'
import { hueOf, initials } from './names.ts'

export function ContactAvatar({ id, name }: { id: string; name: string }) {
  const letters = initials(name)
  return (
    <span class="av" style={{ '--h': String(hueOf(id)) }} aria-hidden="true">
      {letters === '' ? <Icon name="user" /> : letters}
    </span>
  )
}

export function AgentAvatar({ name, size, title }: { name: string; size: 's' | 'mid'; title?: string }) {
  return (
    <span class={`av agent ${size}`} title={title} aria-hidden="true">
      {initials(name)}
    </span>
  )
}
