// The talk between the tabs of one agent that share a socket. A chunk of its own: fetched once a second tab is
// there. Followers ask and the leader answers, so that neither needs a timer in a hidden tab to be heard. No token is
// ever said here.
import type { ReadyEvent, ReplyingEvent } from '../../shared/events.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Body, Event, Reply } from './http.ts'
import type { Socket } from './socket.ts'

const PING_MS = 250
/** Pings without an answer after which the leader counts as hung. */
const SILENCE = 2
/** The server takes no more ids in one subscription. */
const MAX_BADGES = 1000
const NOBODY_HEARS = new Set(['connect', 'down', 'auth:expiring'])

export type Said =
  | { is: 'ping'; from: string; up: boolean; nudge: boolean }
  | { is: 'ask'; from: string; id: number; event: Event; body: unknown; ms: number }
  /** `failed`: it tried to get the line, just now. `ready`: it has it, for those who are not up yet. */
  | { is: 'beat'; lead: string; up: boolean; failed: boolean; ready: ReadyEvent | null }
  | { is: 'answer'; to: string; id: number; answer: unknown }
  | { is: 'tell'; to: string | null; name: string; args: unknown[] }

/** The parts of one membership, whichever role it has. */
export interface TabParts {
  own: Socket
  name: string
  tab: string
  channel: BroadcastChannel
  locks: LockManager
}

export type Ask = <E extends Event>(event: E, body: Body<E>, timeoutMs: number) => Promise<Reply<E> | null>

interface Follower {
  up(): boolean
  ask: Ask
  /** Wants a line now: a leader in a hidden tab, whose timers hardly run, tries again. */
  nudge(): void
  end(): void
}

export interface FollowParts extends TabParts {
  /** The server's word on this tab's own token; null: it is good. */
  check(): Promise<Partial<Problem> | null>
  refused(problem: Partial<Problem>): void
  /** Called with the lock held; keeps it until the promise that it gives is settled. */
  lead(): Promise<void>
  lost(error: unknown): void
}

/** Until the leader goes: then whoever waits longest leads. One that hangs is robbed of the lock. */
export function follow({ own, name, tab, channel, locks, check, refused, lead, lost }: FollowParts): Follower {
  const answers = new Map<number, (answer: unknown) => void>()
  const waiting = new AbortController()
  let [ended, good, up] = [false, false, false]
  let leader = ''
  let silent = 0
  let next = 0
  let timer: ReturnType<typeof setInterval> | undefined
  let release = () => {}

  const say = (said: Said) => channel.postMessage(said)
  function ping(nudge = false): void {
    say({ is: 'ping', from: tab, up, nudge })
  }

  function end(): void {
    ended = true
    clearInterval(timer)
    channel.onmessage = null
    release()
    dropped()
  }

  function dropped(): void {
    up = false
    for (const settle of [...answers.values()]) settle(null)
  }

  function took(): Promise<void> | undefined {
    if (ended) return
    end()
    return lead()
  }

  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.is === 'beat') {
      silent = 0
      if (!good) return
      // Another leader knows nothing of what this tab shows.
      const isOther = data.lead !== leader
      leader = data.lead
      if (up ? isOther || !data.up : data.failed) {
        dropped()
        own.tell('down', null)
      }
      if (data.ready && !up) {
        up = true
        own.tell('connect')
        own.tell('ready', data.ready)
      }
    } else if (data.is === 'tell' && up && (data.to ?? tab) === tab) own.tell(data.name, ...data.args)
    else if (data.is === 'answer' && data.to === tab) answers.get(data.id)?.(data.answer)
  }

  // The leader waits for this lock: when it gets it, this tab is gone, however it went.
  const here = () =>
    new Promise<void>((resolve) => {
      release = resolve
      if (ended) resolve()
    })
  locks.request(`${name} ${tab}`, here).catch(lost)
  locks.request(name, { signal: waiting.signal }, took).catch((error: unknown) => waiting.signal.aborted || lost(error))
  timer = setInterval(() => {
    if (silent++ < SILENCE) return ping()
    clearInterval(timer)
    waiting.abort()
    locks.request(name, { steal: true }, took).catch(lost)
  }, PING_MS)
  void check().then((problem) => {
    if (ended) return
    if (problem) return refused(problem)
    good = true
    ping(true)
  })

  return {
    up: () => up,
    nudge: () => ping(true),
    end() {
      waiting.abort()
      end()
    },
    ask: (event, body, timeoutMs) =>
      new Promise((resolve) => {
        if (!up) return resolve(null)
        const id = next++
        const settle = (answer: unknown) => {
          clearTimeout(late)
          answers.delete(id)
          resolve(answer as Reply<typeof event> | null)
        }
        const late = setTimeout(() => settle(null), timeoutMs)
        answers.set(id, settle)
        say({ is: 'ask', from: tab, id, event, body, ms: timeoutMs })
      }),
  }
}

export interface Leader {
  /** The leading tab's own asks come through here too: what is shown is the union over all tabs. */
  ask: Ask
  end(): void
}

export interface ServeParts extends TabParts {
  /** Events and calls before the first follower came. */
  ready: { event: ReadyEvent; at: number } | null
  asked: { [E in Event]?: unknown }
  said: Said[]
  now(): number
  hidden(): boolean
}

