// The view of the moment, and the place from which a screen reader hears what arrives.
import { Finding } from './finding.tsx'
import { Guard } from './guard.tsx'
import { Inbox } from './inbox.tsx'
import { onDemand } from './on-demand.tsx'
import { useShared } from './shared-state.ts'
import { ThreadView } from './thread.tsx'

const NewMessage = onDemand(async () => (await import('./later/forms.ts')).forms.NewMessage)
const Settings = onDemand(async () => (await import('./later/settings-chunk.ts')).settings.Settings)

/** `onError`: told of what throws while a view is drawn; the frame around it stays. */
export function Views({ onError }: { onError(error: unknown): void }) {
  return (
    <Guard onError={onError}>
      <View />
    </Guard>
  )
}

function View() {
  const view = useShared().view.value
  if (view.at === 'thread') return <ThreadView key={view.conversationId} conversationId={view.conversationId} target={view.target} />
  if (view.at === 'finding') return <Finding view={view} />
  if (view.at === 'settings') return <Settings />
  if (view.at === 'new') return <NewMessage />
  return <Inbox />
}

export function Announcer() {
  const { announced } = useShared()
  return (
    <div class="sr" aria-live="polite">
      {announced.value}
    </div>
  )
}
