// A small router over node:http, for Twilio's API and for the phone page.
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface Call {
  request: IncomingMessage
  response: ServerResponse
  /** Path as it came, query left out. */
  path: string
  query: URLSearchParams
  /** The named parts of the route. */
  parts: Readonly<Record<string, string>>
  body: string
}

type Handler = (call: Call) => void | Promise<void>

interface Route {
  method: string
  pattern: RegExp
  handler: Handler
}

export interface Routes {
  /** `/a/:name` names a part; parts hold no slash. */
  add(method: string, path: string, handler: Handler): void
  find(method: string, path: string): { handler: Handler; parts: Record<string, string> } | null
}

export function createRoutes(): Routes {
  const routes: Route[] = []
  return {
    add(method, path, handler) {
      const source = path.replace(/[.()]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+?)')
      routes.push({ method, pattern: new RegExp(`^${source}$`), handler })
    },
    find(method, path) {
      for (const route of routes) {
        if (route.method !== method) continue
        const match = route.pattern.exec(path)
        if (match === null) continue
        const parts: Record<string, string> = {}
        for (const [name, value] of Object.entries(match.groups ?? {})) parts[name] = decode(value)
        return { handler: route.handler, parts }
      }
      return null
    },
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Path and query of a request, also behind a router that shortens `url`. */
export function splitUrl(request: IncomingMessage & { originalUrl?: string }): { path: string; query: URLSearchParams } {
  const url = request.originalUrl ?? request.url ?? '/'
  const at = url.indexOf('?')
  return at === -1 ? { path: url, query: new URLSearchParams() } : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) }
}

/** The whole body as text, or null when it is larger than `limit` bytes. */
export function readBody(request: IncomingMessage, limit = 256 * 1024): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
    })
    request.on('end', () => resolve(size > limit ? null : Buffer.concat(chunks).toString('utf8')))
    request.on('error', reject)
    request.on('close', () => resolve(null))
  })
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  if (response.destroyed || response.headersSent) return
  const text = JSON.stringify(body)
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), ...headers })
  response.end(text)
}
