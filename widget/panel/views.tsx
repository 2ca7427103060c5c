// The view of the moment, and the place from which a screen reader hears what arrives.
import { Finding } from './finding.tsx'
import { Guard } from './guard.tsx'
import { Inbox } from './inbox.tsx'
import { loadFrame } from './load-frame.ts'
import { onDemand } from './on-demand.tsx'
import { useShared, type View } from './shared-state.ts'
import { ThreadView } from './thread.tsx'

const Beside = onDemand(async () => (await loadFrame()).Beside)
const NewMessage = onDemand(async () => (await import('./forms/forms.ts')).forms.NewMessage)
const Person = onDemand(async () => (await import('./person/person.tsx')).Person)
const RecordPlan = onDemand(async () => (await import('./plan/record-plan.tsx')).RecordPlan)
const Settings = onDemand(async () => (await import('./settings/settings-chunk.ts')).settings.Settings)

/** `onError`: told of what throws while a view is drawn; the frame around it stays. */
export function Views({ onError }: { onError(error: unknown): void }) {
  // Read here and handed down, so that the frame, which moves the focus, and what is in it are drawn in one go.
  const { view, done, panes } = useShared()
  const [now, isTwo] = [view.value, panes.value]
  return (
    <Guard onError={onError}>
      {isTwo && (
        <div class="pane aside" key="list">
          <Inbox />
        </div>
      )}
      {/* The same element with one pane and two: a thread stays as it is while the panel grows. */}
      <div class={isTwo ? 'pane beside' : 'view'} key="main">
        {isTwo && now.at === 'inbox' ? <Beside /> : <Current view={now} />}
        {done.value}
      </div>
    </Guard>
  )
}

function Current({ view }: { view: View }) {
  if (view.at === 'thread') return <ThreadView key={view.conversationId} conversationId={view.conversationId} target={view.target} />
  if (view.at === 'finding') return <Finding view={view} />
  if (view.at === 'person') return <Person key={view.conversationId} conversationId={view.conversationId} />
  if (view.at === 'plan') return <RecordPlan key={view.conversationId} conversationId={view.conversationId} />
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
