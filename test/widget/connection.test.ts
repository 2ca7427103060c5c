// The widget's line to the server: tokens, refusals, and networks that let no WebSocket pass.
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect as dial, createServer as createRelay, type Socket as TcpSocket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTokenSource } from '../../widget/client/token.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { openTestClient, quickTimes, type TestClient } from './support.ts'

let hilo: TestHilo
const closers: (() => void | Promise<void>)[] = []
beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closers.splice(0).reverse()) await close()
})

function connect(...[origin, tokens, options]: Parameters<typeof openTestClient>): TestClient {
  const made = openTestClient(origin, tokens, options)
  closers.push(() => made.client.close())
  return made
}

/** Counts the handshakes from now on. */
function countHandshakes({ link: { socket } }: TestClient): () => number {
  let count = 0
  const { connect: open } = socket
  socket.connect = (token) => {
    count++
    open(token)
  }
  return () => count
}

describe('tokens', () => {
  test('are asked for again before every connect', async () => {
    let asked = 0
    const getToken = async () => {
      asked++
      return hilo.agent().token
    }
    // An opening that takes long on a busy machine is not given up, which would ask again.
    const one = connect(hilo.url, { getToken }, { times: { ...quickTimes, ackMs: 60_000 } })
    await until(() => one.client.link.value === 'online')
    expect(asked).toBe(1)
    one.page.setOnline(false)
    one.page.setOnline(true)
    await until(() => one.client.link.value === 'online' && one.link.socket.connected())
    expect(asked).toBe(2)
  })

  test('are asked for once, however many want one', async () => {
    let asked = 0
    const source = createTokenSource({
      getToken: async () => {
        asked++
        await Promise.resolve()
        return `a.token.${asked}`
      },
    })
    expect(await Promise.all([source.ask(), source.ask(), source.last()])).toEqual(['a.token.1', 'a.token.1', 'a.token.1'])
    expect(await source.last()).toBe('a.token.1')
    expect(await source.ask()).toBe('a.token.2')
  })

  test('are renewed before they end, and the socket goes on', async () => {
    const clock = createManualClock()
    const own = await startHilo({ clock })
    closers.push(() => own.close())
    const expiresIn = (s: number) => own.agent({ exp: Math.floor(clock.now() / 1000) + s }).token
    let asked = 0
    const one = connect(own.url, { getToken: async () => (asked++ === 0 ? expiresIn(120) : expiresIn(3600)) })
    await until(() => one.client.link.value === 'online')
    await clock.advance(70_000)
    await until(() => asked === 2, { what: 'a new token' })
    await clock.advance(120_000)
    expect(await one.link.call('sync', { since: null })).toMatchObject({ ok: true })
    expect(one.link.socket.connected()).toBe(true)
    expect(one.expired()).toBe(0)
  })

  test('that a host gives once more though they end are not sent round and round', async () => {
    const clock = createManualClock()
    const own = await startHilo({ clock })
    closers.push(() => own.close())
    const token = own.agent({ exp: Math.floor(clock.now() / 1000) + 120 }).token
    let asked = 0
    const one = connect(own.url, {
      getToken: async () => {
        asked++
        return token
      },
    })
    await until(() => one.client.link.value === 'online')
    await clock.advance(70_000)
    await until(() => one.expired() === 1, { what: 'the announcement' })
    expect(await one.link.call('sync', { since: null })).toMatchObject({ ok: true })
    expect(asked).toBe(2)
  })

  test('of a host that has no other are announced as ending', async () => {
    const clock = createManualClock()
    const own = await startHilo({ clock })
    closers.push(() => own.close())
    const one = connect(own.url, { token: own.agent({ exp: Math.floor(clock.now() / 1000) + 120 }).token })
    await until(() => one.client.link.value === 'online')
    await clock.advance(70_000)
    await until(() => one.expired() === 1, { what: 'the announcement' })
    one.link.reconnect({ token: own.agent({ exp: Math.floor(clock.now() / 1000) + 3600 }).token })
    await clock.advance(120_000)
    expect(await one.link.call('sync', { since: null })).toMatchObject({ ok: true })
  })
})

