// What a browser is answered that asks for a kept file: the right type, in part too, and nothing that would run under our name.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:net'
import { parse } from 'content-disposition'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MediaFiles, openMediaFiles } from '../../server/media/media-files.ts'
import { signMediaUrl } from '../../server/media/media-url.ts'
import type { Previews } from '../../server/media/previews.ts'
import { createServeMedia, type ServedMedia } from '../../server/media/serve-media.ts'
import { DomainError } from '../../shared/problems.ts'
import { until } from '../support/until.ts'
import { openOrigin, type Origin } from './origin.ts'

const now = Date.UTC(2026, 2, 2, 12)
const secret = 'a secret of the server'
const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, n) => n % 251))
const records = new Map<string, ServedMedia>()
let folder: string
let files: MediaFiles
let origin: Origin
let hash: string
/** What the maker of previews answers. */
let preview: Awaited<ReturnType<Previews>> = null

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-serve-'))
  files = await openMediaFiles({ databaseUrl: 'sqlite:unused', mediaDir: folder })
  ;({ hash } = await files.keep([bytes] as unknown as AsyncIterable<Uint8Array>, bytes.length))
  const serve = createServeMedia({
    files,
    secret,
    now: () => now,
    find: async (id) => records.get(id) ?? null,
    previews: async () => preview,
  })
  origin = await openOrigin((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(error instanceof DomainError ? error.problem.status : 500).end()
    })
  })
})
afterAll(async () => {
  await origin.close()
  await files.close()
  rmSync(folder, { recursive: true, force: true })
})

function put(contentType: string, filename: string | null = null): string {
  const id = `med-${records.size + 1}`
  records.set(id, { hash, contentType, filename })
  return signMediaUrl(origin.url, secret, id, now)
}
const get = (url: string, headers: Record<string, string> = {}, method = 'GET') => fetch(url, { headers, method })

