// Calls over HTTP: what is asked where, with which token.
import { afterEach, expect, test, vi } from 'vitest'
import { createHttp, type Event, type Http } from '../../widget/client/http.ts'
import { callOverHttp } from '../../widget/client/http-calls.ts'
import { createTokenSource } from '../../widget/client/token.ts'

afterEach(() => void vi.unstubAllGlobals())

test.each<[Event, object, string, object?]>([
  ['sync', { since: null }, 'GET /api/sync'],
  ['sync', { since: 'c 1' }, 'GET /api/sync?since=c+1'],
  ['conversations:count', {}, 'GET /api/conversations/counts'],
  ['conversations:list', { status: 'open', q: undefined, limit: 50 }, 'GET /api/conversations?status=open&limit=50'],
  ['messages:list', { conversationId: 'c/1', after: 3 }, 'GET /api/conversations/c%2F1/messages?after=3'],
  ['message:send', { conversationId: 'c1', text: 'hola' }, 'POST /api/messages', { conversationId: 'c1', text: 'hola' }],
  ['conversation:read', { conversationId: 'c1', seq: 3 }, 'POST /api/conversations/c1/read', { seq: 3 }],
  ['conversation:update', { conversationId: 'c1', tags: [] }, 'PATCH /api/conversations/c1', { tags: [] }],
])('%s with %j is %s', async (event, body, path, sent) => {
  const asked: unknown[] = []
  const http = (async (...call: unknown[]) => {
    asked.push(call)
    return { ok: true }
  }) as Http
  await callOverHttp(http, event, body as never)
  expect(asked).toEqual([[...path.split(/ (.*)/, 2), ...(sent ? [sent] : [])]])
})

test('badges are asked for by their numbers, with who waits and what is unfiled; none ask nothing', async () => {
  const asked: string[] = []
  const http = (async (_method: string, path: string) => {
    asked.push(path)
    return {
      ok: true,
      byCoordination: { 'ev-1': 2 },
      waitingByCoordination: { 'ev-1': 'since' },
      unfiledByCoordination: { 'ev-2': 3 },
      unfiledSinceByCoordination: { 'ev-2': 'then' },
    }
  }) as unknown as Http
  expect(await callOverHttp(http, 'subscribe:coordinations', { ids: [] })).toEqual({
    ok: true,
    badges: {},
    waiting: {},
    unfiled: {},
    unfiledSince: {},
  })
  const answer = await callOverHttp(http, 'subscribe:coordinations', { ids: ['ev-1', 'ev-2'] })
  expect([asked, answer]).toEqual([
    ['/api/unread?coordinations=ev-1%2Cev-2'],
    { ok: true, badges: { 'ev-1': 2 }, waiting: { 'ev-1': 'since' }, unfiled: { 'ev-2': 3 }, unfiledSince: { 'ev-2': 'then' } },
  ])
})

test('a token that ended is asked for anew, once; one that cannot be renewed is not', async () => {
  const sent: string[] = []
  vi.stubGlobal('fetch', async (_url: string, { headers }: { headers: { authorization: string } }) => {
    sent.push(headers.authorization)
    return Response.json({ code: 'token_expired', detail: 'Ended.' }, { status: 401 })
  })
  let given = 0
  const renewable = createTokenSource({ getToken: () => `a.b.${++given}` })
  expect(await createHttp('https://chat.example', renewable)('GET', '/api/me')).toMatchObject({
    ok: false,
    error: { code: 'token_expired' },
  })
  expect(await createHttp('https://chat.example', createTokenSource({ token: 'x.y.z' }))('GET', '/api/me')).toMatchObject({ ok: false })
  expect(sent).toEqual(['Bearer a.b.1', 'Bearer a.b.2', 'Bearer x.y.z'])
})
