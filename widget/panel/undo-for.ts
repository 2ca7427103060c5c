// How long the agent may take back what is sent.
import type { Client } from '../client/client.ts'

const SECONDS = 5

export function undoFor({ ready }: Pick<Client, 'ready'>): { undoFor?: number } {
  return ready.peek()?.settings.undoSend ? { undoFor: SECONDS } : {}
}
