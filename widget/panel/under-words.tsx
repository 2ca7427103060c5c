// Under the last message of ours: its state in words, or why it still waits.
import type { Message } from '../../shared/model.ts'
import { formatTime } from '../locales/format.ts'
import { useShared } from './shared-state.ts'
import { statusWord } from './status-mark.tsx'
import { useElapsed } from './use-delayed.ts'

const WAIT_MS = 2000

export function UnderWords({ message }: { message: Message }) {
  const { words, zone, now } = useShared()
  const waited = useElapsed(Date.parse(message.createdAt), WAIT_MS, now.value)
  const { status, delay } = message
  if (status === 'queued' || status === 'sending') {
    if (!waited) return null
    const reasons = { order: words.delayOrder, rate: words.delayRate, provider: words.delayProvider, quiet_hours: words.delayQuietHours }
    const until = delay?.until ? ` · ${formatTime(zone, delay.until)}` : ''
    return <span class="under">{delay ? reasons[delay.reason] + until : statusWord(words, status)}</span>
  }
  if (status === 'failed' || status === 'unconfirmed') return null
  const at = { delivered: message.deliveredAt, read: message.readAt, sent: message.sentAt }[status as string]
  return <span class="under">{at ? `${statusWord(words, status)} ${formatTime(zone, at)}` : statusWord(words, status)}</span>
}
