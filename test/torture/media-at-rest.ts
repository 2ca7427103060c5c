// Media at the end of a run: everything that is still fetched ends, an agent asks once more for what failed, and the bytes are
// read as a browser reads them, by the address that the message gives.
import { hash } from 'node:crypto'
import type { Message } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import type { TortureAgent } from './agents.ts'

const LIST = '/api/messages?direction=inbound'
/** Addresses asked at one time. */
const AT_ONCE = 6

const itemsOf = (messages: readonly Message[], state: Message['media'][number]['state']) =>
  messages.flatMap(({ media }) => media.filter((item) => item.state === state))

/** Whoever sent what cannot be had keeps it so; all else is there afterwards. */
export async function endMedia(boss: TortureAgent, timeoutMs: number, report: (line: string) => void): Promise<void> {
  let messages: Message[] = []
  const ended = async () => {
    messages = await boss.pages<Message>(LIST)
    return itemsOf(messages, 'pending').length === 0
  }
  const wait = { timeoutMs, everyMs: 1_000, what: 'the end of every fetch of media' }
  await until(ended, wait)
  const failed = itemsOf(messages, 'failed')
  report(`media: ${itemsOf(messages, 'ready').length} there, ${failed.length} failed and asked for again`)
  for (const { id } of failed) await boss.call('POST', `/api/media/${encodeURIComponent(id)}/retry`, {})
  await until(ended, wait)
}

/** By the id of each item that is there: SHA-256 of the bytes, or how the server answered. */
export async function readMedia(messages: readonly Message[], serverUrl: string): Promise<Map<string, string>> {
  const items = itemsOf(messages, 'ready')
  const found = new Map<string, string>()
  for (let start = 0; start < items.length; start += AT_ONCE)
    await Promise.all(
      items.slice(start, start + AT_ONCE).map(async ({ id, url }) => {
        const { pathname, search } = new URL(url)
        const answer = await fetch(serverUrl + pathname + search, { signal: AbortSignal.timeout(15_000) }).catch(() => null)
        found.set(id, answer?.status === 200 ? hash('sha256', await answer.bytes()) : `status ${answer?.status ?? 'none'}`)
      }),
    )
  return found
}
