// Bad input: documented answers, nothing changed, nothing told.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const problemOf = async (method: string, path: string, options: Parameters<Served['call']>[2] = {}) => {
  const answer = await hilo.call(method, path, options)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(answer.body).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: answer.status,
    code: expect.any(String),
    detail: expect.any(String),
  })
  return answer.body as { status: number; code: string; detail: string; issues?: { path: string; message: string }[] }
}

describe('a body', () => {
  it.each(['{', '{"a":}', '"x"', 'null', '\u0000', '<xml/>', ''])('that is no JSON object is refused: %j', async (raw) => {
    expect(await problemOf('POST', '/api/messages', { raw })).toMatchObject({ status: 422, code: 'validation_failed' })
  })

  it('of another type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data; boundary=x'])
      expect(await problemOf('POST', '/api/messages', { raw: '{}', headers: { 'content-type': type } })).toMatchObject({
        status: 415,
        code: 'unsupported_media',
      })
    const charset = { 'content-type': 'application/json; charset=klingon' }
    expect(await problemOf('POST', '/api/messages', { raw: '{}', headers: charset })).toMatchObject({ status: 415 })
    const encoding = { 'content-encoding': 'br-made-up' }
    expect(await problemOf('POST', '/api/messages', { raw: '{}', headers: encoding })).toMatchObject({ status: 415 })
  })

  it('may have 100 kB, and 5 MB where many records are saved', async () => {
    const big = { channel: 'sms', to: '+5491144500001', text: 'x', name: 'y'.repeat(101 * 1024) }
    expect(await problemOf('POST', '/api/messages', { body: big })).toMatchObject({ status: 413, code: 'payload_too_large' })
    const record = (n: number) => ({
      id: `big-${n}`,
      title: 'Grande',
      contact: { name: 'Ana', phone: '+5491144500001' },
      data: { note: 'n'.repeat(1900) },
    })
    const many = Array.from({ length: 500 }, (_, n) => record(n))
    expect((await hilo.call('PUT', '/api/coordinations', { body: many })).status).toBe(200)
    const tooMany = Array.from({ length: 2800 }, (_, n) => record(n))
    expect(await problemOf('PUT', '/api/coordinations', { body: tooMany })).toMatchObject({ status: 413 })
    expect(await problemOf('PUT', '/api/coordinations/one', { body: { ...record(1), data: { a: 'n'.repeat(110_000) } } })).toMatchObject({
      status: 413,
    })
  })

  it('is told what is wrong with it, where', async () => {
    const problem = await problemOf('POST', '/api/messages', { body: { channel: 'pigeon', to: 7, text: '  ' } })
    expect(problem).toMatchObject({ status: 422, code: 'validation_failed' })
    expect(problem.issues?.map(({ path }) => path).sort()).toEqual(['channel', 'text', 'to'])
    for (const issue of problem.issues ?? []) expect(issue.message.length).toBeGreaterThan(3)
  })

  it('cannot reach what objects inherit, however deep it is', async () => {
    const raw =
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"title":"T","contact":{"name":"Ana","phone":"+5491144500001","__proto__":{"x":1}},"data":{"__proto__":"p","constructor":"c"}}'
    const saved = await hilo.call('PUT', '/api/coordinations/proto', { raw })
    expect(saved.status).toBe(201)
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`
    expect(await problemOf('POST', '/api/messages', { raw: `{"text":${deep}}` })).toMatchObject({ status: 422 })
    expect(await problemOf('PUT', '/api/coordinations', { raw: deep })).toMatchObject({ status: 422 })
  })

  it.each([['"x"'], ['[]'], ['{"name":7}'], ['{}'], ['{"addresses":[]}'], ['{"tags":"x"}']])('of a contact is checked: %s', async (raw) => {
    expect(await problemOf('PATCH', '/api/contacts/any', { raw })).toMatchObject({ status: 422, code: 'validation_failed' })
  })

  it('with a number that is none says so', async () => {
    const send = { channel: 'whatsapp', text: 'hola' }
    for (const to of ['12', 'abc', '+', '+999999999999999', "'; drop table messages; --"])
      expect(await problemOf('POST', '/api/messages', { body: { ...send, to } }), to).toMatchObject({ status: 422, code: 'invalid_phone' })
    const record = { title: 'T', contact: { name: 'Ana', phone: 'none' } }
    expect(await problemOf('PUT', '/api/coordinations/bad', { body: record })).toMatchObject({
      code: 'invalid_phone',
      issues: [{ path: 'contact.phone', message: expect.any(String) }],
    })
    expect(await problemOf('PUT', '/api/coordinations', { body: [{ ...record, id: 'bad' }] })).toMatchObject({
      issues: [{ path: '0.contact.phone' }],
    })
    expect((await hilo.call('GET', '/api/coordinations/bad')).status).toBe(404)
  })
})

describe('a query', () => {
  it.each(['limit=0', 'limit=101', 'limit=x', 'channel=fax', 'status=a&status=b', 'unread=maybe', 'sort=up'])(
    'is checked: %s',
    async (query) => {
      expect(await problemOf('GET', `/api/conversations?${query}`)).toMatchObject({ status: 422, code: 'validation_failed' })
    },
  )

  it('with a cursor that we never gave is refused, so that nobody pages in a circle', async () => {
    for (const path of ['/api/conversations', '/api/messages', '/api/contacts', '/api/coordinations']) {
      const refused = await problemOf('GET', `${path}?cursor=${encodeURIComponent("../../'\u0000")}`)
      expect(refused, path).toMatchObject({ status: 422, issues: [{ path: 'cursor' }] })
    }
  })
})

describe('a call', () => {
  it('that does not exist is not found', async () => {
    for (const path of ['/api/nothing', '/nothing', '/api/messages/a/b/c', '/webhooks/twilio/other', '/.env', '/..%2f..%2fetc/passwd'])
      expect(await problemOf('GET', path, { token: null })).toMatchObject({ status: 404, code: 'not_found' })
    const other = await hilo.call('DELETE', '/api/conversations/1')
    expect(other.status).toBe(404)
    expect(other.headers.get('allow')).toMatch(/GET, PATCH/)
  })

  it('with a path that cannot be decoded is a bad request', async () => {
    expect(await problemOf('GET', '/api/messages/%E0%A4%A')).toMatchObject({ status: 400, code: 'bad_request' })
  })

  it('about something that is not there is not found, for each kind', async () => {
    const calls: [string, string, unknown?][] = [
      ['GET', '/api/messages/none'],
      ['POST', '/api/messages/none/retry'],
      ['POST', '/api/messages/none/cancel'],
      ['POST', '/api/messages/move', { ids: ['none'], coordinationId: null }],
      ['POST', '/api/messages/move/undo', { undoId: 'none' }],
      ['GET', '/api/conversations/none'],
      ['PATCH', '/api/conversations/none', { tags: ['a'] }],
      ['GET', '/api/conversations/none/messages'],
      ['POST', '/api/conversations/none/read', { seq: 1 }],
      ['GET', '/api/contacts/none'],
      ['PATCH', '/api/contacts/none', { name: 'Ana' }],
      ['GET', '/api/contacts/none/messages'],
      ['GET', '/api/coordinations/none'],
      ['GET', '/api/whatsapp/conversations/+5491199990000/messages'],
    ]
    for (const [method, path, body] of calls)
      expect(await problemOf(method, path, body === undefined ? {} : { body }), `${method} ${path}`).toMatchObject({ status: 404 })
  })

  it('with strange ids is not found and breaks nothing', async () => {
    for (const id of ['%00', '%F0%9F%98%80', 'a'.repeat(3000), "'%20or%201=1", '__proto__', '%24gt'])
      expect(await problemOf('GET', `/api/conversations/${id}`), id).toMatchObject({ status: 404 })
  })
})

it('leaves no token, text or number in the log', async () => {
  const token = tokenOf({ sub: 'quiet' })
  const body = { channel: 'sms', to: '+5491144500777', text: 'un secreto muy particular', coordinationId: 'quiet-1' }
  expect((await hilo.call('POST', '/api/messages', { token, body })).status).toBe(202)
  await hilo.call('GET', '/api/whatsapp/conversations/+5491144500777/messages', { token })
  await hilo.call('GET', '/api/conversations?phone=%2B5491144500777&q=secreto', { token })
  await hilo.call('POST', '/api/messages', { token, raw: '{"text":"un secreto muy particular",' })
  await hilo.receive('+5491144500777', 'otro secreto muy particular')
  const logged = hilo.logged()
  expect(logged).toContain('/api/whatsapp/conversations/:phone/messages')
  for (const secret of [token, 'secreto', '44500777', '4450-0777']) expect(logged).not.toContain(secret)
})
