// Under the header a line about the connection, and one while the agent is away. They push, they never cover.
import { Icon } from './icon.tsx'
import { onDemand } from './on-demand.tsx'
import { isAway } from './is-away.ts'
import { useShared } from './shared-state.ts'
import { useDelayed } from './use-delayed.ts'

const AwayStrip = onDemand(
  async () => (await import('./away/away.tsx')).AwayStrip,
  () => null,
)

const Refused = onDemand(
  async () => (await import('./refused/refused.tsx')).Refused,
  ({ detail }: { detail: string }) => <>{detail}</>,
)

/** Said once where the list and a thread stand side by side. */
export function Strip({ isList }: { isList?: boolean }) {
  if (useShared().panes.value && !isList) return null
  return (
    <>
      {isAway(useShared().client) && <AwayStrip />}
      <Connection />
    </>
  )
}

function Connection() {
  const { client, words } = useShared()
  const link = client.link.value
  const problem = client.problem.value
  const down = useDelayed(link === 'connecting' || link === 'reconnecting' || link === 'offline', 2000)
  const again = (
    <button type="button" class="link" onClick={() => client.reconnect()}>
      {words.retry}
    </button>
  )
  if (link === 'expired' || link === 'refused')
    return (
      <div class="strip danger" role="alert">
        <Icon name="lock" />
        {link === 'expired' ? words.expired : <Refused detail={problem?.detail ?? ''} />}
        {again}
      </div>
    )
  if (link === 'offline' && down)
    return (
      <div class="strip caution" role="status">
        <Icon name="offline" />
        {words.offline}
        {again}
      </div>
    )
  if (down)
    return (
      <div class="strip" role="status">
        <span class="spin" />
        {problem?.code === 'token_unavailable' ? words.noToken : link === 'connecting' ? words.connecting : words.reconnecting}
      </div>
    )
  if (link === 'slow')
    return (
      <div class="strip" role="status">
        <Icon name="clock" />
        {words.slow}
      </div>
    )
  if (client.ready.value?.foreignTimezone)
    return (
      <div class="strip" role="status">
        <Icon name="clock" />
        {words.foreignTimezone}
      </div>
    )
  return null
}
