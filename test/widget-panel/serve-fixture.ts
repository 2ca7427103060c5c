// Builds the panel's own page and serves it under the policy of a strict host: no inline style, no inline script.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { importAgain } from '../../widget/import-again.ts'

const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'"
const html =
  '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Panel</title></head><body><script type="module" src="/page.js"></script></body></html>'

/** In place of a client's photograph. */
function drawPicture(n: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 60"><rect width="80" height="60" fill="hsl(${n * 60} 30% 75%)"/><path d="M0 60 30 ${20 + n * 4} 50 45 62 30 80 60Z" fill="hsl(${n * 60} 30% 45%)"/><circle cx="62" cy="15" r="6" fill="#fff"/></svg>`
}

/** Where it is, and how to end it. */
export async function serveFixture(): Promise<{ url: string; close(): Promise<void> }> {
  const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url))
  const result = await build({
    configFile: false,
    root: fixtures,
    plugins: [importAgain()],
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      target: 'es2022',
      cssTarget: ['chrome123', 'safari17.5', 'firefox128'],
      write: false,
      modulePreload: false,
      minify: false,
      rolldownOptions: { input: `${fixtures}/page.ts`, output: { format: 'es', entryFileNames: 'page.js', chunkFileNames: '[name].js' } },
    },
  })
  const files = new Map<string, string>()
  for (const one of [result].flat().flatMap((built) => ('output' in built ? built.output : [])))
    if (one.type === 'chunk') files.set(`/${one.fileName}`, one.code)

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*/, '')
    const picture = /^\/picture-(\d)\.svg$/.exec(path)
    if (picture) return void response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(drawPicture(Number(picture[1])))
    const script = files.get(path)
    if (script === undefined && path !== '/') return void response.writeHead(404).end()
    const type = script === undefined ? 'text/html; charset=utf-8' : 'text/javascript; charset=utf-8'
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy, 'cache-control': 'no-store' })
    response.end(script ?? html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
