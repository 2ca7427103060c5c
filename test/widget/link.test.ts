// The line's own rules, by the second: on a socket and an HTTP that the test answers.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { problem, type ProblemCode } from '../../shared/problems.ts'
import type { Socket } from '../../widget/client/socket.ts'
import { type Link, openLink, usualTimes } from '../../widget/client/link.ts'
import { createTokenSource, type TokenOptions } from '../../widget/client/token.ts'
import { createTestPage, type TestPage } from './support.ts'

type Handler = (...args: unknown[]) => void

/** One opening of the link's socket, on which the test is the server. That of a browser stands in `socket.test.ts`. */
class Opening {
  static all: Opening[] = []
  isConnected = false
  isClosed = false
  asked: { name: string; body: unknown; answer(given: object | null): void }[] = []
  readonly #tell: (name: string, ...args: unknown[]) => void
  readonly #limit = setTimeout(() => this.breaks(), usualTimes.ackMs)
  constructor(tell: (name: string, ...args: unknown[]) => void) {
    this.#tell = tell
    Opening.all.push(this)
  }
  say(name: string, ...args: unknown[]): void {
    if (!this.isClosed) this.#tell(name, ...args)
  }
  accept(): void {
    this.isConnected = true
    clearTimeout(this.#limit)
    this.say('connect')
  }
  breaks(refusal: object | null = null): void {
    const tell = this.#tell
    this.close()
    tell('down', refusal)
  }
  close(): void {
    this.isClosed = true
    this.isConnected = false
    clearTimeout(this.#limit)
    for (const { answer } of this.asked) answer(null)
  }
  /** The calls of this name that came, with their answers still due. */
  calls(event: string) {
    return this.asked.filter(({ name }) => name === event)
  }
}

vi.mock('../../widget/client/socket.ts', () => ({
  createSocket(): Socket {
    const handlers = new Map<string, Handler[]>()
    let now: Opening | null = null
    const socket: Socket = {
      overheard: null,
      connected: () => now?.isConnected ?? false,
      tell(name, ...args) {
        if (name === 'down') now = null
        for (const handler of handlers.get(name) ?? []) handler(...args)
      },
      connect() {
        now ??= new Opening(socket.tell)
      },
      disconnect() {
        now?.close()
        now = null
      },
      on: (name, handler) => void handlers.set(name, [...(handlers.get(name) ?? []), handler as Handler]),
      ask: (name, body, ms) =>
        new Promise((resolve) => {
          const answer = (given: object | null) => {
            clearTimeout(late)
            resolve(given as never)
          }
          const late = setTimeout(() => answer(null), ms)
          now?.asked.push({ name, body, answer })
        }),
    }
    return socket
  },
}))

const token = (claims: object = {}) => `a.${btoa(JSON.stringify({ org: 'default', sub: 'ana', role: 'agent', exp: 100, ...claims }))}.c`
const limited = (retryAfter?: number) => ({ ok: false, error: { ...problem('rate_limited', 'Slower.'), retryAfter } })

let link: Link
let page: TestPage
let http: (path: string) => Response
let said: { errors: unknown[]; expired: number; ups: number }
let catchesUp = true
const settle = () => vi.advanceTimersByTimeAsync(0)
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const last = () => Opening.all.at(-1) as Opening

async function open(tokens: TokenOptions = { getToken: async () => token() }): Promise<void> {
  link = openLink({
    origin: 'https://chat.example',
    page,
    tokens: createTokenSource(tokens),
    times: usualTimes,
    async onUp() {
      said.ups++
      return catchesUp
    },
    onExpired: () => void said.expired++,
    onError: (error) => void said.errors.push(error),
  })
  await settle()
}
async function online(tokens?: TokenOptions): Promise<Opening> {
  await open(tokens)
  last().accept()
  await settle()
  return last()
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  vi.stubGlobal('fetch', async (url: string) => http(url.replace('https://chat.example', '')))
  Opening.all = []
  page = createTestPage()
  http = () => Response.error()
  said = { errors: [], expired: 0, ups: 0 }
  catchesUp = true
})
afterEach(() => {
  link.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('a line that breaks', () => {
  test('is tried again after half a second, twice as long each time, to a quarter of a minute', async () => {
    await open()
    const waits = [500, 1000, 2000, 4000, 8000, 15_000, 15_000]
    for (const [n, ms] of waits.entries()) {
      expect(Opening.all).toHaveLength(n + 1)
      last().breaks()
      await wait(ms - 1)
      expect(Opening.all, `${ms} ms`).toHaveLength(n + 1)
      await wait(1)
    }
  })

  test('says “reconnecting” from its second failure on, and at once where it was up', async () => {
    await open()
    last().breaks()
    expect(link.state.value).toBe('connecting')
    await wait(500)
    last().breaks()
    expect(link.state.value).toBe('reconnecting')
    await wait(1000)
    last().accept()
    expect([link.state.value, said.ups]).toEqual(['online', 1])
    last().breaks()
    expect(link.state.value).toBe('reconnecting')
  })

  test('after ten good seconds begins with the shortest wait, sooner goes on with the longer ones', async () => {
    const first = await online()
    first.breaks()
    await wait(500)
    last().accept()
    await wait(1000)
    last().breaks()
    await wait(999)
    expect(Opening.all).toHaveLength(2)
    await wait(1)
    last().accept()
    await wait(11_000)
    last().breaks()
    await wait(500)
    expect(Opening.all).toHaveLength(4)
  })

  test('is tried at once when somebody looks at the page, or the network is back', async () => {
    for (const back of [() => page.setVisible(true), () => page.setOnline(true)]) {
      const before = Opening.all.length
      await online()
      for (let n = 0; n < 5; n++) {
        last().breaks()
        await wait(16_000)
      }
      last().breaks()
      const made = Opening.all.length
      back()
      await settle()
      expect(Opening.all.length).toBe(made + 1)
      // And is as patient as after its first failure.
      last().breaks()
      await wait(1000)
      expect(Opening.all.length).toBe(made + 2)
      expect(Opening.all.length).toBeGreaterThan(before)
      link.close()
    }
  })

  test('without a network closes, says so, and looks again though the browser never says that it is back', async () => {
    await online()
    page.setOnline(false)
    expect([link.state.value, Opening.all[0]?.isClosed]).toEqual(['offline', true])
    await wait(14_999)
    expect(Opening.all).toHaveLength(1)
    await wait(1)
    expect(Opening.all).toHaveLength(2)
    last().breaks()
    expect(link.state.value).toBe('offline')
  })
})

describe('a call', () => {
  test('made before the line is up waits for it, ten seconds at most', async () => {
    await open()
    const early = link.call('sync', { since: null })
    const hopeless = link.call('conversations:list', {})
    await wait(1000)
    last().accept()
    await settle()
    last().calls('sync')[0]?.answer({ ok: true, cursor: 'c1' })
    expect(await early).toMatchObject({ ok: true, cursor: 'c1' })
    last().calls('conversations:list')[0]?.answer({ ok: true })
    await hopeless
    last().breaks()
    const late = link.call('sync', { since: null })
    let answered = false
    void late.then(() => {
      answered = true
    })
    await wait(9999)
    expect(answered).toBe(false)
    await wait(1)
    expect(await late).toMatchObject({ ok: false, error: { code: 'unavailable' } })
  })

  test('does not wait for a line that was refused or closed', async () => {
    await open()
    const early = link.call('sync', { since: null })
    last().breaks({ code: 'forbidden', detail: 'No.' })
    expect(await early).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(await link.call('sync', { since: null })).toMatchObject({ ok: false })
    link.close()
    await online()
    const asked = link.call('sync', { since: null })
    await settle()
    link.close()
    expect(await asked).toMatchObject({ ok: false })
    expect(await link.call('sync', { since: null })).toMatchObject({ ok: false })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that gets no answer in ten seconds ends the line, which is dead and does not know it', async () => {
    const socket = await online()
    const asked = link.call('sync', { since: null })
    await wait(10_000)
    expect(await asked).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect([link.state.value, socket.isClosed]).toEqual(['reconnecting', true])
    await wait(1)
    expect(Opening.all).toHaveLength(2)
  })

  test.each([
    ['at the moment that the limit names', 4, 4000],
    ['a second later where it names none', undefined, 1000],
  ])('that is limited is made again, once, %s', async (_, retryAfter, ms) => {
    const socket = await online()
    const asked = link.call('sync', { since: null })
    await settle()
    socket.calls('sync')[0]?.answer(limited(retryAfter))
    await wait(ms - 1)
    expect(socket.calls('sync')).toHaveLength(1)
    await wait(1)
    expect(socket.calls('sync')).toHaveLength(2)
    socket.calls('sync')[1]?.answer(limited(retryAfter))
    expect(await asked).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
  })

  test.each([
    ['a message', 'message:send', 1],
    ['what would be waited for too long', 'sync', 6],
  ] as const)('that is limited is not made again for %s', async (_, event, retryAfter) => {
    const socket = await online()
    const asked = link.call(event, {} as never)
    await settle()
    socket.calls(event)[0]?.answer(limited(retryAfter))
    expect(await asked).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
  })

  test('that is limited is not made again on a line that is down by then', async () => {
    const socket = await online()
    const asked = link.call('sync', { since: null })
    await settle()
    socket.calls('sync')[0]?.answer(limited(1))
    await settle()
    page.setOnline(false)
    await wait(1000)
    expect(await asked).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
  })
})

describe('where no socket opens', () => {
  async function failThrice(): Promise<void> {
    await open()
    for (const ms of [500, 1000]) {
      last().breaks()
      await wait(ms)
    }
    last().breaks()
    await vi.dynamicImportSettled()
    await settle()
  }

  test('HTTP serves after the third failure, asked every 15 s, and a socket is tried every minute', async () => {
    http = () => Response.json({ version: 1 })
    await failThrice()
    expect([link.state.value, said.ups, link.usable(), link.socket.leads.value]).toEqual(['slow', 1, true, true])
    await wait(15_000)
    expect(said.ups).toBe(2)
    await wait(44_999)
    expect([Opening.all.length, said.ups]).toEqual([3, 4])
    await wait(1)
    expect(Opening.all).toHaveLength(4)
    last().breaks()
    expect(link.state.value, 'it still serves').toBe('slow')
    await wait(60_000)
    expect(Opening.all).toHaveLength(5)
    last().accept()
    const before = said.ups
    expect([link.state.value, before]).toEqual(['online', 10])
    await wait(60_000)
    expect(said.ups, 'not asked any more').toBe(before)
  })

  test('what does not answer either is no line: it is said, and tried again soon', async () => {
    http = () => Response.json({ version: 1 })
    await failThrice()
    catchesUp = false
    await wait(15_000)
    expect(link.state.value).toBe('reconnecting')
    const before = Opening.all.length
    await wait(500)
    expect(Opening.all.length).toBe(before + 1)
  })

  test.each<[ProblemCode, string]>([
    ['token_expired', 'expired'],
    ['origin_not_allowed', 'refused'],
  ])('%s over HTTP is the end of it', async (code, state) => {
    http = () => Response.json(problem(code, 'No.'), { status: 403 })
    await failThrice()
    expect([link.state.value, link.problem.value?.code, said.expired]).toEqual([state, code, state === 'expired' ? 1 : 0])
    const before = Opening.all.length
    await wait(120_000)
    expect(Opening.all.length).toBe(before)
  })

  test('where there is no token, HTTP is not asked either', async () => {
    const asked: string[] = []
    http = (path) => {
      asked.push(path)
      return Response.json({})
    }
    let isSignedIn = true
    await open({
      getToken: () => {
        if (isSignedIn) return token()
        throw new Error('not any more')
      },
    })
    // The one of before would still be there to ask with.
    isSignedIn = false
    last().breaks()
    await wait(10_000)
    expect([asked, link.problem.value?.code, said.errors.length > 3]).toEqual([[], 'token_unavailable', true])
  })
})

describe('a token', () => {
  test('that ends is replaced over the line; one that is refused ends it', async () => {
    const claims = [{ exp: 100 }, { exp: 200 }, { exp: 300 }]
    const socket = await online({ getToken: async () => token(claims.shift()) })
    socket.say('auth:expiring', { at: 'x' })
    await settle()
    const [first] = socket.calls('auth:refresh')
    expect(first?.body).toEqual({ token: token({ exp: 200 }) })
    first?.answer({ ok: true })
    socket.say('auth:expiring', { at: 'x' })
    await settle()
    socket.calls('auth:refresh')[1]?.answer({ ok: false, error: problem('forbidden', 'Another agent.') })
    await settle()
    expect([link.state.value, link.problem.value]).toEqual(['refused', { code: 'forbidden', detail: 'Another agent.' }])
  })

  test('that cannot be replaced is announced; an error of the page is told', async () => {
    const socket = await online({ token: token() })
    socket.say('auth:expiring', { at: 'x' })
    await settle()
    expect([said.expired, socket.calls('auth:refresh').length]).toEqual([1, 0])
    link.reconnect({
      getToken: () => {
        throw new Error('broken')
      },
    })
    await settle()
    expect([said.expired, said.errors.map(String)]).toEqual([1, ['Error: broken']])
    link.reconnect({ getToken: () => 'nobody' })
    await settle()
    expect(said.expired).toBe(2)
  })

  test('is asked for once more when the agent comes back three seconds after the end, not sooner', async () => {
    await open({ getToken: () => 'nobody' })
    expect(link.state.value).toBe('expired')
    const asked = () => said.expired
    page.skip(3000)
    page.focus()
    await settle()
    expect(asked()).toBe(1)
    page.skip(1)
    page.focus()
    await settle()
    expect(asked()).toBe(2)
  })
})

describe('after a pause of the machine', () => {
  test('of more than five ticks in sight it catches up; of more than a minute and a half it opens anew', async () => {
    const socket = await online()
    expect(said.ups).toBe(1)
    page.skip(4000)
    await wait(1000)
    expect(said.ups).toBe(1)
    page.skip(6000)
    await wait(1000)
    expect([said.ups, socket.isClosed]).toEqual([2, false])
    page.setVisible(false)
    page.skip(60_000)
    await wait(1000)
    expect(said.ups, 'a hidden tab’s timers run once a minute').toBe(2)
    page.skip(91_000)
    await wait(1000)
    expect(socket.isClosed).toBe(true)
    await wait(1)
    expect(Opening.all).toHaveLength(2)
  })

  test('looking at the page catches up, coming back to its window alone does not', async () => {
    await online()
    page.focus()
    await settle()
    expect(said.ups).toBe(1)
    page.setVisible(true)
    await settle()
    expect(said.ups).toBe(2)
  })
})

test('closed while a token is asked for, it opens nothing', async () => {
  let give: (token: string) => void = () => {}
  await open({ getToken: () => new Promise<string>((resolve) => (give = resolve)) })
  link.close()
  give(token())
  await settle()
  expect([Opening.all.length, vi.getTimerCount(), page.listeners()]).toEqual([0, 0, 0])
})
