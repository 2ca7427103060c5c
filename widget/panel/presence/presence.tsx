// Colleagues who reply in this thread right now: few threads have two at work.
import { addStyles } from '../adopt-styles.ts'
import { AgentAvatar } from '../avatar.tsx'
import { sayReplying } from '../say-replying.ts'
import { useShared } from '../shared-state.ts'
import { useScene } from '../thread-scene.ts'
import css from './presence.css?inline'

addStyles(css)

export function Presence() {
  const { words, me } = useShared()
  const { thread } = useScene()
  const repliers = thread.presence.value.filter((one) => one.replying && one.id !== me)
  const [first] = repliers
  if (!first) return null
  return (
    <div class="presence">
      <AgentAvatar name={first.name} size="s" />
      <span class="cut">
        {sayReplying(
          words,
          repliers.map((one) => one.name),
        )}
      </span>
      <span class="dots" aria-hidden="true">
        <s />
        <s />
        <s />
      </span>
    </div>
  )
}
