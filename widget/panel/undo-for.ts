// How long the agent may take back what is sent.
import type { Client } from '../client/client.ts'

const SECONDS = 5

export function undoFor({ ready }: Pick<Client, 'ready'>): { undoFor?: number } {
  // An older server says nothing of settings.
  return ready.peek()?.settings?.undoSend ? { undoFor: SECONDS } : {}
}
