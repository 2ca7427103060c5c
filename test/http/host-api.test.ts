// docs/host-api.md: every call that it shows is taken as it stands, in its order.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostCalls, hostCallsText } from './host-calls.ts'
import { type Served, serve, tokenOf } from './serve.ts'

const text = readFileSync('docs/host-api.md', 'utf8')
const calls = [...text.matchAll(/^`(GET|PUT|POST) (\/api\/\S+)`\n(?:```json\n(.*?)\n```)?/gms)].map(([, method = '', path = '', body]) => ({
  ...{ method, path, body: body === undefined ? undefined : (JSON.parse(body) as unknown) },
}))
let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

test('every call is taken as it stands, and made again it changes nothing', async () => {
  expect(calls.length).toBeGreaterThan(9)
  const token = tokenOf({ sub: 'host', role: 'service' })
  for (const again of [false, true])
    for (const { method, path, body } of calls) {
      const answer = await hilo.call(method, path, { token, ...(body === undefined ? {} : { body }) })
      const expected = method === 'GET' || again ? [200] : [200, 201, 202]
      expect(expected, `${method} ${path}: ${answer.text}`).toContain(answer.status)
    }
  const sent = await hilo.call<{ items: { text: string; author: { type: string } }[] }>('GET', '/api/coordinations/loan-88/messages', {
    token,
  })
  // What the rule says goes at an hour that collections may have.
  const asked = sent.body.items.filter(({ author }) => author.type !== 'automation')
  expect(asked.map((one) => one.text)).toEqual(['Hello Eva, 350 is due. Pay here: https://pay.example.com/88'])
})

test('the calls of the five systems stand in it in four languages, word for word', () => {
  expect(text).toContain(hostCallsText())
})

test('and each of them is taken', async () => {
  const other = await serve()
  const token = tokenOf({ sub: 'host', role: 'service' })
  await other.call('PUT', '/api/coordinations/ev-1', {
    token,
    body: { title: 'Wedding', contact: { name: 'Eva', phone: '+5491122334456' } },
  })
  for (const { what, method, path, body } of Object.values(hostCalls).flat()) {
    const answer = await other.call(method, path, { token, ...(body === undefined ? {} : { body }) })
    expect([200, 201, 202], `${what}: ${method} ${path}: ${answer.text}`).toContain(answer.status)
  }
  await other.close()
})

test('the check that is written out for PHP is that of the library', () => {
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
  const [id, time, body] = ['d-1', new Date(1_900_000_000_000), '{"type":"action"}']
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const written = `v1,${createHmac('sha256', key)
    .update(`${id}.${time.getTime() / 1000}.${body}`)
    .digest('base64')}`
  expect(new Webhook(secret).sign(id, time, body)).toBe(written)
})
