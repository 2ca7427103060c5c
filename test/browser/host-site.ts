// Somebody else's back office on an origin of its own: pages that embed the widget under a strict policy, and the address
// that signs its agents in.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** The parts of a host's page that a test may change. */
export interface HostPage {
  /** Inside of `body`. */
  html?: string
  /** Attributes of the script tag, as `data-theme="dark"`. Null: the page does not embed the widget. */
  attributes?: string | null
  lang?: string
  /** Rules of the host's own, which its policy then allows. */
  css?: string
  /** Directives that the page's policy has beside the strictest. */
  policy?: string
}

/** `location`: where a redirect leads, on any site. */
export interface TokenAnswer {
  status: number
  body: string
  location?: string
}

export interface HostSite {
  origin: string
  /** Where the page is; `agent` is who its token address signs in. */
  add(page: HostPage, agent: string): string
  /** The token address's answer for an agent. */
  tokens: Map<string, TokenAnswer>
  /** How often a token was asked for. */
  asked(agent: string): number
  close(): Promise<void>
}

/** @param chat where Hilo is, told once it is known: it must know this site's origin first. */
export async function startHostSite(chat: () => string): Promise<HostSite> {
  const pages: { page: HostPage; agent: string }[] = []
  const tokens = new Map<string, TokenAnswer>()
  const asked = new Map<string, number>()

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host')
    if (url.pathname === '/chat-token') {
      const agent = url.searchParams.get('agent') ?? ''
      asked.set(agent, (asked.get(agent) ?? 0) + 1)
      const { status, body, location } = tokens.get(agent) ?? { status: 401, body: '' }
      const type = body.startsWith('<') ? 'text/html' : 'application/json'
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...(location ? { location } : {}) }).end(body)
      return
    }
    if (url.pathname === '/login') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><form>Iniciar sesión</form>')
      return
    }
    if (url.pathname === '/hilo-worker.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(workerOf(chat()))
      return
    }
    const found = pages[Number(url.pathname.slice(1))]
    if (url.pathname === '/favicon.ico' || found === undefined) {
      response.writeHead(204).end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policyOf(chat(), found.page) })
    response.end(markupOf(chat(), found.page, found.agent))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    origin,
    tokens,
    asked: (agent) => asked.get(agent) ?? 0,
    add(page, agent) {
      return `${origin}/${pages.push({ page, agent }) - 1}`
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The worker file that docs/embedding.md has hosts serve, for this chat server. */
function workerOf(chat: string): string {
  const [, code] = /```js\n(\/\/ Hilo's notifications[^`]*(?:`[^`]+`[^`]*)?)```/.exec(readFileSync('docs/embedding.md', 'utf8')) ?? []
  if (code === undefined) throw new Error('docs/embedding.md holds no worker file.')
  return code.replace('https://chat.example.com', chat)
}

/** The strictest that a host can have (goals.md), and its own rules where it has some. */
function policyOf(chat: string, { css, attributes, policy }: HostPage): string {
  return [
    "default-src 'none'",
    `script-src ${chat}`,
    `connect-src 'self' ${chat} ${chat.replace(/^http/, 'ws')}`,
    `img-src ${chat}`,
    `media-src ${chat}`,
    ...(attributes?.includes('data-worker') ? ["worker-src 'self'"] : []),
    ...(css === undefined ? [] : ["style-src 'unsafe-inline'"]),
    ...(policy === undefined ? [] : [policy]),
  ].join('; ')
}

function markupOf(chat: string, { html = '', attributes = '', lang = 'es', css }: HostPage, agent: string): string {
  const embed =
    attributes === null ? '' : `<script async src="${chat}/widget.js" data-token-url="/chat-token?agent=${agent}" ${attributes}></script>`
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Coordinaciones</title>
${css === undefined ? '' : `<style>${css}</style>`}
${embed}
</head>
<body>
<main><h1>Coordinaciones</h1>
${html}
</main>
</body>
</html>
`
}
