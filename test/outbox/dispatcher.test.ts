// Work that a dispatcher finds though nobody told it, on a real store.
import { expect, test } from 'vitest'
import { createDispatcher } from '../../server/outbox/dispatcher.ts'
import type { Gateway } from '../../server/outbox/gateway.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { ownParts } from './own-parts.ts'

const own = useSqliteFile()
const accepts: Partial<Gateway> = {
  send: async () => ({ kind: 'accepted', twilioSid: `SM${'1'.repeat(32)}`, status: 'sending', failure: null }),
}

async function withDispatcher(gateway: Partial<Gateway>) {
  const given = await ownParts(own, gateway)
  const dispatcher = createDispatcher(given.parts, 'another process')
  return {
    ...given,
    dispatcher,
    /** → the statuses that this message had in the first so many seconds. */
    async statuses(id: string, seconds: number) {
      const seen = new Set<string | undefined>()
      for (let passed = 0; passed < seconds * 2; passed++) {
        await given.clock.advance(500)
        const message = await given.store.message({ orgId: 'default', agentId: 'a', scope: null }, id)
        seen.add(message?.twilioSid ? 'accepted' : message?.status)
      }
      await dispatcher.close()
      return [...seen]
    },
  }
}

test('what a process claimed that died is not known to be sent, as soon as another has the sender', async () => {
  const { enter, claim, dispatcher, statuses } = await withDispatcher({ listSent: async () => [] })
  const { id } = await enter()
  await claim()
  await dispatcher.start()
  expect((await statuses(id, 10)).at(-1)).toBe('unconfirmed')
})

test('what another process entered goes at the next look over all lines, every five seconds', async () => {
  const { enter, dispatcher, statuses } = await withDispatcher(accepts)
  await dispatcher.start()
  const { id } = await enter()
  expect(await statuses(id, 8)).toEqual(['queued', 'accepted'])
})
