// `npm run look`: every component in every state on one page, for development: wide, narrow, light and dark.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { states } from './fixtures/states.ts'
import { serveFixture } from './serve-fixture.ts'

const fixture = await serveFixture()
const style = `body{margin:16px;font:14px system-ui;background:Canvas;color:CanvasText;color-scheme:light dark}
nav a{margin-right:12px}main{display:flex;flex-wrap:wrap;gap:16px;margin-top:16px}
figure{margin:0}figcaption{padding:0 0 4px}iframe{border:1px solid GrayText;border-radius:4px;background:Canvas}`

/** A frame for each state; they load as one scrolls to them. */
function pageOf(theme: string, width: number, locale: string): string {
  const links = [
    ['light', 520],
    ['dark', 520],
    ['light', 390],
    ['dark', 390],
  ].map(([to, wide]) => `<a href="/?theme=${to}&width=${wide}&locale=${locale}">${to}, ${wide} px</a>`)
  for (const to of ['es', 'en', 'pt']) links.push(`<a href="/?theme=${theme}&width=${width}&locale=${to}">${to}</a>`)
  const frames = Object.keys(states).map((name) => {
    const url = `${fixture.url}/?state=${name}&theme=${theme}&locale=${locale}`
    return `<figure><figcaption><a href="${url}">${name}</a></figcaption><iframe loading="lazy" width="${width}" height="760" title="${name}" src="${url}"></iframe></figure>`
  })
  return `<!doctype html><meta charset="utf-8"><title>Hilo: every state</title><style>${style}</style><nav>${links.join('')}</nav><main>${frames.join('')}</main>`
}

const server = createServer((request, response) => {
  const asked = new URL(request.url ?? '/', 'http://localhost').searchParams
  const theme = asked.get('theme') === 'dark' ? 'dark' : 'light'
  const locale = ['en', 'pt'].find((one) => one === asked.get('locale')) ?? 'es'
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(pageOf(theme, asked.get('width') === '390' ? 390 : 520, locale))
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`Every state of the widget: http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
})
