// The agent's choice for answers: how long they may be taken back, and whether they assign the conversation.
import type { Client } from '../client/client.ts'

const SECONDS = 5

export function answerSettings({ ready }: Pick<Client, 'ready'>): { undoFor?: number; assign?: true } {
  // An older server says nothing of settings.
  const { undoSend, assignOnAnswer } = ready.peek()?.settings ?? {}
  return { ...(undoSend && { undoFor: SECONDS }), ...(assignOnAnswer && { assign: true }) }
}
