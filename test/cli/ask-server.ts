// Shared by the suites of backup and restore: a command as an operator runs it, and a client's thread as the server tells it.
import type { Message, OwnConversation } from '../../shared/model.ts'
import { launch, type World } from '../server/server-process.ts'
import { until } from '../support/until.ts'

export async function runHilo(world: World, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const run = launch(world.env, [process.execPath, 'server/cli/hilo.ts', ...args])
  const { code } = await run.ended
  return { code, said: run.said() }
}

export async function threadOf(world: World, phone: string): Promise<OwnConversation> {
  return await until(async () => {
    const { body } = await world.call<{ items: OwnConversation[] }>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}`)
    return body.items[0]
  })
}

/** All of them, page by page. */
export async function messagesOf(world: World, id: string): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const path = `/api/conversations/${id}/messages?after=${all.at(-1)?.seq ?? 0}&limit=100`
    const { body } = await world.call<{ items: Message[]; hasMore: boolean }>('GET', path)
    all.push(...body.items)
    if (!body.hasMore) return all
  }
}
