// Ends an HTTP server in the time that a stop may take: what was asked whole is answered, everything else is let go.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface Stop {
  /** No new connections from now on; connections end with the answer under way, idle ones at once. May be called again. */
  begin(): void
  /** Resolves when the last connection has ended; the WebSockets' are given a moment for it. */
  end(): Promise<void>
}

/** A request that is still being sent may be finished for so long: a webhook is read within milliseconds. */
const HALF_A_REQUEST_MS = 2_000
/** After the sockets were closed: for those that do not answer the closing handshake. */
const HANDSHAKE_MS = 500
/** Leaves room for what comes after it within the ten seconds of a stop. */
const HARD_STOP_MS = 9_000
const LOOK_MS = 50

/** To be called before the server listens, so that it knows every connection. */
export function createStop(server: Server): Stop {
  const connections = new Set<Socket>()
  const upgraded = new Set<Duplex>()
  /** The request that each connection has under way. */
  const asked = new Map<Duplex, { request: IncomingMessage; response: ServerResponse }>()
  let stopping: Promise<void> | null = null

  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => {
      connections.delete(socket)
      upgraded.delete(socket)
      asked.delete(socket)
    })
  })
  server.prependListener('upgrade', (_request, socket) => upgraded.add(socket))
  server.prependListener('request', (request, response) => {
    // The client learns with the answer that its next request needs another connection, and does not lose it.
    if (stopping !== null) response.shouldKeepAlive = false
    const { socket } = request
    asked.set(socket, { request, response })
    response.once('close', () => {
      if (asked.get(socket)?.response === response) asked.delete(socket)
    })
  })

  function letGo(unlessAsked: boolean): void {
    for (const socket of connections) {
      if (upgraded.has(socket)) continue
      const under = asked.get(socket)
      if (!unlessAsked || under === undefined || !under.request.complete) socket.destroy()
    }
  }

  function begin(): Promise<void> {
    stopping ??= new Promise((resolve) => {
      for (const { response } of asked.values()) if (!response.headersSent) response.shouldKeepAlive = false
      // Opened by browsers for a request that may come; nothing was asked on them.
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
      const timers = [
        setInterval(() => server.closeIdleConnections(), LOOK_MS),
        setTimeout(() => letGo(true), HALF_A_REQUEST_MS),
        setTimeout(() => {
          for (const socket of connections) socket.destroy()
        }, HARD_STOP_MS),
      ]
      server.close(() => {
        for (const timer of timers) clearTimeout(timer)
        resolve()
      })
    })
    return stopping
  }

  return {
    begin: () => void begin(),
    async end() {
      const ended = begin()
      const patience = setTimeout(() => {
        for (const socket of upgraded) socket.destroy()
      }, HANDSHAKE_MS)
      await ended
      clearTimeout(patience)
    },
  }
}
