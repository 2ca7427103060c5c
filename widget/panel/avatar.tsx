// Initials on a faint hue: clients are circles, agents squares. Never the only carrier of a name, and no text of the page.
import { Icon } from './icon.tsx'
import { hueOf, initials } from './names.ts'

export function ContactAvatar({ id, name }: { id: string; name: string }) {
  const letters = initials(name)
  return (
    <span class="av" data-letters={letters} style={{ '--h': String(hueOf(id)) }} aria-hidden="true">
      {letters === '' && <Icon name="user" />}
    </span>
  )
}

export function AgentAvatar({ name, size, title }: { name: string; size: 's' | 'mid'; title?: string }) {
  return <span class={`av agent ${size}`} data-letters={initials(name)} title={title} aria-hidden="true" />
}
