// Whether a conversation calls an agent, by sound, notification and push alike; what does not still counts as unread.
import type { AgentSettings } from './model.ts'

/** `assigneeId`: null: nobody's. A settings row of before has no `notifyOf`: all. */
export function concerns(notifyOf: AgentSettings['notifyOf'] | undefined, assigneeId: string | null, agentId: string): boolean {
  if (assigneeId === agentId || notifyOf === undefined || notifyOf === 'all') return true
  return notifyOf === 'mine_or_unassigned' && assigneeId === null
}
