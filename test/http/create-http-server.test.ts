// The HTTP server at its edge: offers to upgrade, the forms of an address, idle connections. Spoken to byte by byte, since
// no client library asks for most of this.
import { connect } from 'node:net'
import twilio from 'twilio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpServer } from '../../server/http/create-http-server.ts'
import { OUR_WHATSAPP } from '../support/builders.ts'
import { accountSid, authToken, ORIGIN, PUBLIC_URL, type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

/** Asks on one connection, each after the answer to the one before. What comes back until the server ends it. */
function exchange(url: string, ...texts: string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const waiting = [...texts]
  return new Promise((resolve, reject) => {
    let got = ''
    const ask = () => {
      const text = waiting.shift()
      if (text !== undefined) socket.write(text)
    }
    const socket = connect(Number(port), hostname, ask)
    socket.setEncoding('latin1').on('data', (part: string) => {
      got += part
      if (statuses(got).length === texts.length - waiting.length) ask()
    })
    socket.on('error', reject).on('close', () => resolve(got))
  })
}
const statuses = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
const head = (line: string, headers: Record<string, string>) =>
  `${line} HTTP/1.1\r\nHost: hilo:8080\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
const last = head('GET /healthz', { Connection: 'close' })
const json = (body: unknown) => {
  const text = JSON.stringify(body)
  return { text, headers: { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) } }
}
const authorised = () => ({ Authorization: `Bearer ${tokenOf()}` })
const title = async (id: string) => (await hilo.call('GET', `/api/coordinations/${id}`)).body.title
const websocket = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  Origin: ORIGIN,
}

describe('an offer to upgrade', () => {
  const h2c = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA' }

  it.each([
    ['h2c', h2c],
    ['TLS/1.0, h2c', { ...h2c, Upgrade: 'TLS/1.0, h2c' }],
    ['a WebSocket, beside a body', websocket],
  ])('to %s is answered in HTTP/1.1 and its body taken, and the connection goes on', async (name, offer) => {
    const id = `java-${name.length}`
    const { text, headers } = json({ title: 'Boda', contact: { name: 'Cliente', phone: '+5491144500100' } })
    const put = head(`PUT /api/coordinations/${id}`, { ...offer, ...headers, ...authorised() }) + text
    expect(statuses(await exchange(hilo.url, put, head('GET /healthz', offer), last))).toEqual([201, 200, 200])
    expect(await title(id)).toBe('Boda')
  })

  it('to a WebSocket where there is none is answered as any other call', async () => {
    for (const [path, status] of [
      ['/healthz', 200],
      ['/nothing-here', 404],
      ['/socket.io', 404],
    ] as const)
      expect(statuses(await exchange(hilo.url, head(`GET ${path}`, websocket), last)), path).toEqual([status, 200])
  })

  it('to a WebSocket while the server starts is answered, not left hanging', async () => {
    const server = createHttpServer({ keepAliveSeconds: 75, takesSockets: () => false }, (_request, response) => {
      response.writeHead(503).end()
    })
    server.on('upgrade', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const asked = head('GET /socket.io/?EIO=4&transport=websocket', websocket)
    expect(statuses(await exchange(`http://127.0.0.1:${port}`, asked, last))).toEqual([503, 503])
    await new Promise((resolve) => server.close(resolve))
  })

  it.each(['EIO=3&transport=websocket', 'transport=websocket', 'EIO=5&transport=websocket', 'EIO=4&EIO=3&transport=websocket'])(
    'to another Socket.IO (%s) is refused before the 101, with a sentence',
    async (query) => {
      const answer = await exchange(hilo.url, head(`GET /socket.io/?${query}`, websocket))
      expect(statuses(answer)).toEqual([400])
      expect(answer).toContain('Socket.IO 4 (EIO=4)')
    },
  )

  it('to Socket.IO 4 is taken, also by an absolute address', async () => {
    for (const origin of ['', 'http://hilo:8080', 'HTTPS://chat.example.com']) {
      const { hostname, port } = new URL(hilo.url)
      const line = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(head(`GET ${origin}/socket.io/?EIO=4&transport=websocket`, websocket)),
        )
        socket.on('error', reject).once('data', (part) => {
          socket.destroy()
          resolve(part.toString('latin1').split('\r\n')[0] ?? '')
        })
      })
      expect(line, origin).toBe('HTTP/1.1 101 Switching Protocols')
    }
  })
})

describe('an absolute address on the request line', () => {
  it('is the same address, for calls, pages and their queries', async () => {
    for (const origin of [PUBLIC_URL, 'http://127.0.0.1', 'HTTP://Hilo:8080'])
      for (const [path, status] of [
        ['/healthz', 200],
        ['/api/me', 200],
        ['/api/messages?limit=1000', 422],
        ['/nothing-here', 404],
        ['?x=1', 404],
        ['', 404],
      ] as const) {
        const answers = await exchange(hilo.url, head(`GET ${origin}${path}`, authorised()), last)
        expect(statuses(answers), origin + path).toEqual([status, 200])
      }
  })

  it('is the same address for a webhook: the signature is over PUBLIC_URL', async () => {
    const fields = {
      MessageSid: `SM${'7'.repeat(32)}`,
      AccountSid: accountSid,
      From: 'whatsapp:+5491144500101',
      To: `whatsapp:${OUR_WHATSAPP}`,
      Body: 'por la forma absoluta',
      NumMedia: '0',
    }
    const path = '/webhooks/twilio/message'
    const body = new URLSearchParams(fields).toString()
    const signature = twilio.getExpectedTwilioSignature(authToken, PUBLIC_URL + path, fields)
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': String(body.length),
      'X-Twilio-Signature': signature,
    }
    expect(statuses(await exchange(hilo.url, head(`POST http://10.0.0.7:8080${path}`, headers) + body, last))).toEqual([200, 200])
    const kept = await hilo.call<{ items: { text: string }[] }>('GET', '/api/messages?direction=inbound')
    expect(kept.body.items.map((one) => one.text)).toContain('por la forma absoluta')
  })
})

describe('an idle connection', () => {
  it('is kept longer than proxies keep theirs, and its client is told how long', async () => {
    const answer = await hilo.call('GET', '/healthz')
    expect(answer.headers.get('keep-alive')).toBe('timeout=75')
  })

  it('is kept for KEEP_ALIVE_SECONDS, and then ended', async () => {
    const other = await serve({ KEEP_ALIVE_SECONDS: '1' })
    const answers = await exchange(other.url, head('GET /healthz', {}))
    expect(statuses(answers)).toEqual([200])
    expect(answers).toContain('Keep-Alive: timeout=1\r\n')
    await other.close()
  })

  it('has longer for its next headers than it is kept, and for a whole request longer still', () => {
    for (const keepAliveSeconds of [1, 75, 620, 3600]) {
      const { keepAliveTimeout, headersTimeout, requestTimeout } = createHttpServer(
        { keepAliveSeconds, takesSockets: () => true },
        () => {},
      )
      expect(keepAliveTimeout).toBe(keepAliveSeconds * 1000)
      expect(headersTimeout).toBeGreaterThan(keepAliveTimeout)
      expect(requestTimeout).toBeGreaterThan(headersTimeout)
    }
  })
})
