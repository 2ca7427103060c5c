// The leading tab's messages to the others, and to the server for all of them.
import { afterEach, expect, test } from 'vitest'
import { type Leader, type Said, serve, type ServeParts } from '../../widget/client/tabs.ts'

const leaders: Leader[] = []
afterEach(() => {
  for (const one of leaders.splice(0)) one.end()
})

/** A leader whose server and other tabs are the test's. */
function lead() {
  const said: Said[] = []
  const asked: [string, unknown][] = []
  const gone = new Map<string, () => void>()
  const channel = { postMessage: (one: Said) => said.push(one), onmessage: null } as unknown as BroadcastChannel
  const own = {
    overheard: null as ((name: string, args: unknown[]) => void) | null,
    connected: () => true,
    tell() {},
    async ask(event: string, body: unknown) {
      asked.push([event, body])
      const numbers = { badges: { 'ev-1': 2 }, waiting: { 'ev-1': 'since' }, unfiled: { 'ev-1': 1 }, unfiledSince: { 'ev-1': 'before' } }
      return event === 'subscribe:coordinations' ? { ok: true, ...numbers } : { ok: true }
    },
  }
  /** Another tab holds its own lock: given here when it is gone. */
  const locks = {
    async request(name: string, _options: object, then: () => void) {
      gone.set(name, then)
    },
  }
  const parts = { own, name: 'n', tab: 'me', channel, locks, ready: null, asked: {}, said: [], now: () => 0, hidden: () => false }
  leaders.push(serve(parts as unknown as ServeParts))
  const hear = async (one: Said) => {
    channel.onmessage?.({ data: one } as MessageEvent)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const ask = (from: string, event: string, body: unknown) => hear({ is: 'ask', from, id: 1, event, body, ms: 1 } as Said)
  return { said, asked, own, ask, leaves: (tab: string) => gone.get(`n ${tab}`)?.() }
}

test('numbers that one tab asked for are told to all, and of rows of a tab that left nobody asks any more', async () => {
  const { said, asked, ask, leaves } = lead()
  await ask('one', 'subscribe:coordinations', { ids: ['ev-1'] })
  await ask('two', 'subscribe:coordinations', { ids: ['ev-2', 'ev-1'] })
  expect(asked.at(-1)).toEqual(['subscribe:coordinations', { ids: ['ev-1', 'ev-2'] }])
  expect(said).toContainEqual({
    is: 'tell',
    to: null,
    name: 'badges',
    args: [{ 'ev-1': 2 }, { 'ev-1': 'since' }, { 'ev-1': 1 }, { 'ev-1': 'before' }],
  })
  leaves('two')
  expect(asked.at(-1)).toEqual(['subscribe:coordinations', { ids: ['ev-1'] }])
})

test('who is there is told to a tab that comes to see the same, as the server tells only what changes', async () => {
  const { said, own, ask } = lead()
  await ask('one', 'viewing', { conversationId: 'c1', replying: false })
  const presence = { conversationId: 'c1', agents: [{ id: 'beto', name: 'Beto', replying: false }] }
  own.overheard?.('presence', [presence])
  said.length = 0
  await ask('two', 'viewing', { conversationId: 'c1', replying: false })
  expect(said).toContainEqual({ is: 'tell', to: 'two', name: 'presence', args: [presence] })
})
