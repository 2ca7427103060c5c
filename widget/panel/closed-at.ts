// Whether free text could still go at that time, as things stand: the client may write again, which nobody can know.
import type { OwnConversation } from '../../shared/model.ts'
import { WINDOW_MARGIN_MS } from '../../shared/window.ts'

export function closedAt({ channel, window }: OwnConversation, at: number): boolean {
  return channel === 'whatsapp' && (!window.open || (window.expiresAt !== null && at > Date.parse(window.expiresAt) - WINDOW_MARGIN_MS))
}
