// More than a hundred malformed, oversized, unsigned, replayed and hostile requests: each gets its documented answer, and
// afterwards the server holds what it held before.
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import twilio from 'twilio'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountSid, authToken, PUBLIC_URL, type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
  await hilo.call('PUT', '/api/coordinations/ev-1', { body: { title: 'Boda', contact: { name: 'Ana', phone: '+5491144500001' } } })
  await hilo.receive('+5491144500001', 'el único mensaje')
})
afterAll(() => hilo.close())

/** Everything that can be read, but the cursor of sync, which rises with time. */
async function everything(): Promise<string> {
  const paths = ['/api/conversations?automated=1', '/api/messages', '/api/contacts', '/api/coordinations', '/api/unread']
  return (await Promise.all(paths.map(async (path) => (await hilo.call('GET', path)).text))).join('\n')
}

const strange: unknown[] = [null, 7, true, [], {}, '', ' ', '\u0000', { $gt: '' }, { $ne: null }, ['a'], 'x'.repeat(5000)]
const operators = ['From[$gt]', 'Body[a]', '$where', '__proto__', 'constructor[prototype][x]', 'To[$ne]']

async function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(hilo.url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.end(bytes))
    socket.setEncoding('latin1')
    socket.on('data', (part) => {
      answer += String(part)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

it('changes nothing, whatever is thrown at it', async () => {
  const before = await everything()
  expect(before).toContain('el único mensaje')
  let count = 0
  const expectStatus = async (statuses: number[], method: string, path: string, options: Parameters<Served['call']>[2] = {}) => {
    count++
    const answer = await hilo.call(method, path, options)
    const what = `${method} ${path.slice(0, 80)} ${JSON.stringify(options).slice(0, 120)}`
    expect(statuses, `${what} → ${answer.status} ${answer.text.slice(0, 200)}`).toContain(answer.status)
    if (answer.status >= 400) expect(answer.headers.get('content-type'), what).toMatch(/problem\+json/)
    expect(answer.text, what).not.toMatch(/\bat .*\.ts:\d|node_modules|SQLITE|Mongo/)
  }

  // Wrong types in every field.
  for (const value of strange) {
    const send = { channel: 'sms', to: '+5491144500009', text: 'x' }
    await expectStatus([422], 'POST', '/api/messages', {
      body: { ...send, text: value === 'x'.repeat(5000) ? value : typeof value === 'string' ? ' ' : value },
    })
    await expectStatus([422], 'POST', '/api/messages', { body: { ...send, to: value } })
    await expectStatus([422], 'POST', '/api/messages', { body: { ...send, channel: value } })
    await expectStatus([404, 422], 'POST', '/api/messages', { body: { conversationId: value, text: 'x' } })
    await expectStatus([422], 'PUT', '/api/coordinations/ev-1', { body: { title: 'Boda', contact: value } })
    await expectStatus([422], 'PUT', '/api/coordinations', { body: value })
    await expectStatus([404, 422], 'POST', '/api/messages/move', { body: { ids: value, coordinationId: null } })
    await expectStatus([404, 422], 'PATCH', '/api/conversations/none', { body: { tags: value } })
    await expectStatus([404, 422], 'POST', '/api/conversations/none/read', { body: { seq: value } })
  }
  // Queries that want to be something else.
  for (const text of [
    "' OR 1=1 --",
    '"; DROP TABLE messages; --',
    '%',
    '_',
    '*',
    'a" OR "b',
    'NEAR(',
    '[$gt]',
    '\\',
    '\uD800',
    '(((((',
    '.*'.repeat(50),
  ]) {
    const q = encodeURIComponent(text.isWellFormed() ? text : '\uFFFD')
    for (const path of ['/api/conversations', '/api/messages', '/api/contacts', '/api/coordinations'])
      await expectStatus([200], 'GET', `${path}?q=${q}`)
  }
  for (const query of ['q[$gt]=', 'limit[$gt]=1', 'q=a&q=b', 'cursor=%00', 'coordinationId[]=x', '__proto__[x]=1'])
    await expectStatus([200, 422], 'GET', `/api/conversations?${query}`)
  // Webhooks that nobody signed, or signed for something else.
  const inbound = {
    MessageSid: `SM${'b'.repeat(32)}`,
    AccountSid: accountSid,
    From: 'whatsapp:+5491144500001',
    To: 'whatsapp:+14155238886',
    Body: 'no debería estar',
  }
  const path = '/webhooks/twilio/message'
  const sign = (url: string, fields: Record<string, string>, token = authToken) => twilio.getExpectedTwilioSignature(token, url, fields)
  const forged: [Record<string, string>, string][] = [
    [inbound, ''],
    [inbound, 'AAAA'],
    [inbound, sign(PUBLIC_URL + path, inbound, 'e'.repeat(32))],
    [inbound, sign(`http://chat.example.com${path}`, inbound)],
    [inbound, sign(`${PUBLIC_URL}/webhooks/twilio/status`, inbound)],
    [inbound, sign(`${PUBLIC_URL}${path}?x=1`, inbound)],
    [{ ...inbound, Body: 'otra cosa' }, sign(PUBLIC_URL + path, inbound)],
    [{ ...inbound, Extra: '1' }, sign(PUBLIC_URL + path, inbound)],
    ...operators.map((key): [Record<string, string>, string] => [{ ...inbound, [key]: 'x' }, sign(PUBLIC_URL + path, inbound)]),
    [{ ...inbound, AccountSid: `AC${'9'.repeat(32)}` }, sign(PUBLIC_URL + path, { ...inbound, AccountSid: `AC${'9'.repeat(32)}` })],
  ]
  for (const [fields, signature] of forged) {
    count++
    expect((await hilo.webhook(path, fields, signature)).status, signature).toBe(403)
  }
  // Rightly signed and still nothing: fields missing, statuses of nothing, unknown statuses.
  const { From: _from, ...fromNobody } = inbound
  const { MessageSid: _sid, ...withoutSid } = inbound
  for (const fields of [fromNobody, withoutSid, { ...inbound, MessageSid: 'nonsense' }, { ...inbound, From: 'whatsapp:' }]) {
    count++
    expect((await hilo.webhook(path, fields)).status, JSON.stringify(fields)).toBe(400)
  }
  for (const status of ['foo', 'deleted', '']) {
    count++
    const fields = { MessageSid: `SM${'c'.repeat(32)}`, AccountSid: accountSid, MessageStatus: status }
    expect([204, 400]).toContain((await hilo.webhook('/webhooks/twilio/status/none', fields)).status)
  }
  const json = JSON.stringify(inbound)
  const wrongHash = `${path}?bodySHA256=${createHash('sha256').update('another body').digest('hex')}`
  await expectStatus([403], 'POST', wrongHash, {
    token: null,
    raw: json,
    headers: { 'x-twilio-signature': sign(PUBLIC_URL + wrongHash, {}) },
  })
  for (const [type, body] of [
    ['application/json', '{'],
    ['application/json', 'null'],
    ['text/xml', '<a/>'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/x-www-form-urlencoded', '%%%=%E0%A4%A&&&=&a=b=c'],
  ] as const)
    await expectStatus([400, 403], 'POST', path, { token: null, raw: body, headers: { 'content-type': type, 'x-twilio-signature': 'x' } })
  // Methods, paths and bytes.
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    for (const target of ['/api/messages/x/retry', path, '/healthz']) await expectStatus([200, 204, 404], method, target, { token: null })
  for (const target of [
    '/%2e%2e/%2e%2e/etc/passwd',
    '/widget.js/../../package.json',
    '/assets/%2e%2e%2fpackage.json',
    '/api/%00',
    '/api/messages/%ff',
  ])
    await expectStatus([200, 400, 401, 404], 'GET', target, { token: null })
  for (const bytes of [
    'GET /api/me HTTP/1.1\r\n\r\n',
    'NONSENSE\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
    '\u0000\u0001\u0002\r\n\r\n',
  ]) {
    count++
    expect(await raw(bytes)).toMatch(/^HTTP\/1\.1 4\d\d /)
  }

  expect(count).toBeGreaterThan(100)
  expect(await everything()).toBe(before)
  expect((await hilo.call('GET', '/readyz', { token: null })).status).toBe(200)
})

it('takes a webhook that is played again for what it is', async () => {
  const fields = {
    MessageSid: `SM${'d'.repeat(32)}`,
    AccountSid: accountSid,
    From: 'whatsapp:+5491144500002',
    To: 'whatsapp:+14155238886',
    Body: 'una vez',
  }
  expect((await hilo.webhook('/webhooks/twilio/message', fields)).status).toBe(200)
  const before = await everything()
  const again = await Promise.all(Array.from({ length: 10 }, () => hilo.webhook('/webhooks/twilio/message', fields)))
  expect(again.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(await everything()).toBe(before)
})

it('logged none of what it was told', async () => {
  const logged = hilo.logged()
  for (const secret of ['el único mensaje', 'no debería estar', '44500001', tokenOf().split('.')[0] ?? 'eyJ', authToken])
    expect(logged).not.toContain(secret)
})