describe('a kept file', () => {
  test('is given whole with its type, for as long as its address is good', async () => {
    const answer = await get(put('image/png', 'salón.png'))
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '100000',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': `private, max-age=${36 * 3600}, immutable`,
    })
  })

  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-', 0, 99_999],
    ['bytes=500-999', 500, 999],
    ['bytes=99999-', 99_999, 99_999],
    ['bytes=-10', 99_990, 99_999],
    ['bytes=90000-200000', 90_000, 99_999],
  ])('is given in part: %s', async (range, start, end) => {
    const answer = await get(put('video/mp4'), { Range: range })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/100000`)
    expect(answer.headers.get('content-length')).toBe(String(end - start + 1))
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes.subarray(start, end + 1))
  })

  test('has no part beyond its end', async () => {
    const answer = await get(put('video/mp4'), { Range: 'bytes=100000-' })
    expect(answer.status).toBe(416)
    expect(answer.headers.get('content-range')).toBe('bytes */100000')
    expect(await answer.text()).toBe('')
  })

  test.each(['bytes=', 'bytes=x-y', 'lines=1-2', 'bytes=0-9,20-29', 'bytes=9-0, nothing'])(
    'is given whole for a range such as %s',
    async (range) => {
      const answer = await get(put('video/mp4'), { Range: range })
      expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 100_000])
    },
  )

  test('is not mixed of two: a part of another file than was begun with is all of it', async () => {
    const url = put('video/mp4')
    const etag = (await get(url, {}, 'HEAD')).headers.get('etag') ?? ''
    expect((await get(url, { Range: 'bytes=0-9', 'If-Range': etag })).status).toBe(206)
    expect((await get(url, { Range: 'bytes=0-9', 'If-Range': '"another"' })).status).toBe(200)
  })

  test('is told of without being sent', async () => {
    const answer = await get(put('application/pdf', 'a.pdf'), {}, 'HEAD')
    expect([answer.status, answer.headers.get('content-length'), answer.headers.get('content-type')]).toEqual([
      200,
      '100000',
      'application/pdf',
    ])
    expect(await answer.text()).toBe('')
  })

  test('that a browser has already is not sent again', async () => {
    const url = put('image/png')
    const etag = (await get(url, {}, 'HEAD')).headers.get('etag') ?? ''
    expect((await get(url, { 'If-None-Match': `"x", W/${etag}` })).status).toBe(304)
    expect((await get(url, { 'If-None-Match': '"x"' })).status).toBe(200)
  })

  test('is closed when its reader goes away', async () => {
    const { pathname, search } = new URL(put('video/mp4'))
    const socket = connect(origin.port, '127.0.0.1')
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await new Promise((heard) => socket.once('data', heard))
    socket.destroy()
    await until(async () => (await origin.lines()) === 0)
  })
})

test.each([
  ['image/png', 'inline'],
  ['image/jpeg', 'inline'],
  ['audio/ogg', 'inline'],
  ['video/mp4', 'inline'],
  ['application/pdf', 'inline'],
  ['text/vcard', 'attachment'],
  ['text/plain', 'attachment'],
  ['application/msword', 'attachment'],
  ['image/heic', 'attachment'],
  // Never kept; were one there all the same, it would not be shown.
  ['image/svg+xml', 'attachment'],
  ['text/html', 'attachment'],
  ['application/xhtml+xml', 'attachment'],
])('%s is given as %s', async (contentType, as) => {
  const { headers } = await get(put(contentType, 'a'), {}, 'HEAD')
  expect(parse(headers.get('content-disposition') ?? '').type).toBe(as)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toMatch(contentType === 'application/pdf' ? /default-src 'none'/ : /sandbox/)
})

test.each(['salón "A".pdf', 'عقد.pdf', '👨‍👩‍👧.pdf', 'a;b=c\\d.pdf', 'a%20b.pdf', 'م'.repeat(120)])(
  'the name %s comes through a header whole',
  async (name) => {
    const { headers } = await get(put('application/pdf', name), {}, 'HEAD')
    expect(parse(headers.get('content-disposition') ?? '').parameters.filename).toBe(name)
  },
)

test('without a name there is none', async () => {
  expect((await get(put('application/pdf'), {}, 'HEAD')).headers.get('content-disposition')).toBe('inline')
})

describe('nothing is given', () => {
  test('to whoever made the address up, changed it, or comes too late', async () => {
    const url = new URL(put('image/png'))
    const with_ = (change: (copy: URL) => void) => {
      const copy = new URL(url)
      change(copy)
      return copy.href
    }
    const yesterday = signMediaUrl(origin.url, secret, 'med-1', now - 48 * 3_600_000)
    for (const wrong of [
      with_((one) => one.searchParams.delete('sig')),
      with_((one) => one.searchParams.delete('exp')),
      with_((one) => one.searchParams.set('sig', 'x'.repeat(43))),
      with_((one) => one.searchParams.set('exp', '99999999999')),
      with_((one) => (one.pathname = '/media/med-1')),
      with_((one) => (one.pathname = '/media/..%2f..%2fetc%2fpasswd')),
      signMediaUrl(origin.url, 'another secret', 'med-1', now),
      yesterday,
    ])
      expect((await get(wrong)).status, wrong).toBe(404)
    expect((await get(url.href)).status).toBe(200)
  })

  test('of what nobody has, nor of what is gone from the disk', async () => {
    expect((await get(signMediaUrl(origin.url, secret, 'unknown', now))).status).toBe(404)
    records.set('lost', { hash: '0'.repeat(64), contentType: 'image/png', filename: null })
    for (const method of ['GET', 'HEAD']) expect((await get(signMediaUrl(origin.url, secret, 'lost', now), {}, method)).status).toBe(404)
  })
})

describe('its preview', () => {
  function addresses(): [whole: string, small: string] {
    const whole = put('image/jpeg', 'salón.jpg')
    const id = /media\/([^?]+)/.exec(whole)?.[1] ?? ''
    return [whole, signMediaUrl(origin.url, secret, id, now, 'preview')]
  }

  test('is given under an address of its own, for as long as the file is', async () => {
    preview = Buffer.from('a small picture')
    const [whole, small] = addresses()
    const answer = await get(small, { Range: 'bytes=0-3' })
    expect([answer.status, await answer.text()]).toEqual([200, 'a small picture'])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-length': '15',
      etag: `"${hash}-preview"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': `private, max-age=${36 * 3600}, immutable`,
    })
    expect((await get(small, { 'If-None-Match': answer.headers.get('etag') ?? '' })).status).toBe(304)
    const head = await get(small, {}, 'HEAD')
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['15', ''])
    expect((await get(whole)).headers.get('content-length')).toBe('100000')
  })

  test('gives the file itself where there is none, and asks to come again', async () => {
    preview = null
    const answer = await get(addresses()[1])
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
    expect(Object.fromEntries(answer.headers)).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=60' })
  })

  test('is not given by the address of the file, nor the file by that of the preview', async () => {
    const [whole, small] = addresses()
    expect((await get(whole.replace('?', '?size=preview&'))).status).toBe(404)
    expect((await get(small.replace('size=preview&', ''))).status).toBe(404)
  })
})
