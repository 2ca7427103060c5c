// Every event is answered, whatever came with it, and nothing that a client sends ends the server.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, type Live, openThread } from './live.ts'

let hilo: TestHilo
let live: Live
let thread: OwnConversation

beforeAll(async () => {
  hilo = await startHilo()
  const ana = hilo.agent({ sub: 'ana' })
  thread = await openThread(ana, 'ev-1', '+5491154823391')
  live = await connect(hilo.url, ana.token)
})
afterAll(async () => {
  live.socket.close()
  await hilo.close()
})

const events = [
  'sync',
  'conversations:list',
  'messages:list',
  'message:send',
  'conversation:read',
  'conversation:update',
  'viewing',
  'typing',
  'auth:refresh',
  'subscribe:coordinations',
]

describe('the handlers', () => {
  test('answer as the contract says', async () => {
    const sync = await live.ask('sync', { since: null })
    expect(sync).toMatchObject({ ok: true, full: true, removed: [], unread: { total: 0 }, cursor: expect.any(String) })
    const list = await live.ask<{ items: OwnConversation[] }>('conversations:list', { automated: true, limit: 5 })
    expect(list).toMatchObject({ ok: true, items: [{ id: thread.id, unread: 0, readCount: 0, readSeq: 0 }], nextCursor: null })
    const sent = await live.ask('message:send', { conversationId: thread.id, note: 'Llamar antes', clientMessageId: 'n-1' })
    expect(sent).toMatchObject({
      ok: true,
      message: { seq: 1, type: 'note', author: { id: 'ana' }, clientMessageId: 'n-1' },
      conversation: { id: thread.id, lastSeq: 1 },
    })
    const again = await live.ask('message:send', { conversationId: thread.id, note: 'Llamar antes', clientMessageId: 'n-1' })
    expect(again).toMatchObject({ ok: true, message: { seq: 1, text: 'Llamar antes' } })
    const other = await live.ask('message:send', { conversationId: thread.id, note: 'otra cosa', clientMessageId: 'n-1' })
    expect(other).toMatchObject({ ok: false, error: { code: 'conflict', message: { seq: 1, text: 'Llamar antes' } } })
    const page = await live.ask('messages:list', { conversationId: thread.id, after: 0 })
    expect(page).toMatchObject({ ok: true, items: [{ seq: 1, text: 'Llamar antes' }], hasMore: false })
    const closed = await live.ask('conversation:update', { conversationId: thread.id, status: 'closed' })
    expect(closed).toMatchObject({ ok: true, conversation: { status: 'closed', readCount: 0 } })
    const since = sync.ok ? (sync as unknown as { cursor: string }).cursor : ''
    expect(await live.ask('sync', { since })).toMatchObject({ ok: true, full: false, conversations: [{ id: thread.id, status: 'closed' }] })
  })

  test('refuse a send without a clientMessageId, and a window that is closed with the templates that would go', async () => {
    expect(await live.ask('message:send', { conversationId: thread.id, note: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'validation_failed', status: 422, issues: [{ path: 'clientMessageId' }] },
    })
    expect(await live.ask('message:send', { conversationId: thread.id, text: 'x', clientMessageId: 't-1' })).toMatchObject({
      ok: false,
      error: { code: 'window_closed', status: 409, templates: expect.any(Array) },
    })
  })

  test.each([
    [undefined],
    [null],
    [42],
    ['text'],
    [[]],
    [{}],
    [Buffer.from('x')],
    [{ conversationId: 7 }],
    [JSON.parse('{"__proto__":{"since":null}}')],
  ])('answer %j with a problem or a result, never with silence', async (payload) => {
    let refused = 0
    for (const event of events) {
      const answer = await live.ask(event, payload)
      if (!answer.ok) refused++
      if (!answer.ok)
        expect(answer.error, event).toMatchObject({
          type: expect.stringMatching(/^urn:hilo:problem:/),
          status: expect.any(Number),
          detail: expect.any(String),
        })
      if (!answer.ok) expect(answer.error.code, event).not.toBe('internal')
    }
    expect(refused).toBeGreaterThanOrEqual(8)
  })

  test('take a number, or its digits, for a number, and nothing else', async () => {
    for (const wrong of [
      { after: null },
      { before: true },
      { after: [] },
      { limit: true },
      { limit: '' },
      { after: '1e3' },
      { before: ' ' },
    ])
      expect(await live.ask('messages:list', { conversationId: thread.id, ...wrong }), JSON.stringify(wrong)).toMatchObject({
        ok: false,
        error: { code: 'validation_failed', issues: [{ path: Object.keys(wrong)[0] }] },
      })
    expect(await live.ask('messages:list', { conversationId: thread.id, after: '0', limit: 5 })).toMatchObject({ ok: true })
  })

  test('name some of very many faults, not all', async () => {
    const answer = await live.ask('subscribe:coordinations', { ids: Array.from({ length: 1000 }, () => '') })
    expect(answer.ok || answer.error.issues?.length).toBe(20)
  })

  test('answer anything at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...events, 'error', 'constructor', '__proto__', 'toString'),
        fc.jsonValue(),
        async (event, payload) => {
          const answer = await live.ask(event, payload)
          expect(typeof answer.ok).toBe('boolean')
          if (!answer.ok) expect(answer.error.code).not.toBe('internal')
        },
      ),
      { numRuns: 300 },
    )
    expect(live.closed()).toBeNull()
  })

  test('do without an acknowledgement, with several arguments, and with none', async () => {
    for (const event of [...events, 'error']) {
      live.socket.emit(event, { conversationId: thread.id })
      live.socket.emit(event)
      live.socket.emit(event, 1, 2, 3)
      live.socket.emit(event, () => {})
    }
    await until(async () => (await live.ask('sync', { since: null })).ok)
  })

  test('say plainly that there is no such event', async () => {
    expect(await live.ask('messages:delete', {})).toMatchObject({ ok: false, error: { code: 'bad_request', status: 400 } })
  })
})

