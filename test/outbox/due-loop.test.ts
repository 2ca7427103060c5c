// The loop over messages that come due, on a real store: which it enters, as what, and whom it wakes.
import { expect, test } from 'vitest'
import { createDueLoop } from '../../server/outbox/due-loop.ts'
import type { Store } from '../../server/store/store.ts'
import { HOUR, REMINDER } from '../support/builders.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { until } from '../support/until.ts'
import { ownParts } from './own-parts.ts'

const own = useSqliteFile()
const template = { name: 'recordatorio', variables: {} }

async function startLoop(change: (store: Store) => Partial<Store> = () => ({})) {
  const given = await ownParts(own)
  const { clock, parts, drafted } = given
  const woken: string[] = []
  const store = { ...parts.store, ...change(parts.store) }
  const dispatch = { ...parts.dispatch, wake: ({ lineId }: { lineId: string }) => void woken.push(lineId) }
  const loop = createDueLoop({ ...parts, store, dispatch })
  await loop.start()
  return {
    ...given,
    woken,
    loop,
    async plan(inMs: number, over = {}) {
      const draft = drafted({ dueAt: clock.now() + inMs, ...over })
      await store.schedule(draft)
      loop.schedule(clock.now() + inMs)
      return async () => {
        const found = await store.message({ orgId: 'default', agentId: 'a', scope: null }, draft.id)
        return [found?.status, found?.error?.reason ?? null]
      }
    },
  }
}

test.each<[what: string, inMs: number, over: object, outcome: [string, string | null]]>([
  ['a text within the window leaves', HOUR, {}, ['queued', null]],
  ['a text after the window does not', 25 * HOUR, {}, ['failed', 'window']],
  ['a template after the window leaves', 25 * HOUR, { type: 'template', template }, ['queued', null]],
  ['an automated text after the window does not either', 25 * HOUR, { author: REMINDER }, ['failed', 'window']],
])('%s, when it comes due, and wakes its line only then', async (_what, inMs, over, outcome) => {
  const { clock, plan, woken, conversation, loop } = await startLoop()
  const ended = await plan(inMs, over)
  clock.sleep(inMs)
  await clock.advance(0)
  await until(async () => (await ended())[0] !== 'scheduled')
  expect(await ended()).toEqual(outcome)
  expect(woken).toEqual(outcome[0] === 'queued' ? [conversation.lineId] : [])
  loop.close()
})

test('who opted out meanwhile is not written to when it comes due', async () => {
  const { clock, plan, woken, loop, store, conversation } = await startLoop()
  const ended = await plan(1_000)
  await store.sayOptOut('default', conversation.lineId, { out: true, scope: 'all', source: 'keyword' }, clock.now())
  await clock.advance(1_000)
  await until(async () => (await ended())[0] !== 'scheduled')
  expect([await ended(), woken]).toEqual([['failed', 'opted_out'], []])
  loop.close()
})

test('what is planned for earlier does not wait for what was planned first', async () => {
  const { clock, plan, loop } = await startLoop()
  const later = await plan(50_000)
  const sooner = await plan(10_000)
  await clock.advance(10_000)
  await until(async () => (await sooner())[0] === 'queued')
  expect(await later()).toEqual(['scheduled', null])
  await clock.advance(40_000)
  await until(async () => (await later())[0] === 'queued')
  loop.close()
})