export function serve({ own, name, tab, channel, locks, ready, asked, said, now, hidden }: ServeParts): Leader {
  const tabs = new Set<string>([tab])
  const shown = new Map<string, string[]>()
  const badges = new Map<string, string[]>()
  const presence = new Map<string, unknown>()
  const replying = new Map<string, ReplyingEvent>()
  const waiting = new AbortController()

  const say = (one: Said) => channel.postMessage(one)
  const tell = (to: string | null, event: string, ...args: unknown[]) => say({ is: 'tell', to, name: event, args })
  const all = (lists: Map<string, string[]>) => [...new Set([...lists.values()].flat())]

  function beat(failed: boolean, isNew: boolean): void {
    const up = own.connected()
    const age = ready ? now() - ready.at : 0
    const event = ready && { ...ready.event, serverTime: new Date(Date.parse(ready.event.serverTime) + age).toISOString() }
    say({ is: 'beat', lead: tab, up, failed, ready: up && isNew ? event : null })
  }

  function view(from: string, { conversationId, replying, also = [] }: Body<'viewing'>): Body<'viewing'> {
    const mine = conversationId === null ? also : [conversationId, ...also]
    shown.set(from, mine)
    for (const id of presence.keys()) if (!all(shown).includes(id)) presence.delete(id)
    // Who is there is told by the server only when it changes.
    for (const id of mine)
      if (presence.has(id))
        if (from === tab) own.tell('presence', presence.get(id))
        else tell(from, 'presence', presence.get(id))
    return { conversationId, replying, also: all(shown).filter((id) => id !== conversationId) }
  }

  async function subscribe(from: string, { ids }: Body<'subscribe:coordinations'>, ms: number) {
    badges.set(from, ids)
    const answer = await own.ask('subscribe:coordinations', { ids: all(badges).slice(-MAX_BADGES) }, ms)
    // The numbers of the others were counted anew too, and are not told again.
    if (answer?.ok) {
      const { badges: unread, waiting, unfiled, unfiledSince } = answer
      own.tell('badges', unread, waiting, unfiled, unfiledSince)
      tell(null, 'badges', unread, waiting, unfiled, unfiledSince)
    }
    return answer
  }

  function askFor(from: string, event: Event, body: unknown, ms: number): Promise<unknown> {
    if (event === 'viewing') return own.ask('viewing', view(from, body as Body<'viewing'>), ms)
    if (event === 'subscribe:coordinations') return subscribe(from, body as Body<'subscribe:coordinations'>, ms)
    return (own.ask as (event: Event, body: unknown, ms: number) => Promise<unknown>)(event, body, ms)
  }

  function forget(from: string): void {
    tabs.delete(from)
    const wasShown = shown.delete(from)
    const hadBadges = badges.delete(from)
    if (!own.connected()) return
    const also = all(shown)
    if (wasShown) void own.ask('viewing', { conversationId: null, replying: false, also }, 10_000)
    if (hadBadges) void own.ask('subscribe:coordinations', { ids: all(badges).slice(-MAX_BADGES) }, 10_000)
  }

  function hear(one: Said): void {
    if (one.is !== 'ping' && one.is !== 'ask') return
    const { from } = one
    if (!tabs.has(from)) {
      tabs.add(from)
      locks.request(`${name} ${from}`, { signal: waiting.signal }, () => forget(from)).catch(() => {}) // we lead no more
    }
    if (one.is === 'ping') {
      beat(false, !one.up)
      if (!one.up) for (const event of replying.values()) tell(from, 'replying', event)
      if (one.nudge && !own.connected() && hidden()) own.tell('nudge')
    } else
      void askFor(from, one.event, one.body, one.ms).then((answer) => {
        if (!waiting.signal.aborted) say({ is: 'answer', to: from, id: one.id, answer })
      })
  }

  own.overheard = (event, args) => {
    if (event === 'ready') {
      ready = { event: args[0] as ReadyEvent, at: now() }
      return beat(false, true)
    }
    const part = event === 'organization' ? args[0] : event === 'channels' || event === 'settings' ? { [event]: args[0] } : null
    if (ready && part) ready = { ...ready, event: { ...ready.event, ...part } }
    if (event === 'presence') presence.set((args[0] as { conversationId: string }).conversationId, args[0])
    else if (event === 'replying') {
      const one = args[0] as ReplyingEvent
      if (one.agents.length > 0) replying.set(one.conversationId, one)
      else replying.delete(one.conversationId)
    } else if (event === 'down') for (const known of [presence, replying]) known.clear()
    if (!NOBODY_HEARS.has(event)) tell(null, event, ...args)
    else if (event === 'down') beat(true, false)
  }
  for (const event of ['viewing', 'subscribe:coordinations'] as const) {
    const body = asked[event]
    if (event === 'viewing' && body) view(tab, body as Body<'viewing'>)
    else if (body) badges.set(tab, (body as Body<'subscribe:coordinations'>).ids)
  }
  channel.onmessage = ({ data }: MessageEvent<Said>) => hear(data)
  for (const one of said) hear(one)
  beat(false, true)

  return {
    ask: (event, body, ms) => askFor(tab, event, body, ms) as Promise<Reply<typeof event> | null>,
    end() {
      own.overheard = null
      waiting.abort()
    },
  }
}
