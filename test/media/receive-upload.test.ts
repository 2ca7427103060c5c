// Uploads of agents' pages: streamed, judged by their bytes, refused with an answer that arrives, and nothing is left of half of one.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type MediaFiles, openMediaFiles } from '../../server/media/media-files.ts'
import { createReceiveUpload, type Upload } from '../../server/media/receive-upload.ts'
import { DomainError } from '../../shared/problems.ts'
import { until } from '../support/until.ts'
import { openOrigin, type Origin } from './origin.ts'
import { html, jpeg, mp4, pdf, png, svg } from './samples.ts'

const MB = 1024 * 1024
let folder: string
let files: MediaFiles
let origin: Origin
let saved: Upload<string>[]
let failures: unknown[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-upload-'))
  files = await openMediaFiles({ databaseUrl: 'sqlite:unused', mediaDir: folder })
  saved = []
  failures = []
  const receive = createReceiveUpload<string, { id: string }>({
    files,
    save: async (upload) => ({ id: `med-${saved.push(upload)}` }),
  })
  origin = await openOrigin((request, response) => {
    receive(request, 'agent-ana').then(
      (media) => response.writeHead(201).end(JSON.stringify(media)),
      (error: unknown) => {
        failures.push(error)
        response.writeHead(error instanceof DomainError ? error.problem.status : 500).end()
      },
    )
  })
})
afterEach(async () => {
  await origin.close()
  await files.close()
  rmSync(folder, { recursive: true, force: true })
})

const form = (bytes: Uint8Array<ArrayBuffer>, name = 'foto.png', type = 'image/png', field = 'file') => {
  const data = new FormData()
  data.append('note', 'beside it')
  data.append(field, new Blob([bytes], { type }), name)
  return data
}
const copy = (bytes: Uint8Array) => new Uint8Array(bytes)
const send = (body: string | FormData, headers: Record<string, string> = {}) => fetch(origin.url, { method: 'POST', body, headers })
/** Files that are there in any way, also half ones. */
const sizes = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false })?.size)
const left = () => sizes().length

describe('an upload', () => {
  test('is kept as what its bytes are, under a clean name, and saved once', async () => {
    const answer = await send(form(copy(jpeg(40, 30)), 'fotos/salón.png', 'image/png'))
    expect([answer.status, await answer.json()]).toEqual([201, { id: 'med-1' }])
    expect(saved).toEqual([
      expect.objectContaining({ contentType: 'image/jpeg', size: 53, width: 40, height: 30, filename: 'salón.png.jpg', by: 'agent-ana' }),
    ])
    expect(await files.size(saved[0]?.hash ?? '')).toBe(53)
  })

  test.each([
    ['a page', html, 'text/html', 415],
    ['a page said to be a picture', html, 'image/png', 415],
    ['a picture that a script runs in', svg, 'image/svg+xml', 415],
    ['letters that no channel sends', Buffer.from('hola'), 'text/plain', 415],
    ['nothing', Buffer.alloc(0), 'image/png', 422],
  ])('of %s is refused, and nothing is left', async (_, bytes, type, status) => {
    expect((await send(form(copy(bytes), 'x', type))).status).toBe(status)
    expect(saved).toEqual([])
    expect(left()).toBe(0)
  })

  test.each([
    ['a picture of 5 MB', png(), 5 * MB, 201],
    ['a picture of a byte more', png(), 5 * MB + 1, 413],
    ['a film of 16 MB', mp4, 16 * MB, 201],
    ['a film of a byte more', mp4, 16 * MB + 1, 413],
  ])('of %s is answered as it should be', async (_, head, size, status) => {
    const bytes = new Uint8Array(size)
    bytes.set(head)
    expect((await send(form(bytes, 'x', 'application/octet-stream'))).status).toBe(status)
    expect(left()).toBe(status === 201 ? 1 : 0)
  })

  test.each([
    ['no form', '{}', { 'content-type': 'application/json' }, 415],
    ['a form without a boundary', 'x', { 'content-type': 'multipart/form-data' }, 415],
    ['a form that is none', 'x', { 'content-type': 'multipart/form-data; boundary=abc' }, 422],
    [
      'a form that ends in its file',
      `--abc\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n${pdf}`,
      { 'content-type': 'multipart/form-data; boundary=abc' },
      422,
    ],
    [
      'a form that ends after its file',
      `--abc\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n${pdf}\r\n--abc\r\nContent-Disposition: form-data; name="x"\r\n\r\nhal`,
      { 'content-type': 'multipart/form-data; boundary=abc' },
      422,
    ],
  ])('that is %s is refused', async (_, body, headers, status) => {
    expect((await send(body, headers as unknown as Record<string, string>)).status).toBe(status)
    expect(saved).toEqual([])
    expect(left()).toBe(0)
  })

  test('in another field is none; of two the first is taken', async () => {
    expect((await send(form(copy(png()), 'a.png', 'image/png', 'picture'))).status).toBe(422)
    const two = form(copy(png()), 'a.png')
    two.append('file', new Blob([copy(pdf)]), 'b.pdf')
    expect((await send(two)).status).toBe(201)
    expect(saved.map(({ filename }) => filename)).toEqual(['a.png'])
    expect(left()).toBe(1)
  })
})

