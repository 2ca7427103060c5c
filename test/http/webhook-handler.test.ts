// Webhooks at the door: bytes in, an answer out, nothing of Express on the way.
import { connect } from 'node:net'
import twilio from 'twilio'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accountSid, authToken, PUBLIC_URL, type Served, serve } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

it('refuses more than 64 kB, and goes on', async () => {
  const fields = { Body: 'x'.repeat(65 * 1024) }
  const large = await hilo.webhook('/webhooks/twilio/message', fields)
  expect(large.status).toBe(413)
  expect(JSON.parse(large.text)).toMatchObject({ code: 'payload_too_large', status: 413 })
  await hilo.receive('+5491144500001', 'sigue')
})

it('refuses what nobody signed, on every path, and stores nothing', async () => {
  for (const path of [
    '/webhooks/twilio/message',
    '/api/whatsapp/webhook',
    '/webhooks/twilio/status',
    '/webhooks/twilio/status/some-id',
    '/webhooks/twilio/events',
  ]) {
    for (const method of ['POST', 'GET']) {
      const answer = await hilo.call(method, path, { token: null, ...(method === 'POST' ? { raw: 'From[$gt]=&Body=x' } : {}) })
      expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([403, 'signature_invalid'])
    }
    const other = await hilo.call('DELETE', path, { token: null })
    expect([other.status, other.headers.get('allow'), other.headers.get('cache-control')]).toEqual([404, 'POST, GET', 'no-store'])
  }
  const log = await hilo.call<{ items: { text: string }[] }>('GET', '/api/messages')
  expect(log.body.items.map(({ text }) => text)).toEqual(['sigue'])
})

it('takes a body that comes in pieces', async () => {
  const path = '/webhooks/twilio/message'
  const fields = {
    MessageSid: `SM${'a'.repeat(32)}`,
    AccountSid: accountSid,
    From: 'whatsapp:+5491144500002',
    To: 'whatsapp:+1',
    Body: 'a',
  }
  const pieces = new URLSearchParams(fields).toString().match(/.{1,20}/g) ?? []
  const answer = await fetch(hilo.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, PUBLIC_URL + path, fields),
    },
    body: ReadableStream.from(pieces.map((piece) => Buffer.from(piece))),
    duplex: 'half',
  })
  expect(answer.status).toBe(200)
})

it('answers without the headers that only browsers need', async () => {
  const answer = await hilo.webhook('/webhooks/twilio/status', { AccountSid: 'x' }, 'wrong')
  expect(answer.headers.get('content-security-policy')).toBeNull()
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
})

it('survives a caller that hangs up in the middle', async () => {
  const { hostname, port } = new URL(hilo.url)
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write('POST /webhooks/twilio/message HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nBody=', () => socket.destroy())
    })
    socket.on('close', () => resolve())
  })
  await hilo.receive('+5491144500001', 'sigue también')
})
