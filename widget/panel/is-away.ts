// Whether the agent stepped away: nothing calls then.
import type { Client } from '../client/client.ts'

export function isAway({ ready }: Pick<Client, 'ready'>): boolean {
  // An older server says nothing of settings.
  return (ready.value?.settings?.presence ?? 'online') !== 'online'
}
