// The console's connection: the widget's, with no conversations behind it. A chunk of its own.
import type { CampaignEvent } from '../shared/events.ts'
import { openLink } from '../widget/client/link.ts'
import { browserPage } from '../widget/client/page.ts'
import type { Session } from './session.ts'

export function openLiveLink(session: Session, onCampaign: (event: CampaignEvent) => void): void {
  const link = openLink({
    origin: location.origin,
    tokens: session.tokens,
    // Not shared with the widget's tabs, which may be of another build.
    page: { ...browserPage(), tabs: null },
    onUp: () => Promise.resolve(true),
    // The session knows by itself when it ends; this is told ahead of it.
    onExpired: () => {},
    // Pages ask by themselves now and then: without it they are a little late.
    onError: () => {},
  })
  link.socket.on('campaign', onCampaign)
  session.watch(() => {
    if (session.state() === 'signed-in') link.reconnect()
  })
}
