// One socket for all tabs of one agent: whoever holds the lock has it, the others follow over a BroadcastChannel. The name
// holds everything that a token allows, so that tabs with another agent, role or scope never meet. Without locks
// (an insecure page) each tab is alone.
import { type Signal, signal } from '@preact/signals-core'
import type { ReadyEvent } from '../../shared/events.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Body, Event } from './http.ts'
import type { Page } from './page.ts'
import type { Said } from './tabs.ts'
import { toJson } from './to-json.ts'
import { type Claims, readClaims } from './token.ts'
import type { Socket } from './socket.ts'

/** Rises when tabs of different builds could no longer understand each other. */
const VERSION = 1

export interface SharedSocket extends Socket {
  /** This tab has the socket, or is alone. Of all tabs, this one makes sounds. */
  leads: Signal<boolean>
  /** Ends a line that seems dead; who leads goes on leading. */
  drop(): void
}

interface Group {
  name: string
  leads: boolean
  follower: ReturnType<typeof import('./tabs.ts').follow> | null
  leader: ReturnType<typeof import('./tabs.ts').serve> | null
  close(): void
}

/** All that a token allows. Two that have it in common may share everything. */
export function identityOf(origin: string, { org, sub, role, coordinations }: Claims): string {
  const scope = Array.isArray(coordinations) ? [...new Set(coordinations)].sort() : null
  return toJson([origin, org, sub, role, scope])
}

/** Null: unreadable; the server will say what is wrong with it. */
function nameOf(origin: string, token: string): string | null {
  const claims = readClaims(token)
  return claims && `hilo ${VERSION} ${identityOf(origin, claims)}`
}

/** `check`: what the server says of this tab's own token; null: it is good. A tab whose token is not does not follow. */
export function shareSocket(own: Socket, origin: string, page: Page, check: () => Promise<Partial<Problem> | null>): SharedSocket {
  const { tabs } = page
  const leads = signal(false)
  const asked: { [E in Event]?: unknown } = {}
  let ready: { event: ReadyEvent; at: number } | null = null
  let group: Group | null = null
  own.on('ready', (event) => {
    ready = { event, at: page.now() }
  })

  function leave(): void {
    const left = group
    group = null
    leads.value = false
    left?.follower?.end()
    left?.leader?.end()
    left?.close()
  }

  function moved(): void {
    leave()
    own.disconnect()
    own.tell('down', { code: 'moved' })
  }

  function alone(token: string): void {
    leave()
    leads.value = true
    own.connect(token)
  }

  function join(name: string, token: string): void {
    if (!tabs) return
    const { locks } = tabs
    const channel = tabs.channel(name)
    const load = () => import('./tabs.ts')
    const parts = { own, name, tab: page.newId(), channel, locks }
    let release = () => {}
    const close = () => {
      channel.close()
      release()
    }
    const mine: Group = { name, leads: false, follower: null, leader: null, close }
    group = mine
    /** Robbed of the lock; or, in a frame without storage of its own, never given any. */
    const lost = (error: unknown) => {
      if (group !== mine) return
      if ((error as Error).name === 'AbortError') moved()
      else alone(token)
    }

    function lead(): Promise<void> {
      mine.leads = true
      leads.value = true
      mine.follower = null
      const said: Said[] = []
      channel.onmessage = ({ data }) => {
        if (said.push(data) > 1) return
        // A second tab: what serves it is fetched now. Where it cannot be had, that tab takes the lock.
        load().then(
          ({ serve }) => {
            if (group === mine) mine.leader = serve({ ...parts, ready, asked, said, now: page.now, hidden: () => !page.visible() })
          },
          () => {},
        )
      }
      return new Promise((resolve) => {
        release = resolve
      })
    }

    locks
      .request(name, { ifAvailable: true }, async (lock) => {
        if (group !== mine) return
        if (!lock) return void followSoon()
        const held = lead()
        own.connect(token)
        await held
      })
      .catch(lost)

    async function followSoon(): Promise<void> {
      try {
        const { follow } = await load()
        if (group !== mine) return
        mine.follower = follow({
          ...parts,
          check,
          refused(problem) {
            leave()
            own.tell('down', problem)
          },
          async lead() {
            if (group !== mine) return
            const held = lead()
            own.tell('down', { code: 'moved' })
            await held
          },
          lost,
        })
      } catch {
        if (group === mine) alone(token)
      }
    }
  }

  function disconnect(): void {
    leave()
    own.disconnect()
  }

  return {
    ...own,
    leads,
    disconnect,
    drop() {
      if (!group?.leads) return disconnect()
      own.disconnect()
      own.overheard?.('down', [null])
    },
    connected: () => group?.follower?.up() ?? own.connected(),
    connect(token) {
      const name = nameOf(origin, token)
      if (!tabs || name === null) return alone(token)
      if (group?.name === name) {
        if (group.leads) own.connect(token)
        else group.follower?.nudge()
        return
      }
      leave()
      join(name, token)
    },
    ask(event, body, timeoutMs) {
      if (event === 'auth:refresh' && group) {
        const same = nameOf(origin, (body as Body<'auth:refresh'>).token) === group.name
        if (group.follower) {
          // Its token is shown to the server alone.
          moved()
          return Promise.resolve({ ok: true } as never)
        }
        // It may hold less than the others' now: they get a socket of their own.
        if (!same) {
          leave()
          leads.value = true
        }
      }
      asked[event] = body
      return (group?.follower ?? group?.leader ?? own).ask(event, body, timeoutMs)
    },
  }
}