describe('a refusal', () => {
  test.each([
    ['a wrong token', (): string => 'of.another.server', 'refused', 'token_invalid', 0],
    ['an ended token', (): string => hilo.agent({ iat: 1, exp: 2 }).token, 'expired', 'token_expired', 1],
    ['another organization', (): string => hilo.agent({ org: 'nobody' }).token, 'refused', 'forbidden', 0],
  ] as const)('for %s stops, says so, and is not repeated', async (_what, token, state, code, expired) => {
    const one = connect(hilo.url, { getToken: async () => token() })
    const handshakes = countHandshakes(one)
    await until(() => one.client.link.value === state, { what: state })
    expect(one.client.problem.value).toMatchObject({ code, detail: expect.any(String) })
    expect(one.expired()).toBe(expired)
    one.page.setVisible(true)
    one.page.setOnline(true)
    expect(await one.link.call('sync', { since: null })).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(handshakes()).toBe(1)
    expect(one.link.socket.connected()).toBe(false)
  })

  test('of a session that ended is tried once more when somebody comes back to the page later', async () => {
    let token = hilo.agent({ iat: 1, exp: 2 }).token
    const one = connect(hilo.url, { getToken: async () => token })
    await until(() => one.client.link.value === 'expired')
    token = hilo.agent().token
    one.page.setVisible(true)
    expect(one.client.link.value).toBe('expired')
    one.page.skip(60_000)
    one.page.setVisible(true)
    await until(() => one.client.link.value === 'online')
  })

  test('ends when the agent signed in again', async () => {
    let token = 'of.another.server'
    const one = connect(hilo.url, { getToken: async () => token })
    await until(() => one.client.link.value === 'refused')
    token = hilo.agent().token
    one.client.reconnect()
    await until(() => one.client.link.value === 'online')
    expect(one.client.problem.value).toBeNull()
  })

  test('of the page itself is no crash: a getToken that throws is told and tried again', async () => {
    let asked = 0
    const getToken = async () => {
      if (++asked < 3) throw new Error('the session is not there yet')
      return hilo.agent().token
    }
    const one = connect(hilo.url, { getToken })
    await until(() => one.client.problem.value?.code === 'token_unavailable', { everyMs: 1 })
    expect(one.client.problem.value?.detail).toBe('the session is not there yet')
    await until(() => one.client.link.value === 'online')
    expect(one.errors).toHaveLength(2)
    expect(one.client.problem.value).toBeNull()
  })

  test.each([
    ['nothing', undefined],
    ['an object', { token: 'x' }],
    ['an empty text', ''],
  ])('a getToken that gives %s is told, and tried again ever more seldom', async (_what, rubbish) => {
    let asked = 0
    const getToken = async () => (++asked < 3 ? (rubbish as string) : hilo.agent().token)
    const one = connect(hilo.url, { getToken })
    await until(() => one.client.link.value === 'online')
    expect(one.errors.map(String)).toEqual(['Error: getToken gave no token.', 'Error: getToken gave no token.'])
  })

  test('a getToken that never answers is given up after 15 s and asked again', async () => {
    const { setTimeout: start } = globalThis
    closers.push(() => {
      globalThis.setTimeout = start
    })
    // Only the wait for the host's answer is shortened.
    globalThis.setTimeout = ((task: () => void, ms?: number) => start(task, ms === 15_000 ? 20 : ms)) as typeof start
    let asked = 0
    const getToken = () => (++asked === 1 ? new Promise<string>(() => {}) : hilo.agent().token)
    const one = connect(hilo.url, { getToken })
    await until(() => one.client.link.value === 'online')
    expect(one.errors.map(String)).toEqual(['Error: getToken did not answer.'])
  })
})