describe('a body', () => {
  const open = () => {
    const socket = connect(origin.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=abc\r\nTransfer-Encoding: chunked\r\n\r\n')
    const write = (bytes: Uint8Array) =>
      socket.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]))
    write(Buffer.from('--abc\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'))
    return { socket, write }
  }

  test('that is cut in the middle leaves nothing, and is not saved', async () => {
    const { socket, write } = open()
    write(Buffer.concat([mp4, Buffer.alloc(300_000)]))
    await until(() => left() === 1)
    socket.destroy()
    await until(() => failures.length === 1)
    await until(() => left() === 0)
    expect(failures[0]).toMatchObject({ code: 'validation_failed' })
    expect(saved).toEqual([])
  })

  test('that is cut after its file is not saved either', async () => {
    const { socket, write } = open()
    const bytes = Buffer.concat([mp4, Buffer.alloc(300_000)])
    write(bytes)
    write(Buffer.from('\r\n--abc\r\nContent-Disposition: form-data; name="x"\r\n\r\nha'))
    await until(() => sizes().includes(bytes.length))
    socket.destroy()
    await until(() => failures.length === 1)
    await until(() => left() === 0)
    expect(saved).toEqual([])
  })

  test('that never ends is answered when it is too much, and cut when it still goes on', async () => {
    const { socket, write } = open()
    let heard = ''
    socket.setEncoding('latin1').on('data', (text) => (heard += text))
    write(mp4)
    let sent = 0
    await new Promise<void>((closed) => {
      socket.once('close', () => closed())
      const more = () => {
        while (!socket.destroyed && sent < 200 * MB) {
          sent += MB
          if (!write(Buffer.alloc(MB))) return void socket.once('drain', more)
        }
      }
      more()
    })
    expect(heard).toMatch(/^HTTP\/1\.1 413/)
    expect(sent).toBeLessThan(100 * MB)
    expect(left()).toBe(0)
    expect(saved).toEqual([])
  })
})

test('bytes that nobody could save are told as the fault of the place', async () => {
  const receive = createReceiveUpload<string, never>({
    files,
    save: async () => {
      throw new DomainError('unavailable', 'The database does not answer.')
    },
  })
  const failing = await openOrigin((request, response) => {
    receive(request, 'agent-ana').catch((error: unknown) =>
      response.writeHead(error instanceof DomainError ? error.problem.status : 500).end(),
    )
  })
  expect((await fetch(failing.url, { method: 'POST', body: form(copy(png())) })).status).toBe(503)
  await failing.close()
})
