// A socket lives as long as its token, unless it brings a newer one; a narrower one takes from it what it no longer holds.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChangesEvent, PresenceEvent } from '../../shared/events.ts'
import { systemClock } from '../../server/clock.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, hears, type Live, note, openThread, viewers } from './live.ts'

let clock: ManualClock
let hilo: TestHilo
let live: Live | undefined

beforeEach(async () => {
  clock = createManualClock(Math.floor(Date.now() / 1000) * 1000)
  hilo = await startHilo({ clock, simulator: { clock: systemClock } })
})
afterEach(async () => {
  live?.socket.close()
  await hilo.close()
})

const token = (lifeMs: number, claims: Record<string, unknown> = {}) =>
  hilo.agent({ sub: 'ana', exp: Math.floor((clock.now() + lifeMs) / 1000), ...claims }).token

describe('expiry', () => {
  test('is said a minute before, and comes', async () => {
    live = await connect(hilo.url, token(600_000))
    const ends = new Date(clock.now() + 600_000).toISOString()
    await clock.advance(539_999)
    await live.caughtUp()
    expect(live.all('auth:expiring')).toEqual([])
    await clock.advance(1)
    await until(() => live?.all('auth:expiring').length)
    expect(live.all('auth:expiring')).toEqual([{ at: ends }])
    await clock.advance(59_999)
    await live.caughtUp()
    expect(live.closed()).toBeNull()
    await clock.advance(1)
    await until(() => live?.closed())
    expect(live.all('auth:expiring')).toHaveLength(1)
  })

  test('is not put off by wrong tokens, of which twenty a minute are looked at; a right one is never stopped', async () => {
    live = await connect(hilo.url, token(600_000))
    const codes = []
    for (let i = 0; i < 22; i++) {
      const answer = await live.ask('auth:refresh', { token: i % 2 ? 'x.y.z' : token(-1_000) })
      codes.push(answer.ok || answer.error.code)
    }
    expect(new Set(codes.slice(0, 20))).toEqual(new Set(['token_invalid', 'token_expired']))
    expect(codes.slice(20)).toEqual(['rate_limited', 'rate_limited'])
    expect(await live.ask('auth:refresh', { token: token(3600_000) })).toEqual({ ok: true })
  })

  test('of one socket leaves the others alone', async () => {
    live = await connect(hilo.url, token(600_000))
    const short = await connect(hilo.url, token(120_000))
    await clock.advance(120_000)
    await until(() => short.closed())
    await live.caughtUp()
    expect(live.closed()).toBeNull()
  })

  test('moves with a newer token', async () => {
    live = await connect(hilo.url, token(120_000))
    await clock.advance(60_000)
    await until(() => live?.all('auth:expiring').length)
    expect(await live.ask('auth:refresh', { token: token(3600_000) })).toEqual({ ok: true })
    await clock.advance(3500_000)
    await live.caughtUp()
    expect(live.closed()).toBeNull()
    expect(live.all('auth:expiring')).toHaveLength(1)
    await clock.advance(100_000)
    await until(() => live?.closed())
    expect(live.all('auth:expiring')).toHaveLength(2)
  })
})

describe('auth:refresh', () => {
  test.each([
    ['another agent', { sub: 'beto' }, 'forbidden'],
    ['another organization', { org: 'another' }, 'forbidden'],
  ])('with a token of %s is refused, and the socket stays as it was', async (_whose, claims, code) => {
    live = await connect(hilo.url, token(600_000))
    expect(await live.ask('auth:refresh', { token: token(900_000, claims) })).toMatchObject({ ok: false, error: { code } })
    expect(await live.ask('auth:refresh', { token: 'nonsense' })).toMatchObject({ ok: false, error: { code: 'token_invalid' } })
    const expired = token(60_000)
    await clock.advance(60_000)
    expect(await live.ask('auth:refresh', { token: expired })).toMatchObject({ ok: false, error: { code: 'token_expired' } })
    expect(await live.ask('sync', { since: null })).toMatchObject({ ok: true })
  })

  test('with a narrower scope leaves rooms and says what is removed; a wider one brings them back', async () => {
    const boss = hilo.agent({ sub: 'boss' })
    const kept = await openThread(boss, 'ev-1', '+5491150000001')
    const dropped = await openThread(boss, 'ev-2', '+5491150000002')
    await hilo.simulator.phone('+5491150000009').write('Sin registro')
    const unfiled = await hilo.conversation('+5491150000009')
    live = await connect(hilo.url, token(3600_000))
    const colleague = await connect(hilo.url, hilo.agent({ sub: 'beto', name: 'Beto Gil' }).token)
    const present = () => colleague.all<PresenceEvent>('presence').at(-1)?.agents.length
    await colleague.ask('viewing', { conversationId: dropped.id, replying: false })
    await live.ask('viewing', { conversationId: dropped.id, replying: true })
    await until(() => present() === 2)

    expect(await live.ask('auth:refresh', { token: token(3600_000, { coordinations: ['ev-1', 'ev-3'] }) })).toEqual({ ok: true })
    const removed = await until(() => live?.all<ChangesEvent>('changes').find((event) => event.removed.length > 0))
    expect([...removed.removed].sort()).toEqual([dropped.id, unfiled.id].sort())
    expect(removed).toMatchObject({ conversations: [], messages: [] })
    await until(() => present() === 1)
    expect(await live.ask('messages:list', { conversationId: dropped.id })).toMatchObject({ error: { code: 'not_found' } })
    const from = live.heard.length
    await note(boss, dropped.id, 'ya no para Ana')
    hilo.server.parts.publish.changes({ orgId: 'default', conversations: [], messages: await hilo.messages(dropped.id), left: [] }, viewers)
    await note(boss, kept.id, 'todavía para Ana')
    await hears(live, 'todavía para Ana')
    expect(JSON.stringify(live.heard.slice(from))).not.toContain('ya no para Ana')

    await live.ask('auth:refresh', { token: token(3600_000, { coordinations: ['ev-1'] }) })
    await live.ask('auth:refresh', { token: token(3600_000) })
    await note(boss, dropped.id, 'otra vez para Ana')
    await hears(live, 'otra vez para Ana')
    expect(live.changes().filter((event) => event.removed.length > 0)).toHaveLength(1)
    colleague.socket.close()
  })
  test('with a narrower scope tells no more of a badge that it took away; a wider one goes on with it', async () => {
    const boss = hilo.agent({ sub: 'boss' })
    await openThread(boss, 'ev-1', '+5491150000001')
    await openThread(boss, 'ev-2', '+5491150000002')
    live = await connect(hilo.url, token(3600_000))
    await live.ask('subscribe:coordinations', { ids: ['ev-1', 'ev-2'] })
    await live.ask('auth:refresh', { token: token(3600_000, { coordinations: ['ev-1'] }) })
    const told = (count: number) =>
      until(async () => {
        await clock.advance(1000)
        return live?.all('badges').length === count
      })
    await hilo.simulator.phone('+5491150000002').write('del que ya no es suyo')
    await hilo.simulator.phone('+5491150000001').write('del suyo')
    await told(1)
    expect(live.all('badges')).toEqual([{ 'ev-1': 1 }])
    await live.ask('auth:refresh', { token: token(3600_000) })
    await told(2)
    expect(live.all('badges')[1]).toEqual({ 'ev-2': 1 })
  })
})
