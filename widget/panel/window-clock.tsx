// The rest of WhatsApp's 24 hours. SMS has none and shows nothing.
import type { OwnConversation } from '../../shared/model.ts'
import { formatWindow } from '../locales/format.ts'
import { Dial, Icon } from './icon.tsx'
import { useShared } from './shared-state.ts'

const DAY_MS = 86_400_000

/** `closedWord`: closed is said in words, where there is room; else it is a lock. */
export function WindowClock({ conversation, closedWord }: { conversation: OwnConversation; closedWord?: boolean }) {
  const { words, now, say } = useShared()
  if (conversation.channel === 'sms') return null
  const { open, expiresAt } = conversation.window
  // A clock that is behind must not read more than the whole day that WhatsApp gives.
  const leftMs = open && expiresAt !== null ? Math.min(DAY_MS - 1, Date.parse(expiresAt) - now.value) : 0
  if (leftMs <= 0)
    return (
      <span class="clock" title={words.windowClosedShort}>
        {closedWord ? (
          <>
            <Icon name="lock" />
            {words.windowClosedShort}
          </>
        ) : (
          <Icon name="lock" label={words.windowClosedShort} />
        )}
      </span>
    )
  const { text, short } = formatWindow(words, leftMs)
  return (
    <span class={short ? 'clock low' : 'clock'} title={say(words.windowLeft, { t: text })}>
      <Dial part={leftMs / DAY_MS} />
      {text}
    </span>
  )
}
