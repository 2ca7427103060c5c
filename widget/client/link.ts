// One line to the server: a WebSocket that is reopened by itself, or, where none passes, HTTP every 15 s. Knows tokens
// and time; knows nothing of conversations.
import { type Signal, signal } from '@preact/signals-core'
import type { LinkState } from './client.ts'
import { type Body, createHttp, type Event, type Http, type Reply, unreachable } from './http.ts'
import type { Page } from './page.ts'
import { type Claims, TokenRefused, type TokenOptions, type TokenSource } from './token.ts'
import { type SharedSocket, shareSocket } from './share-socket.ts'
import { createSocket } from './socket.ts'
import { TOKEN_CHARS } from '../../shared/token-limit.ts'

/** Nothing changes these by waiting. */
const REFUSALS = new Set(['token_missing', 'token_invalid', 'token_expired', 'forbidden', 'origin_not_allowed', 'payload_too_large'])

export interface LinkTimes {
  firstRetryMs: number
  maxRetryMs: number
  ackMs: number
  pollMs: number
  /** Between tries for a WebSocket while HTTP serves. */
  upgradeMs: number
  tickMs: number
}
export const usualTimes: LinkTimes = {
  firstRetryMs: 500,
  maxRetryMs: 15_000,
  ackMs: 10_000,
  pollMs: 15_000,
  upgradeMs: 60_000,
  tickMs: 1000,
}
/** Failures in a row after which HTTP is tried. */
const FAILURES_TILL_SLOW = 3
const STABLE_MS = 10_000
/** Who comes back to the page this long after its session ended may have signed in elsewhere: one try. */
const SIGNED_IN_AGAIN_MS = 3000
/** A tab in the background has its timers run once a minute; longer than this the machine slept, and its socket is dead. */
const SLEPT_MS = 90_000
/** Longer than this nobody waits for a list; it fails, and says so. */
const MAX_PAUSE_S = 5

export interface LinkOptions {
  origin: string
  tokens: TokenSource
  page: Page
  times?: LinkTimes
  /** Connected, or back after a gap that may have hidden something: catch up. False: the server did not answer. */
  onUp(): Promise<boolean>
  /** The host should sign its agent in again. */
  onExpired(): void
  onError(error: unknown): void
}

export interface Link {
  state: Signal<LinkState>
  problem: Signal<{ code: string; detail: string } | null>
  socket: SharedSocket
  tokens: TokenSource
  http: Http
  /** Waits some seconds for a connection; never throws. */
  call<E extends Event>(event: E, body: Body<E>): Promise<Reply<E>>
  usable(): boolean
  claims(): Claims | null
  /** Tries at once, also after a refusal; with options, with another token. */
  reconnect(tokens?: TokenOptions): void
  close(): void
}

