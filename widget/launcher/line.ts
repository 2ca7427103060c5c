// The launcher's side of the connection: opened once, its state followed for the button and told to the host as events.
import type { Connection, ConnectOptions, Snapshot } from '../client/entry.ts'
import type { Chunks } from './chunks.ts'
import type { Emitter } from './emitter.ts'
import { type InitOptions, tokensOf } from './options.ts'

/** A broken line shorter than this is nobody's business. */
const OFFLINE_AFTER_MS = 2000

export interface Line {
  /** Opens it, once; fails when its chunk does not come. */
  connect(): Promise<Connection>
  /** The chunk that is there or on its way; null: nobody asked for it yet. */
  opening(): Promise<Connection> | null
  snapshot(): Snapshot | null
  /** It was there once, or should be and is not. */
  shows(): boolean
  offline(): boolean
  end(): void
}

export interface LineParts extends Pick<ConnectOptions, 'origin'> {
  chunks: Chunks
  emitter: Emitter
  /** Null: destroyed. */
  options(): InitOptions | null
  attention(options: InitOptions): ConnectOptions['attention']
  fault(error: unknown): void
  onOpen(connection: Connection): void
  onChange(): void
}

export function createLine({ origin, chunks, emitter, options, attention, fault, onOpen, onChange }: LineParts): Line {
  let connection: Connection | null = null
  let connecting: Promise<Connection> | null = null
  let snapshot: Snapshot | null = null
  let offline = false
  let offlineSoon: ReturnType<typeof setTimeout> | undefined
  let wasReady = false
  let told = ''

  async function start(): Promise<Connection> {
    const { connect } = await chunks.connection()
    const given = options()
    if (!given) throw new Error('Hilo was destroyed while it loaded.')
    connection = connect({
      origin,
      tokens: tokensOf(given),
      attention: attention(given),
      onState: show,
      onExpired: () => emitter.emit('tokenexpired', snapshot?.problem ?? null),
      onError: fault,
      onMessage(message, conversation) {
        const { id, conversationId, coordinationId, channel, type, text, button } = message
        const detail = { id, conversationId, coordinationId, channel, type, text, contact: conversation?.contact ?? null }
        emitter.emit('message', detail)
        if (type === 'button') emitter.emit('action', { ...detail, button })
      },
    })
    onOpen(connection)
    return connection
  }

  function calm(): void {
    clearTimeout(offlineSoon)
    offlineSoon = undefined
  }

  function show(next: Snapshot): void {
    const before = snapshot
    snapshot = next
    const refused = next.link === 'refused'
    if (next.link === 'online' || next.link === 'slow' || refused) {
      calm()
      offline = refused
    } else
      offlineSoon ??= setTimeout(() => {
        offline = true
        onChange()
      }, OFFLINE_AFTER_MS)
    if (next.ready && !wasReady) {
      wasReady = true
      emitter.emit('ready', { agent: next.ready.agent, org: next.ready.org })
    }
    if (refused && before?.link !== 'refused') {
      emitter.emit('error', next.problem)
      // The server's sentence names the setting.
      console.error(`[Hilo] The server refused: ${next.problem?.detail}`)
    }
    const { version, total, conversations, awaitingReply } = next.unread
    const numbers = `${total},${conversations},${awaitingReply}`
    if (version >= 0 && numbers !== told) {
      told = numbers
      emitter.emit('unread', { total, conversations, awaitingReply })
    }
    onChange()
  }

  return {
    connect() {
      connecting ??= start().catch((error: unknown) => {
        connecting = null
        throw error
      })
      return connecting
    },
    opening: () => connecting,
    snapshot: () => snapshot,
    shows: () => wasReady || offline,
    offline: () => offline,
    end() {
      calm()
      connection?.close()
      connection = connecting = snapshot = null
      wasReady = offline = false
      told = ''
    },
  }
}
