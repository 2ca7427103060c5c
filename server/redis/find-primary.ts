// Asks the Sentinels, one after the other, where the primary is. The library's own part for Sentinel gives up after a while, and
// asks without a pause until then; this one answer is all that is needed.
import type { RedisAddress, RedisNode } from '../redis-url.ts'
import { NoSuchPrimary } from './is-refusal.ts'
import { openClient } from './open-client.ts'

/** The answer rejects with NoSuchPrimary where each Sentinel answers and none knows it; else with why the last gave none. */
export function createFindPrimary({ nodes, tls }: RedisAddress, { primary, login }: NonNullable<RedisAddress['sentinel']>) {
  // Who answered is asked first the next time.
  const order = [...nodes]

  async function ask(node: RedisNode): Promise<RedisNode | null> {
    let answer: unknown = null
    const client = await openClient({ ...node, tls, login }, async (asked) => {
      answer = await asked.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', primary])
    })
    client.destroy()
    return Array.isArray(answer) ? { host: String(answer[0]), port: Number(answer[1]) } : null
  }

  return async function findPrimary(): Promise<RedisNode> {
    let failure: unknown = null
    for (const node of [...order]) {
      try {
        const found = await ask(node)
        if (found === null) continue
        order.unshift(...order.splice(order.indexOf(node), 1))
        return found
      } catch (error) {
        failure = error
      }
    }
    throw failure ?? new NoSuchPrimary('No Sentinel knows a primary of that name')
  }
}