export function openLink(options: LinkOptions): Link {
  const { origin, tokens, page } = options
  const times = options.times ?? usualTimes
  const state = signal<LinkState>('connecting')
  const problem = signal<{ code: string; detail: string } | null>(null)
  const http = createHttp(origin, tokens)
  const socket = shareSocket(createSocket(origin, times.ackMs, options.onError), origin, page, async () => {
    const answer = await http('GET', '/api/me')
    return answer.ok || answer.error.code === 'not_found' ? null : answer.error
  })

  let closed = false
  let stopped = false
  let stoppedAt = 0
  let failures = 0
  let attempt = 0
  let upAt = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let poll: ReturnType<typeof setInterval> | undefined
  let lastTick = page.now()
  const waiting = new Set<() => void>()

  const usable = () => !closed && (socket.connected() || state.value === 'slow')

  function move(next: LinkState): void {
    state.value = next
    if (usable() || stopped || closed) {
      for (const go of waiting) go()
      waiting.clear()
    }
  }

  function stop(code: string, detail: string): void {
    stopped = true
    stoppedAt = page.now()
    clearTimeout(retry)
    clearInterval(poll)
    poll = undefined
    socket.disconnect()
    problem.value = { code, detail }
    const expired = code === 'token_expired' || code === 'token_missing'
    move(expired ? 'expired' : 'refused')
    if (expired) options.onExpired()
  }

  function plan(ms: number): void {
    clearTimeout(retry)
    if (!closed && !stopped) retry = setTimeout(() => void open(), ms)
  }

  function failedToOpen(withoutToken = false): void {
    if (closed || stopped) return
    failures++
    if (state.value === 'slow') {
      socket.disconnect()
      plan(times.upgradeMs)
      return
    }
    move(page.online() ? (state.value === 'connecting' && failures < 2 ? 'connecting' : 'reconnecting') : 'offline')
    // Half of it by chance: a server that restarts is not met by all its agents in one instant.
    plan(Math.min(times.maxRetryMs, times.firstRetryMs * 2 ** (failures - 1)) * (0.5 + Math.random()))
    if (failures >= FAILURES_TILL_SLOW && !withoutToken) void trySlow()
  }

  async function open(): Promise<void> {
    const mine = ++attempt
    try {
      const token = await tokens.ask()
      if (problem.value?.code === 'token_unavailable') problem.value = null
      if (mine !== attempt || closed || stopped || socket.connected()) return
      if (token.length > TOKEN_CHARS)
        return stop('payload_too_large', `The token has ${token.length} characters; ${TOKEN_CHARS} are taken.`)
      socket.connect(token)
    } catch (error) {
      if (mine !== attempt || closed || stopped) return
      // Another tab may have a token to lead with.
      socket.disconnect()
      if (error instanceof TokenRefused) return stop('token_missing', error.message)
      options.onError(error)
      problem.value = { code: 'token_unavailable', detail: error instanceof Error ? error.message : String(error) }
      failedToOpen(true)
    }
  }

  async function trySlow(): Promise<void> {
    const answer = await http('GET', '/api/unread')
    if (closed || stopped || socket.connected() || state.value === 'slow') return
    if (answer.ok) {
      problem.value = null
      // There is no socket to share.
      socket.disconnect()
      socket.leads.value = true
      move('slow')
      poll = setInterval(() => void up(), times.pollMs)
      plan(times.upgradeMs)
      void up()
    } else if (REFUSALS.has(answer.error.code)) stop(answer.error.code, answer.error.detail)
  }

  async function up(): Promise<void> {
    try {
      if ((await options.onUp()) || state.value !== 'slow' || closed || stopped) return
      clearInterval(poll)
      poll = undefined
      move(page.online() ? 'reconnecting' : 'offline')
      plan(times.firstRetryMs)
    } catch (error) {
      options.onError(error)
    }
  }

  socket.on('connect', () => {
    clearTimeout(retry)
    clearInterval(poll)
    poll = undefined
    upAt = page.now()
    problem.value = null
    move('online')
    void up()
  })
  socket.on('down', (refusal) => {
    if (closed || stopped) return
    if (refusal?.code === 'moved') {
      move('reconnecting')
      return plan(0)
    }
    if (refusal?.code && REFUSALS.has(refusal.code)) {
      stop(refusal.code, refusal.detail ?? '')
      return
    }
    // A line that keeps breaking at once is no better than one that does not open.
    if (upAt > 0 && page.now() - upAt > STABLE_MS) failures = 0
    upAt = 0
    failedToOpen()
  })
  socket.on('nudge', () => closed || stopped || socket.connected() || plan(0))
  socket.on('auth:expiring', () => void renew())

  async function renew(replaced = false): Promise<void> {
    if (!replaced && !tokens.renewable()) {
      options.onExpired()
      return
    }
    try {
      const before = tokens.claims()?.exp ?? 0
      const token = await tokens.ask()
      // The same one again would be announced as ending again, at once and for ever.
      if (!replaced && (tokens.claims()?.exp ?? Number.POSITIVE_INFINITY) <= before) {
        options.onExpired()
        return
      }
      const answer = await call('auth:refresh', { token })
      if (!answer.ok && REFUSALS.has(answer.error.code)) stop(answer.error.code, answer.error.detail)
    } catch (error) {
      if (error instanceof TokenRefused) options.onExpired()
      else options.onError(error)
    }
  }

  /** After sleep or a hidden hour: what the socket believes may be long untrue. */
  async function check(): Promise<void> {
    const now = page.now()
    const slept = now - lastTick > SLEPT_MS
    lastTick = now
    if (closed || stopped) return
    if (slept && socket.leads.value) reopen()
    if (!socket.connected()) {
      failures = Math.min(failures, 1)
      return plan(0)
    }
    await up()
  }

  function reopen(): void {
    if (closed || !socket.connected()) return
    socket.drop()
    move('reconnecting')
    plan(0)
  }

  async function call<E extends Event>(event: E, body: Body<E>): Promise<Reply<E>> {
    if (!usable() && !stopped && !closed)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, times.ackMs)
        function done(): void {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
        waiting.add(done)
      })
    if (!usable()) return unreachable() as Reply<E>
    const answer = await ask(event, body)
    if (answer.ok || answer.error.code !== 'rate_limited' || event === 'message:send') return answer
    const pauseS = answer.error.retryAfter ?? 1
    if (pauseS > MAX_PAUSE_S || closed) return answer
    await new Promise((resolve) => setTimeout(resolve, pauseS * 1000))
    return usable() ? await ask(event, body) : answer
  }

  async function ask<E extends Event>(event: E, body: Body<E>): Promise<Reply<E>> {
    if (!socket.connected()) return await askOverHttp(event, body)
    const answer = await socket.ask(event, body, times.ackMs)
    if (answer !== null) return answer
    // Connected, and yet no answer: the line is dead and does not know it.
    reopen()
    return unreachable() as Reply<E>
  }

  async function askOverHttp<E extends Event>(event: E, body: Body<E>): Promise<Reply<E>> {
    try {
      const { callOverHttp } = await import('./http-calls.ts')
      return await callOverHttp(http, event, body)
    } catch {
      return unreachable() as Reply<E>
    }
  }

  const unwatch = page.watch((event) => {
    if (event === 'offline') {
      socket.disconnect()
      if (closed || stopped) return
      clearInterval(poll)
      poll = undefined
      move('offline')
      plan(times.maxRetryMs)
    } else if (state.value === 'expired' && page.now() - stoppedAt > SIGNED_IN_AGAIN_MS) reconnect()
    else if (event !== 'focus') void check()
  })
  const tick = setInterval(() => {
    const gap = page.now() - lastTick
    if (gap > SLEPT_MS || (gap > times.tickMs * 5 && page.visible())) void check()
    else lastTick = page.now()
  }, times.tickMs)

  function reconnect(next?: TokenOptions): void {
    if (closed) return
    if (next) tokens.replace(next)
    if (socket.connected()) {
      if (next) void renew(true)
      return
    }
    const wasStopped = stopped
    stopped = false
    failures = 0
    if (wasStopped) move('connecting')
    plan(0)
  }

  void open()

  return {
    state,
    problem,
    socket,
    tokens,
    http,
    call,
    usable,
    claims: () => tokens.claims(),
    reconnect,
    close() {
      if (closed) return
      closed = true
      attempt++
      unwatch()
      clearTimeout(retry)
      clearInterval(poll)
      clearInterval(tick)
      socket.disconnect()
      move('offline')
    },
  }
}
