// One claim on its way to the gateway, on a real store: what is refused there and then, and what is put back for how long.
import { expect, test } from 'vitest'
import type { Gateway } from '../../server/outbox/gateway.ts'
import { createPacer } from '../../server/outbox/pacer.ts'
import { sendClaimed } from '../../server/outbox/send-claimed.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { ownParts } from './own-parts.ts'

const own = useSqliteFile()
const viewer = { orgId: 'default', agentId: 'a', scope: null }

async function claimed(gateway: Partial<Gateway>) {
  let sends = 0
  const send: Gateway['send'] = async () => {
    sends++
    return { kind: 'unknown', detail: 'no answer' }
  }
  const given = await ownParts(own, { ...gateway, send })
  const { id } = await given.enter()
  const claim = await given.claim()
  const leave = createPacer(1).take(0, 1, given.clock.now())
  if (typeof leave === 'number') throw new Error('no leave')
  return {
    async send(over: object) {
      const result = await sendClaimed(given.parts, { ...claim, ...over }, 0, leave, (write) => write())
      const message = await given.store.message(viewer, id)
      return { result, sends, status: message?.status, reason: message?.error?.reason ?? null }
    },
  }
}

test('who opted out since it was entered is not written to, and the line goes on', async () => {
  const { send } = await claimed({})
  expect(await send({ optedOut: true })).toEqual({ result: { next: 'go' }, sends: 0, status: 'failed', reason: 'opted_out' })
})

test('a second request waits for the list where that cannot be read, five seconds at a time', async () => {
  const { send } = await claimed({ listSent: () => Promise.reject(new Error('not now')) })
  expect(await send({ attempt: 2 })).toMatchObject({ result: { next: 'wait', ms: 5_000 }, sends: 0 })
})

test('a second request is not made where the list has the first', async () => {
  const entry = {
    twilioSid: `SM${'1'.repeat(32)}`,
    direction: 'outbound',
    from: null,
    text: 'A las 18:30, en la entrada principal.',
    createdAt: 0,
  }
  const { send } = await claimed({ listSent: async () => [{ ...entry, status: 'sent', failure: null } as never] })
  expect(await send({ attempt: 2 })).toMatchObject({ result: { next: 'go' }, sends: 0 })
})
