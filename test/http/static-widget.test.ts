// The widget's files as any page in the world may load them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import express from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerProblem, problemOf } from '../../server/http/problem-document.ts'
import { staticWidget } from '../../server/http/static-widget.ts'

const loader = '/* the loader */ void 0'
const chunk = 'export const chunk = "a chunk"'
let folder: string
let host: Server
let url: string

async function listen(widgetDir: string): Promise<{ host: Server; url: string }> {
  const app = express()
  app.use(staticWidget(widgetDir))
  app.use(((error, _request, response, _next) =>
    answerProblem(response, problemOf(error, pino({ level: 'silent' })))) as express.ErrorRequestHandler)
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { host: server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-widget-'))
  for (const [name, content] of [
    ['widget.js', loader],
    ['panel-Ab12cd34.js', chunk],
  ] as const) {
    await writeFile(join(folder, name), content)
    await writeFile(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }))
  }
  await writeFile(join(folder, 'manifest.json'), '{}')
  ;({ host, url } = await listen(folder))
})
afterAll(async () => {
  await new Promise((resolve) => host.close(resolve))
  await rm(folder, { recursive: true })
})

it('serves the loader under its fixed name, always checked again', async () => {
  const answer = await fetch(`${url}/widget.js`)
  expect(await answer.text()).toBe(loader)
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-cache')
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
})

it('is not sent again to whoever has it, also where a proxy made the ETag weak', async () => {
  const etag = (await fetch(`${url}/widget.js`)).headers.get('etag') ?? ''
  const statusOf = async (given: string) => (await fetch(`${url}/widget.js`, { headers: { 'if-none-match': given } })).status
  for (const given of [etag, `W/${etag}`, `"x", W/${etag}`, `"x",${etag} , "y"`, '*']) expect(await statusOf(given), given).toBe(304)
  for (const given of ['"x"', `${etag}x`, `W/"x", "y"`]) expect(await statusOf(given), given).toBe(200)
})

it('serves chunks for ever', async () => {
  const answer = await fetch(`${url}/panel-Ab12cd34.js`)
  expect(await answer.text()).toBe(chunk)
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect((await fetch(`${url}/panel-Ab12cd34.js`, { method: 'HEAD' })).headers.get('content-length')).toBeTruthy()
})

it('serves each file under any number of other addresses, for pages that could not load it', async () => {
  for (const [path, content] of [
    ['/again/1796000000000/panel-Ab12cd34.js', chunk],
    ['/again/7/widget.js', await (await fetch(`${url}/widget.js`)).text()],
  ] as const) {
    const answer = await fetch(url + path)
    expect([answer.status, await answer.text()]).toEqual([200, content])
  }
  for (const path of [
    '/again/x/widget.js',
    '/again/widget.js',
    '/again/1/2/widget.js',
    '/again/1/manifest.json',
    '/again/1/..%2fpackage.json',
  ])
    expect((await fetch(url + path)).status, path).toBe(404)
})

it('sends the gzipped twin to who takes it', async () => {
  const { request } = await import('node:http')
  const body = await new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
    request(`${url}/panel-Ab12cd34.js`, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (part: Buffer) => chunks.push(part))
      response.on('end', () => resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }))
    })
      .on('error', reject)
      .end()
  })
  expect(body.encoding).toBe('gzip')
  expect(gunzipSync(body.bytes).toString()).toBe(chunk)
  const plain = await fetch(`${url}/panel-Ab12cd34.js`, { headers: { 'accept-encoding': 'identity' } })
  expect(plain.headers.get('content-encoding')).toBeNull()
})

it('serves nothing else', async () => {
  for (const path of ['/manifest.json', '/panel-00000000.js', '/..%2fpackage.json', '/assets/..%2f..%2fpackage.json', '/widget.js.gz'])
    expect((await fetch(url + path)).status, path).toBe(404)
})

it('says plainly that a build is gone, to any page and to no cache', async () => {
  const answer = await fetch(`${url}/panel-00000000.js`)
  expect(answer.status).toBe(404)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

it('says what to do where the widget is not built', async () => {
  const empty = await listen(join(folder, 'nothing'))
  try {
    const answer = await fetch(`${empty.url}/widget.js`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('npm run build') })
  } finally {
    await new Promise((resolve) => empty.host.close(resolve))
  }
})
