// The widget's own client as one more view of an agent: widget/client, as a browser runs it. What it
// holds is read from the signals that the panel draws.
import { setImmediate as turn } from 'node:timers/promises'
import { effect } from '@preact/signals-core'
import type { OwnConversation, Message, Unread } from '../../shared/model.ts'
import { type Link, type LinkTimes, openLink } from '../../widget/client/link.ts'
import { barePage } from '../../widget/client/page.ts'
import { createTokenSource } from '../../widget/client/token.ts'
import type { Client, Thread } from '../../widget/client/client.ts'
import { createClient } from '../../widget/client/create-client.ts'
import { beatWhile } from './beat-while.ts'
import { createHeard, type Heard } from './heard.ts'

/** The widget's state at one moment. */
export interface WidgetHeld {
  link: string
  errors: readonly string[]
  unread: Unread
  rows: ReadonlyMap<string, OwnConversation>
  /** Of the threads that it shows. */
  threads: ReadonlyMap<string, readonly Message[]>
}

export interface WidgetView {
  heard: Heard
  held(): WidgetHeld
  /** Watches this row from now on. */
  notice(conversationId: string): void
  /** Shows this thread, and no more than a few at a time. */
  open(conversationId: string): void
  /** Through its queue of unsent messages. */
  send: (conversationId: string, ...what: Parameters<Thread['send']>) => ReturnType<Thread['send']>
  close(): void
}

/** As usual, and soon: a run is short. */
const times: LinkTimes = { firstRetryMs: 50, maxRetryMs: 400, ackMs: 8_000, pollMs: 2_000, upgradeMs: 2_000, tickMs: 1_000 }
/** Threads at a time, as a host shows several in its page. */
const SHOWN = 4

export function createWidgetView(origin: string, token: string, agentId: string): WidgetView {
  const log = createHeard(`the widget of ${agentId}`, agentId, false)
  const errors: string[] = []
  const page = barePage()
  const opened = new Map<string, { thread: Thread; close(): void }>()
  const noticed = new Map<string, () => void>()
  /** The conversation that the server was told to show. */
  let shown: readonly string[] = []
  let showing = 0
  let connection = 0
  let syncs = 0
  let closed = false

  const isWhole = (id: string) => {
    const thread = opened.get(id)?.thread
    return thread?.state.peek() === 'ready' && !thread.hasOlder.peek()
  }
  const tellShown = () => log.shows(shown.filter(isWhole))

  const own: { link?: Link } = {}
  const overheard = (link: Link): Link => ({
    ...link,
    async call(event, body) {
      const asked = event === 'viewing' ? (body as { conversationId: string | null; also?: string[] }) : null
      const ids = asked === null ? [] : [asked.conversationId ?? [], asked.also ?? []].flat()
      const turn = asked === null ? showing : ++showing
      if (asked !== null) {
        shown = []
        log.asksToShow(ids)
      }
      if (event === 'sync') syncs++
      try {
        const answer = await link.call(event, body)
        // Of several questions under way the server does as the last one says.
        if (asked !== null && answer.ok && turn === showing) {
          shown = ids
          tellShown()
        }
        return answer
      } finally {
        if (event === 'sync') syncs--
      }
    },
  })
  const client: Client = createClient({
    origin,
    page,
    onMessage: log.message,
    open(up) {
      const link = openLink({
        origin,
        tokens: createTokenSource({ token }),
        page,
        times,
        async onUp() {
          const before = connection
          const done = await up()
          if (done && link.socket.connected() && before === connection && !isUp()) log.up()
          return done
        },
        onExpired: () => errors.push('its token was refused'),
        onError: (error) => errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      })
      const over = () => {
        connection++
        log.down()
      }
      link.socket.on('connect', over)
      link.socket.on('down', over)
      own.link = link
      return overheard(link)
    },
  })
  const isUp = () => log.heard.lines.at(-1)?.to === Number.POSITIVE_INFINITY
  // As an agent who has the list in sight.
  void client.inbox

  beatWhile(
    () => !closed,
    async () => {
      const before = connection
      if (!own.link?.socket.connected()) return false
      const answer = await own.link.call('conversations:list', { limit: 1 })
      // Events that come during a sync are applied after it.
      await turn()
      return answer.ok && before === connection && syncs === 0
    },
    log,
  )

  function open(id: string): void {
    const known = opened.get(id)
    if (known !== undefined) {
      // The one that was looked at last.
      opened.delete(id)
      opened.set(id, known)
      return
    }
    const thread = client.openThread(id)
    let before = new Map<string, number>()
    const ends = [
      effect(() => {
        const now = thread.messages.value
        for (const one of now) if (before.get(one.id) !== one.rev) log.message(one)
        const ids = new Map(now.map((one) => [one.id, one.rev]))
        for (const gone of before.keys()) if (!ids.has(gone)) log.messageLeft(gone, id)
        before = ids
      }),
      effect(() => {
        if (thread.state.value !== 'ready') return
        if (thread.hasOlder.value) void thread.loadOlder()
        tellShown()
      }),
    ]
    const close = () => {
      for (const end of ends) end()
      opened.delete(id)
      thread.close()
    }
    opened.set(id, { thread, close })
    tellShown()
    if (opened.size > SHOWN) [...opened.values()][0]?.close()
  }

  return {
    heard: log.heard,
    held: () => ({
      link: client.link.value,
      errors,
      unread: client.unread.value,
      rows: new Map(
        [...noticed.keys()].flatMap((id) => {
          const row = client.conversation(id).value
          return row === undefined ? [] : [[id, row] as const]
        }),
      ),
      threads: new Map([...opened].filter(([id]) => isWhole(id)).map(([id, { thread }]) => [id, thread.messages.value])),
    }),
    notice(id) {
      if (noticed.has(id) || closed) return
      let known = false
      noticed.set(
        id,
        effect(() => {
          const row = client.conversation(id).value
          if (row !== undefined) {
            log.row(row)
            log.cursor(id, row.readSeq)
          } else if (known) log.rowLeft(id)
          known = row !== undefined
        }),
      )
    },
    open,
    async send(conversationId, ...what) {
      const thread = client.openThread(conversationId)
      try {
        return await thread.send(...what)
      } finally {
        thread.close()
      }
    },
    close() {
      closed = true
      for (const end of noticed.values()) end()
      for (const { close } of [...opened.values()]) close()
      client.close()
    },
  }
}
