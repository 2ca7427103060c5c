// Node's HTTP server as Hilo needs it: which requests become WebSockets, how long an idle connection is kept, and one
// form for the address that was asked for. Knows nothing of what is answered.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { TOKEN_CHARS } from '../../shared/token-limit.ts'

/** How long a client may take to send its headers, and the whole request, past what an idle connection is given. */
const HEADERS_AFTER_MS = 5_000
const REQUEST_AFTER_MS = 240_000
/** A token at its longest, and what browsers, proxies and tracing (`baggage`: 8 kB) put beside it. */
const HEADER_BYTES = 2 * TOKEN_CHARS

export interface HttpServerOptions {
  keepAliveSeconds: number
  /** Whether sockets can be opened by now. */
  takesSockets(): boolean
}

export function createHttpServer({ keepAliveSeconds, takesSockets }: HttpServerOptions, answer: RequestListener): Server {
  const keepAliveTimeout = keepAliveSeconds * 1000
  const headersTimeout = keepAliveTimeout + HEADERS_AFTER_MS
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      keepAliveTimeout,
      headersTimeout,
      requestTimeout: headersTimeout + REQUEST_AFTER_MS,
      // Any other offer (h2c, as Java's client makes it with every call) is answered as if it were not there (RFC 9110, 7.8).
      shouldUpgradeCallback: (request) => takesSockets() && asksForSocket(request),
    },
    (request, response) => {
      request.url = originForm(request.url)
      answer(request, response)
    },
  )
  server.prependListener('upgrade', (request) => {
    request.url = originForm(request.url)
  })
  return server
}

function asksForSocket({ method, headers, url }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && originForm(url).startsWith('/socket.io/')
}

/** `http://host/path` on the request line is `/path` (RFC 9112, 3.2.2): whose it is was never read from the request. */
function originForm(url = '/'): string {
  const path = url.replace(/^https?:\/\/[^/?]*/i, '')
  return path.startsWith('?') || path === '' ? `/${path}` : path
}