describe('a host whose session ended', () => {
  const page = '<!doctype html><form>Sign in</form>'
  /** Of a host's: where the token is asked for, and what stands there now. */
  async function host(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ url: string; asked(): number }> {
    let asked = 0
    const server = createServer((request, response) => {
      asked++
      answer(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat-token`, asked: () => asked }
  }
  const redirects = (to: string) => (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/chat-token') response.writeHead(302, { location: to }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  }

  test.each([
    ['a redirect to a login page', redirects('/login')],
    ['a redirect to a site that cannot be asked', redirects('http://127.0.0.1:1/login')],
    [
      'a redirect to a page that is missing',
      (_: IncomingMessage, response: ServerResponse) =>
        response.writeHead(_.url === '/chat-token' ? 302 : 404, { location: '/gone' }).end(),
    ],
    ['a login page with 200', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).end(page)],
    ['a login page of 150 kB', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).end(page + 'x.'.repeat(75_000))],
    ['JSON without a token', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).end('{"token":null}')],
    ['null', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).end('null')],
    ['a word', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).end('"unauthenticated"')],
    ['nothing', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).end()],
    ['no content', (_: IncomingMessage, response: ServerResponse) => response.writeHead(204).end()],
  ] as const)('answers %s: nobody is signed in, and nothing is sent to Hilo', async (_what, answer) => {
    const { url, asked } = await host(answer)
    const one = connect(hilo.url, { tokenUrl: url })
    const handshakes = countHandshakes(one)
    await until(() => one.client.link.value === 'expired', { what: 'the words for it' })
    expect(one.expired()).toBe(1)
    expect(one.client.problem.value).toMatchObject({ code: 'token_missing', detail: expect.stringContaining('not signed in') })
    expect([handshakes(), one.errors]).toEqual([0, []])
    const before = asked()
    one.page.setVisible(true)
    one.page.setOnline(true)
    expect(await one.link.http('GET', '/api/me')).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(handshakes()).toBe(0)
    expect(asked()).toBeLessThanOrEqual(before * 2)
  })

  test.each(['visible', 'focus'] as const)('is asked once more when the agent comes back to the page: %s', async (how) => {
    let isIn = false
    const { url } = await host((request, response) =>
      isIn ? response.writeHead(200).end(hilo.agent().token) : redirects('/login')(request, response),
    )
    const one = connect(hilo.url, { tokenUrl: url })
    await until(() => one.client.link.value === 'expired')
    isIn = true
    one.page.skip(10_000)
    if (how === 'focus') one.page.focus()
    else one.page.setVisible(true)
    await until(() => one.client.link.value === 'online')
  })

  test.each([
    ['bare', (token: string) => token],
    ['with a byte order mark and a line end', (token: string) => `\ufeff${token}\r\n`],
    ['as a JSON string', (token: string) => JSON.stringify(token)],
    ['in an object', (token: string) => JSON.stringify({ token })],
  ])('gives a token %s: it is read, from its address and from getToken', async (_how, write) => {
    const { url } = await host((_, response) => response.writeHead(200).end(write(hilo.agent().token)))
    for (const options of [{ tokenUrl: url }, { getToken: async () => write(hilo.agent().token) }]) {
      const one = connect(hilo.url, options)
      await until(() => one.client.link.value === 'online')
    }
  })

  test('moves its token address: it is followed', async () => {
    const { url } = await host((request, response) => {
      if (request.url === '/chat-token') response.writeHead(308, { location: '/chat-token/' }).end()
      else response.writeHead(200).end(hilo.agent().token)
    })
    const one = connect(hilo.url, { tokenUrl: url })
    await until(() => one.client.link.value === 'online')
  })

  test('fails for a moment: it is asked again', async () => {
    let broken = 2
    const { url } = await host((_, response) => {
      if (broken-- > 0) response.writeHead(503).end(page)
      else response.writeHead(200).end(hilo.agent().token)
    })
    const one = connect(hilo.url, { tokenUrl: url })
    await until(() => one.client.link.value === 'online')
    expect([one.expired(), one.errors.length]).toEqual([0, 2])
  })

  test.each([
    ['getToken', { getToken: async () => page }],
    ['token', { token: '{{ chat_token }}' }],
  ])('gives a page by %s: it is not sent to Hilo either', async (_by, options) => {
    const one = connect(hilo.url, options)
    const handshakes = countHandshakes(one)
    await until(() => one.client.link.value === 'expired')
    expect([one.expired(), handshakes()]).toEqual([1, 0])
  })

  test('a token that is too large ends in a refusal, not in tries without an end', async () => {
    const coordinations = Array.from({ length: 6000 }, (_, i) => `coordination-${i}`)
    let asked = 0
    const one = connect(hilo.url, {
      getToken: async () => {
        asked++
        return hilo.agent({ coordinations }).token
      },
    })
    const handshakes = countHandshakes(one)
    await until(() => one.client.link.value === 'refused')
    expect(one.client.problem.value).toMatchObject({
      code: 'payload_too_large',
      detail: expect.stringMatching(/^The token has \d+ characters/),
    })
    expect([asked, handshakes()]).toEqual([1, 0])
  })
})

describe('where no WebSocket passes', () => {
  /** In front of the server; cuts every upgrade, as some company networks do. */
  async function behindProxy(): Promise<{ url: string; down(isDown: boolean): void }> {
    let down = false
    const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
      if (down) return void incoming.socket.destroy()
      const { host, port } = new URL(hilo.url)
      const { url = '/', method = 'GET', headers } = incoming
      const onward = request({ host: '127.0.0.1', port, path: url, method, headers: { ...headers, host } }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => outgoing.destroy())
      incoming.pipe(onward)
    }
    const proxy: Server = createServer(forward)
    proxy.on('upgrade', (_request, socket) => socket.destroy())
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    closers.push(() => {
      proxy.closeAllConnections()
      proxy.close()
    })
    return {
      url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      down(isDown) {
        down = isDown
        if (isDown) proxy.closeAllConnections()
      },
    }
  }

  test('messages come, answers go and numbers are right all the same', async () => {
    const phone = '+5491150099001'
    await hilo.simulator.phone(phone).write('hola')
    const { url } = await behindProxy()
    const one = connect(url, { getToken: async () => hilo.agent({ sub: 'slow' }).token })
    await until(() => one.client.link.value === 'slow', { what: 'HTTP' })
    await until(() => one.client.ready.value)
    expect(one.client.ready.value).toMatchObject({ agent: { id: 'slow', name: 'Ana Díaz' }, org: 'default' })
    // The closed window needs them here too.
    await until(() => one.client.templates.value.some((template) => template.name === 'appointment_reminder'), { what: 'the templates' })
    const { inbox } = one.client
    await until(() => inbox.items.value.length > 0)
    const { id } = await hilo.conversation(phone)
    const thread = one.client.openThread(id)
    await until(() => thread.state.value === 'ready')
    await hilo.simulator.phone(phone).write('¿están?')
    await until(() => thread.messages.value.at(-1)?.text === '¿están?', { what: 'the message' })
    await until(() => one.client.unread.value.total === 2, { what: 'the number' })
    expect(await thread.send({ text: 'sí' })).toMatchObject({ ok: true })
    await until(() => thread.messages.value.at(-1)?.status === 'delivered', { what: 'its tick' })
    expect(thread.messages.value).toEqual(await hilo.messages(id))
  })

  test('a server that goes away is said, and found again', async () => {
    const { url, down } = await behindProxy()
    const one = connect(url, { getToken: async () => hilo.agent().token }, { times: { ...quickTimes, upgradeMs: 100 } })
    await until(() => one.client.link.value === 'slow', { what: 'HTTP' })
    down(true)
    await until(() => one.client.link.value === 'reconnecting', { what: 'the loss' })
    down(false)
    await until(() => one.client.link.value === 'slow', { what: 'the return' })
  })
})

test('closing ends the socket, and nothing opens it again', async () => {
  const one = openTestClient(hilo.url, { getToken: async () => hilo.agent({ sub: 'closing' }).token })
  await until(() => one.client.link.value === 'online')
  const { socket } = one.link
  one.client.close()
  one.client.close()
  expect(socket.connected()).toBe(false)
  const handshakes = countHandshakes(one)
  one.page.setOnline(true)
  one.page.setVisible(true)
  expect(await one.link.call('sync', { since: null })).toMatchObject({ ok: false })
  expect(handshakes()).toBe(0)
})

test('a machine that slept for an hour is right within two seconds of waking, though its socket seems open', async () => {
  const asleep = new Set<TcpSocket>()
  const relay = createRelay((socket) => {
    const onward = dial(Number(new URL(hilo.url).port), '127.0.0.1')
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      from.on('data', (bytes) => asleep.has(socket) || to.write(bytes))
      from.on('close', () => asleep.has(socket) || to.destroy())
      from.on('error', () => {})
    }
    closers.push(() => {
      socket.destroy()
      onward.destroy()
    })
    socket.on('data', (bytes) => String(bytes).startsWith('GET /socket.io') && relaying.add(socket))
  })
  const relaying = new Set<TcpSocket>()
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  closers.push(() => void relay.close())
  const phone = '+5491150099002'
  await hilo.simulator.phone(phone).write('antes de dormir')
  // The test moves its ticks, and an answer is waited for longer than the test waits: neither may be what it needs.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const one = connect(
    `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    { getToken: async () => hilo.agent({ sub: 'sleeper' }).token },
    { times: { ...quickTimes, ackMs: 120_000 } },
  )
  await until(() => one.client.unread.value.version >= 0)
  const thread = one.client.openThread((await hilo.conversation(phone)).id)
  await until(() => thread.state.value === 'ready')
  for (const socket of relaying) asleep.add(socket)
  await hilo.simulator.phone(phone).write('mientras dormía')
  one.page.skip(3_600_000)
  vi.advanceTimersByTime(1_999)
  await until(() => thread.messages.value.at(-1)?.text === 'mientras dormía', { what: 'the message' })
  expect(one.client.link.value).toBe('online')
})
