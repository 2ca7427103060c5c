// The message log as messages alone: what it says besides about a failure is made from it for people.
import type { Message } from '../../shared/model.ts'
import type { TortureAgent } from './agents.ts'

export async function readLog(boss: Pick<TortureAgent, 'pages'>): Promise<Message[]> {
  const listed = await boss.pages<Message & { hint?: string }>('/api/messages')
  return listed.map(({ hint: _, ...message }) => message)
}