test('a packet over 100 kB ends that socket and no other', async () => {
  const big = await connect(hilo.url, hilo.agent({ sub: 'big' }).token)
  big.socket.emit('message:send', { conversationId: thread.id, note: 'x'.repeat(100_001), clientMessageId: 'b-1' })
  await until(() => big.closed())
  await live.caughtUp()
  expect(live.closed()).toBeNull()
})

test.each([
  '2["sync"',
  '2["disconnecting"]',
  '2["newListener",1]',
  '3999["x"]',
  '20["sync",{}',
  '51-["x",{"_placeholder":true,"num":9}]',
  'x',
  '0{"token":1}',
  '1/other,',
])('the raw packet %s ends at most its own socket', async (packet) => {
  const odd = await connect(hilo.url, hilo.agent({ sub: 'odd' }).token)
  odd.socket.io.engine.write(packet)
  await live.caughtUp()
  expect(live.closed()).toBeNull()
  odd.socket.close()
})

test('a fault of ours is answered as one, and logged without what was sent; a client’s is not logged', async () => {
  expect(hilo.log()).not.toContain('A socket event failed')
  const { store } = hilo.server.parts
  const whole = store.messages
  store.messages = () => Promise.reject(new Error('the disk is gone'))
  try {
    const answer = await live.ask('messages:list', { conversationId: thread.id, secret: 'not for the log' })
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal', status: 500 } })
    expect(JSON.stringify(answer)).not.toContain('disk')
  } finally {
    store.messages = whole
  }
  expect(hilo.log()).toContain('the disk is gone')
  expect(hilo.log()).not.toContain('not for the log')
})

test('events and requests of one token share one limit', async () => {
  const limited = await startHilo({ env: { RATE_LIMIT: '2' } })
  const agent = limited.agent({ sub: 'fast' })
  const fast = await connect(limited.url, agent.token)
  const answers = []
  for (let i = 0; i < 5; i++) answers.push(await fast.ask('viewing', { conversationId: null, replying: false }))
  expect(answers.every((answer) => answer.ok)).toBe(true)
  expect((await agent.call('GET', '/api/me')).status).not.toBe(429)
  expect(await fast.ask('viewing', { conversationId: null, replying: false })).toMatchObject({
    ok: false,
    error: { code: 'rate_limited', status: 429, retryAfter: expect.any(Number) },
  })
  expect((await agent.call('GET', '/api/unread')).status).toBe(429)
  fast.socket.close()
  await limited.close()
})
