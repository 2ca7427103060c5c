// The examples of docs/, as they stand there: their code blocks, on a site of a host that has its own sign-in.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'vite'

/** A named code block of a page in docs/. */
export function readExample(page: string, name: string): string {
  const text = readFileSync(join('docs', page), 'utf8')
  const [, code] = new RegExp(`<!-- example: ${name.replace('.', '\\.')} -->\\n\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
  if (code === undefined) throw new Error(`docs/${page} has no example "${name}".`)
  return code
}

/** As a host's own build makes it: bundled, with React or Vue from its packages. */
export async function bundle(name: string, code: string): Promise<string> {
  // Packages are found from here upwards.
  const folder = join('node_modules', '.cache', `examples-${process.pid}-${name}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), code)
  try {
    const result = await build({
      configFile: false,
      root: folder,
      mode: 'development',
      logLevel: 'error',
      define: {
        'process.env.NODE_ENV': '"development"',
        __VUE_OPTIONS_API__: 'false',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      },
      resolve: { alias: { vue: 'vue/dist/vue.esm-bundler.js' } },
      oxc: { jsx: { runtime: 'automatic' } },
      build: { write: false, minify: false, modulePreload: false, rolldownOptions: { input: join(folder, name) } },
    })
    const [chunk] = [result].flat().flatMap((one) => ('output' in one ? one.output.filter((file) => file.type === 'chunk') : []))
    if (!chunk) throw new Error(`${name} was not bundled.`)
    return chunk.code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface ExampleSite {
  origin: string
  /** Served under its path; the chat's address in it becomes the real one. */
  put(path: string, content: string, policy?: string): string
  /** Who is signed in; null: nobody. */
  agent: string | null
  close(): Promise<void>
}

const types: Record<string, string> = { html: 'text/html', js: 'text/javascript' }

export async function startExampleSite(chat: () => string, tokenOf: (agent: string) => string): Promise<ExampleSite> {
  const files = new Map<string, { content: string; policy: string | undefined }>()
  const real = (text: string) =>
    text.replaceAll('wss://chat.example.com', chat().replace('http', 'ws')).replaceAll('https://chat.example.com', chat())
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host')
    if (url.pathname === '/login') site.agent = url.searchParams.get('agent')
    if (url.pathname === '/logout') site.agent = null
    if (url.pathname === '/chat-token') {
      response.writeHead(site.agent === null ? 401 : 200, { 'content-type': 'application/json' })
      response.end(site.agent === null ? '{}' : JSON.stringify({ token: tokenOf(site.agent) }))
      return
    }
    const file = files.get(url.pathname)
    if (!file) return void response.writeHead(204).end()
    const type = types[url.pathname.split('.').at(-1) ?? ''] ?? 'text/plain'
    const policy = file.policy === undefined ? {} : { 'content-security-policy': real(file.policy).trim() }
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...policy }).end(real(file.content))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const site: ExampleSite = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    agent: 'ana',
    put(path, content, policy) {
      files.set(path, { content, policy })
      return site.origin + path
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}
