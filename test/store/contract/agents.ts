// Agents: who was here, what each chose, where browsers hear of messages, and what is kept once for all processes.
import { expect } from 'vitest'
import type { PushSubscription } from '../../../server/store/records.ts'
import { MINUTE, MORNING } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const ana = { id: 'agent-ana', name: 'Ana Díaz' }
const luis = { id: 'agent-luis', name: 'Luis Paz' }

function subscription(w: World, over: Partial<PushSubscription> = {}): PushSubscription {
  return {
    orgId: w.orgId,
    agentId: ana.id,
    endpoint: `https://push.example/${'long/'.repeat(300)}${w.orgId}`,
    p256dh: 'key',
    auth: 'secret',
    scope: null,
    locale: 'es',
    page: 'https://host.example/bookings',
    expiresAt: MORNING + 60 * MINUTE,
    ...over,
  }
}

export const agentCases = cases('agents', {
  async 'who was never here is nobody; who was has the settings that nobody chose'(w) {
    expect(await w.store.agent(w.orgId, ana.id)).toBeNull()
    await w.store.seeAgents(w.orgId, [ana], MORNING)
    expect(await w.store.agent(w.orgId, ana.id)).toEqual({
      ...ana,
      presence: 'online',
      settings: { sound: true, notifications: true, quiet: null, notifyOf: 'all', undoSend: true, checkText: true, assignOnAnswer: true },
      seenAt: MORNING,
    })
    expect(await w.store.agent(w.neighbour().orgId, ana.id), 'another organization').toBeNull()
  },

  async 'they are listed by when they were seen last, with their newest name, and time never goes back'(w) {
    await w.store.seeAgents(w.orgId, [ana, luis], MORNING)
    await w.store.seeAgents(w.orgId, [{ ...ana, name: 'Ana Díaz Ríos' }], MORNING + MINUTE)
    await w.store.seeAgents(w.orgId, [{ ...ana, name: 'Ana Díaz Ríos' }], MORNING - MINUTE)
    const listed = await w.store.agents(w.orgId, 0, 10)
    expect(listed.map(({ name, seenAt }) => [name, seenAt])).toEqual([
      ['Ana Díaz Ríos', MORNING + MINUTE],
      [luis.name, MORNING],
    ])
    expect(
      (await w.store.agents(w.orgId, MORNING + 1, 10)).map(({ id }) => id),
      'seen since',
    ).toEqual([ana.id])
    expect(await w.store.agents(w.orgId, 0, 1)).toHaveLength(1)
    expect(await w.store.agents(w.neighbour().orgId, 0, 10)).toEqual([])
  },

  async 'who is named is answered as he is now, new or known, in that order'(w) {
    const known = await w.store.updateAgent(w.orgId, ana, { presence: 'away', settings: { sound: false } }, MORNING)
    const named = await w.store.seeAgents(w.orgId, [luis, { ...ana, name: 'Ana Díaz Ríos' }], MORNING - MINUTE)
    expect(named).toEqual([
      { ...known, ...luis, presence: 'online', settings: { ...known.settings, sound: true }, seenAt: MORNING - MINUTE },
      { ...known, name: 'Ana Díaz Ríos' },
    ])
    expect(await w.store.agent(w.orgId, ana.id)).toEqual(named[1])
  },

  async 'each choice changes by itself and stays over visits'(w) {
    await w.store.updateAgent(w.orgId, ana, { settings: { sound: false } }, MORNING)
    await w.store.updateAgent(w.orgId, ana, { presence: 'away' }, MORNING + 1)
    const after = await w.store.updateAgent(w.orgId, ana, { settings: { quiet: { from: '22:00', to: '08:00' } } }, MORNING + 2)
    const chosen = { presence: 'away', settings: { sound: false, notifications: true, quiet: { from: '22:00', to: '08:00' } } }
    expect(after).toMatchObject(chosen)
    await w.store.seeAgents(w.orgId, [ana], MORNING + MINUTE)
    expect(await w.store.agent(w.orgId, ana.id)).toMatchObject(chosen)
    await w.store.updateAgent(
      w.orgId,
      ana,
      { settings: { quiet: null, notifyOf: 'mine', undoSend: false, checkText: true, assignOnAnswer: false } },
      MORNING + MINUTE,
    )
    expect(await w.store.agent(w.orgId, ana.id)).toMatchObject({
      settings: { sound: false, quiet: null, notifyOf: 'mine', undoSend: false, checkText: true, assignOnAnswer: false },
    })
  },

  async 'choices made at once are all kept'(w) {
    await Promise.all([
      w.store.updateAgent(w.orgId, luis, { settings: { sound: false } }, MORNING),
      w.store.updateAgent(w.orgId, luis, { settings: { notifications: false } }, MORNING),
      w.store.updateAgent(w.orgId, luis, { presence: 'away' }, MORNING),
      w.store.seeAgents(w.orgId, [luis], MORNING),
    ])
    expect(await w.store.agent(w.orgId, luis.id)).toMatchObject({ presence: 'away', settings: { sound: false, notifications: false } })
    expect(await w.store.agents(w.orgId, 0, 10)).toHaveLength(1)
  },

  async 'a browser subscribes once, whoever signs in on it; the latest counts'(w) {
    const first = subscription(w)
    await w.store.savePush(first)
    await w.store.savePush({ ...first, agentId: luis.id, scope: ['ev-1'], locale: 'en', expiresAt: MORNING + 120 * MINUTE })
    await w.store.savePush(subscription(w, { endpoint: 'https://push.example/other' }))
    const kept = await w.store.pushSubscriptions(w.orgId, MORNING)
    expect(kept.sort((a, b) => (a.agentId < b.agentId ? 1 : -1))).toEqual([
      { ...first, agentId: luis.id, scope: ['ev-1'], locale: 'en', expiresAt: MORNING + 120 * MINUTE },
      subscription(w, { endpoint: 'https://push.example/other' }),
    ])
    expect(await w.store.pushSubscriptions(w.neighbour().orgId, MORNING)).toEqual([])
  },

  async 'a subscription ends when it is taken back or not renewed'(w) {
    const one = subscription(w)
    await w.store.savePush(one)
    await w.store.deletePush(w.neighbour().orgId, one.endpoint)
    expect(await w.store.pushSubscriptions(w.orgId, one.expiresAt - 1), 'another organization takes nothing').toHaveLength(1)
    expect(await w.store.pushSubscriptions(w.orgId, one.expiresAt)).toEqual([])
    await w.store.deletePush(w.orgId, one.endpoint)
    await w.store.deletePush(w.orgId, one.endpoint)
    expect(await w.store.pushSubscriptions(w.orgId, MORNING)).toEqual([])
  },

  async 'of values kept at once under one name the first counts, for all'(w) {
    const name = `once-${w.newId()}`
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((value) => w.store.keepFirst(name, value)))
    expect(new Set(answers).size).toBe(1)
    expect(await w.store.keepFirst(name, 'later')).toBe(answers[0])
  },
})
