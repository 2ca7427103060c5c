// Media from hostile places: what is fetched, from where, with whose credentials, how much of it, and what is left of what was refused.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFetchMedia, type FetchMediaSettings } from '../../server/media/fetch-media.ts'
import { type MediaFiles, openMediaFiles } from '../../server/media/media-files.ts'
import { until } from '../support/until.ts'
import { type Answer, openOrigin, type Origin } from './origin.ts'
import { amr, docx, elf, gif, html, jpeg, m4a, mp4, opus, pdf, png, svg, vcard, webp, zip } from './samples.ts'
import { testCertificate } from './test-certificate.ts'

const MB = 1024 * 1024
const account = 'AC00000000000000000000000000000001'
const twilio = { accountSid: account, authTokens: ['a-token'], apiKey: null, apiUrl: null }
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
const ours = basic(`${account}:a-token`)
const mediaPath = `/2010-04-01/Accounts/${account}/Messages/MM00000000000000000000000000000001/Media/ME00000000000000000000000000000001`
/** A public address that stands for a server of the test. */
const PUBLIC = '93.184.216.34'

let folder: string
let files: MediaFiles
const origins: Origin[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-fetch-'))
  files = await openMediaFiles({ databaseUrl: 'sqlite:unused', mediaDir: folder })
})
afterEach(async () => {
  for (const origin of origins.splice(0)) await origin.close()
  await files.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(answer: Answer, options: { secure?: boolean } = {}): Promise<Origin> {
  const origin = await openOrigin(answer, options)
  origins.push(origin)
  return origin
}
const give =
  (bytes: Uint8Array, headers: Record<string, string> = {}, status = 200): Answer =>
  (_request, response) =>
    void response.writeHead(status, headers).end(bytes)
const redirect =
  (to: string, status = 307): Answer =>
  (_request, response) =>
    void response.writeHead(status, { Location: to }).end()

/** Every name leads to a public address, and that to this machine. */
const asPublic = (origin?: Origin) => ({
  lookup: async () => [PUBLIC],
  connect: (address: string, port: number) => connect({ host: address === PUBLIC ? '127.0.0.1' : address, port: origin?.port ?? port }),
  tls: { ca: testCertificate.cert },
})
/** Leads every address to the test's server, and notes which it was. */
const noting = (connected: string[], origin: Origin) => (address: string) => {
  connected.push(address)
  return connect(origin.port, '127.0.0.1')
}
/** As the operator configures it who has a simulator or a proxy: `TWILIO_API_URL` is this server. */
const beside = (origin: Origin, more: Partial<FetchMediaSettings> = {}) =>
  createFetchMedia({ files, twilio: { ...twilio, apiUrl: origin.url }, ...more })
async function kept(): Promise<string[]> {
  const hashes: string[] = []
  for await (const hash of files.list()) hashes.push(hash)
  return hashes
}

describe('a file of a message', () => {
  test('is kept under its hash, with its type, its size on the page and its name', async () => {
    const bytes = jpeg(40, 30)
    const origin = await open(give(bytes, { 'Content-Disposition': "inline; filename*=UTF-8''Sal%C3%B3n%20A.jpg" }))
    const hash = createHash('sha256').update(bytes).digest('hex')
    expect(await beside(origin)(origin.url + mediaPath, 'whatsapp', 'image/jpeg')).toEqual({
      ...{ outcome: 'kept', hash, size: bytes.length, contentType: 'image/jpeg', width: 40, height: 30, filename: 'Salón A.jpg' },
    })
    const found = await files.open(hash)
    expect(found && (await buffer(found.stream))).toEqual(bytes)
  })

  test('that a camera turned is measured as it is shown', async () => {
    const origin = await open(give(jpeg(40, 30, 6)))
    expect(await beside(origin)(origin.url, 'whatsapp', 'image/jpeg')).toMatchObject({ width: 30, height: 40 })
  })

  test.each([
    ['image/png', png(), 'image/png'],
    ['image/gif', gif, 'image/gif'],
    ['image/webp', webp, 'image/webp'],
    ['audio/ogg; codecs=opus', opus, 'audio/ogg'],
    ['audio/amr', amr, 'audio/amr'],
    ['audio/mp4', m4a, 'audio/mp4'],
    ['audio/mp4', mp4, 'audio/mp4'],
    ['video/mp4', mp4, 'video/mp4'],
    ['application/pdf', pdf, 'application/pdf'],
    ['text/vcard', vcard, 'text/vcard'],
    ['text/x-vcard; charset=utf-8', vcard, 'text/vcard'],
    ['application/octet-stream', docx, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['text/plain', Buffer.from('una nota, con acentos: ñandú'), 'text/plain'],
    ['', pdf, 'application/pdf'],
  ])('said to be %s is what its bytes say', async (declared, bytes, contentType) => {
    const origin = await open(give(bytes))
    expect(await beside(origin)(origin.url, 'whatsapp', declared)).toMatchObject({ outcome: 'kept', contentType })
  })

  test.each([
    ['a name with a path', 'attachment; filename="../../../etc/cron.d/evil"', 'evil.pdf'],
    ['one of another system', 'attachment; filename="C:\\\\Windows\\\\factura.pdf"', 'factura.pdf'],
    ['a program’s ending', "attachment; filename*=UTF-8''factura.pdf.exe", 'factura.pdf.exe.pdf'],
    ['control signs', "attachment; filename*=UTF-8''a%00b%0D%0Ac.pdf", 'abc.pdf'],
    ['signs that turn the direction', "attachment; filename*=UTF-8''fdp%E2%80%AEexe.pdf", 'fdpexe.pdf'],
    ['nothing but dots', 'attachment; filename=".."', null],
    ['a header that is none', 'attachment; filename=', null],
    ['no header', undefined, null],
  ])('under %s has a plain name', async (_, header, filename) => {
    const origin = await open(give(pdf, header === undefined ? {} : { 'Content-Disposition': header }))
    expect(await beside(origin)(origin.url, 'whatsapp', 'application/pdf')).toMatchObject({ outcome: 'kept', filename })
  })
})

describe('credentials', () => {
  const withTls = (origin: Origin, more: Partial<FetchMediaSettings> = {}) =>
    createFetchMedia({ files, twilio, line: asPublic(origin), ...more })

  test.each([
    ['Twilio’s API', `https://api.twilio.com${mediaPath}`, ours],
    ['one of its regions', `https://api.dublin.ie1.twilio.com${mediaPath}`, ours],
    ['its file host', 'https://mms.twiliocdn.com/x', null],
    ['another host of Twilio’s', 'https://www.twilio.com/x', null],
    ['another host', 'https://media.example.com/x', null],
    ['a name that begins like it', `https://api.twilio.com.example.com${mediaPath}`, null],
    ['a name in front', 'https://api.twilio.com@media.example.com/x', null],
    ['another port', `https://api.twilio.com:8443${mediaPath}`, null],
  ])('M4, M5: go over https to Twilio’s API alone: %s', async (_, url, authorization) => {
    const origin = await open(give(png()), { secure: true })
    expect(await withTls(origin)(url, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
    expect(origin.hits).toEqual([expect.objectContaining({ authorization, host: new URL(url).host })])
  })

  test.each(['http://api.twilio.com', 'http://api.twilio.com.example.com', 'http://api-twilio.com'])(
    'M5, M6: do not go to %s',
    async (host) => {
      const origin = await open(give(png()))
      expect(await withTls(origin)(host + mediaPath, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
      expect(origin.hits).toEqual([expect.objectContaining({ authorization: null })])
    },
  )

  test('are those of the API key where there is one', async () => {
    const origin = await open(give(png()), { secure: true })
    const apiKey = { sid: 'SK1', secret: 'its-secret' }
    await withTls(origin, { twilio: { ...twilio, apiKey } })(`https://api.twilio.com${mediaPath}`, 'whatsapp', 'image/png')
    expect(origin.hits).toEqual([expect.objectContaining({ authorization: basic('SK1:its-secret') })])
  })

  test('do not cross a redirect, not even back to where they came from', async () => {
    const origin = await open(
      (request, response) => (request.url === mediaPath ? redirect('/elsewhere')(request, response) : give(png())(request, response)),
      { secure: true },
    )
    expect(await withTls(origin)(`https://api.twilio.com${mediaPath}`, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
    expect(origin.hits.map(({ path, authorization }) => [path, authorization])).toEqual([
      [mediaPath, ours],
      ['/elsewhere', null],
    ])
  })

  test('are given to a server with a false certificate by nobody', async () => {
    const origin = await open(give(png()), { secure: true })
    const { ca: _, ...tls } = asPublic(origin).tls
    const fetch = withTls(origin, { line: { ...asPublic(origin), tls } })
    expect(await fetch(`https://api.twilio.com${mediaPath}`, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'failed', retry: true })
    expect(origin.hits).toEqual([])
  })

  test('and what else only we reach are not for an address that the host app names', async () => {
    const secure = await open(give(png()), { secure: true })
    expect(await withTls(secure)(`https://api.twilio.com${mediaPath}`, 'whatsapp', '', 'host')).toMatchObject({ outcome: 'kept' })
    expect(secure.hits).toEqual([expect.objectContaining({ authorization: null })])
    const simulator = await open(give(png()))
    expect(await beside(simulator)(simulator.url + mediaPath, 'whatsapp', '', 'host')).toEqual({ outcome: 'blocked', reason: 'address' })
    expect(simulator.hits).toEqual([])
  })

  test('go to TWILIO_API_URL, which may be private and stands for Twilio’s own address', async () => {
    const origin = await open(give(png()))
    expect(await beside(origin)(origin.url + mediaPath, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
    expect(await beside(origin)(`https://api.twilio.com${mediaPath}`, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
    const hit = expect.objectContaining({ path: mediaPath, authorization: ours })
    expect(origin.hits).toEqual([hit, hit])
  })
})

describe('M7: an address that leads in here', () => {
  const blocked = { outcome: 'blocked', reason: 'address' }

  test('is refused by its name or number, with nothing connected', async () => {
    const origin = await open(give(png()))
    const connected: string[] = []
    const line = { connect: noting(connected, origin) }
    const fetch = createFetchMedia({ files, twilio, line })
    for (const url of [
      `${origin.url}/x`,
      `http://localhost:${origin.port}/`,
      `http://[::1]:${origin.port}/`,
      `http://[::ffff:127.0.0.1]:${origin.port}/`,
      `http://2130706433:${origin.port}/`,
      `http://0x7f.1:${origin.port}/`,
      'http://169.254.169.254/latest/meta-data/',
      'http://metadata.google.internal/computeMetadata/v1/',
      'http://10.0.0.1/',
      'file:///etc/passwd',
      'ftp://93.184.216.34/x',
      'data:image/png;base64,AAAA',
      'gopher://x/',
      'no address',
      '',
    ])
      expect(await fetch(url, 'whatsapp', 'image/png'), url).toEqual(blocked)
    expect(connected).toEqual([])
    expect(origin.hits).toEqual([])
  })

  test.each([[['127.0.0.1']], [['10.0.0.1']], [['::1']], [['::ffff:169.254.169.254']], [[PUBLIC, '192.168.0.1']], [['64:ff9b::a00:1']]])(
    'is refused by what DNS answers: %j',
    async (addresses) => {
      const origin = await open(give(png()))
      const line = { ...asPublic(origin), lookup: async () => addresses }
      expect(await createFetchMedia({ files, twilio, line })('http://media.example.com/x', 'whatsapp', 'image/png')).toEqual(blocked)
      expect(origin.hits).toEqual([])
    },
  )

  test('is not let in by a second answer of DNS: the address that was looked at is the one that is connected', async () => {
    const origin = await open(give(png()))
    const answers = [[PUBLIC], ['127.0.0.1']]
    const connected: string[] = []
    const line = {
      lookup: async () => answers.shift() ?? ['127.0.0.1'],
      connect: noting(connected, origin),
    }
    const fetch = createFetchMedia({ files, twilio, line })
    expect(await fetch('http://media.example.com/x', 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
    expect(connected).toEqual([PUBLIC])
    expect(await fetch('http://media.example.com/x', 'whatsapp', 'image/png')).toEqual(blocked)
    expect(connected).toEqual([PUBLIC])
  })

  test.each([301, 302, 303, 307, 308])('is refused behind a redirect (%i)', async (status) => {
    const inside = await open(give(png()))
    const origin = await open(redirect(`${inside.url}/secret`, status))
    const fetch = createFetchMedia({ files, twilio, line: { ...asPublic(), connect: (_, port) => connect(port, '127.0.0.1') } })
    expect(await fetch(`http://media.example.com:${origin.port}/x`, 'whatsapp', 'image/png')).toEqual(blocked)
    expect(inside.hits).toEqual([])
  })

  test('is refused behind a redirect of the simulator’s own, and another host cannot lead to that', async () => {
    const inside = await open(give(png()))
    const simulator = await open((request, response) =>
      (request.url === '/out' ? redirect(inside.url) : request.url === '/moved' ? redirect('/here') : give(png()))(request, response),
    )
    expect(await beside(simulator)(`${simulator.url}/out`, 'whatsapp', 'image/png')).toEqual(blocked)
    expect(inside.hits).toEqual([])
    expect(await beside(simulator)(`${simulator.url}/moved`, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
    expect(simulator.hits.slice(-2).map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/moved', ours],
      ['/here', null],
    ])
    const outside = await open(redirect(`${simulator.url}/here`))
    const before = simulator.hits.length
    expect(await beside(simulator, { line: asPublic(outside) })('http://media.example.com/x', 'whatsapp', 'image/png')).toEqual(blocked)
    expect(simulator.hits.length).toBe(before)
  })

  test('is refused where https leads to less', async () => {
    const origin = await open(redirect('http://media.example.com/x'), { secure: true })
    const fetch = createFetchMedia({ files, twilio, line: asPublic(origin) })
    expect(await fetch('https://media.example.com/x', 'whatsapp', 'image/png')).toEqual(blocked)
  })

  test('that only leads round is given up', async () => {
    const origin = await open(redirect('/x'))
    expect(await beside(origin)(`${origin.url}/x`, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'failed', retry: false })
    expect(origin.hits.length).toBeLessThanOrEqual(4)
  })
})

describe('what is too much', () => {
  const tooLarge = { outcome: 'blocked', reason: 'too_large' }
  /** Writes for as long as anybody reads. */
  const endless =
    (head: Uint8Array, told: (sent: number) => void): Answer =>
    (_request, response) => {
      response.writeHead(200)
      let sent = head.length
      const more = (): void => {
        while (!response.destroyed && sent < 1024 * MB) {
          sent += 64 * 1024
          told(sent)
          if (!response.write(Buffer.alloc(64 * 1024))) return void response.once('drain', more)
        }
        response.end()
      }
      response.write(head)
      more()
    }

  test('is cut at the limit: of a gigabyte some of it is sent, nothing is kept, the line ends', async () => {
    let most = 0
    const origin = await open(endless(png(), (sent) => (most = Math.max(most, sent))))
    expect(await beside(origin)(origin.url, 'whatsapp', 'image/png')).toEqual(tooLarge)
    // Besides what it reads, the lines of the system hold some.
    expect(most).toBeLessThan(64 * MB)
    expect(await kept()).toEqual([])
    await until(async () => (await origin.lines()) === 0)
  })

  test('is not even waited for where it says so itself', async () => {
    const origin = await open((_request, response) => void response.writeHead(200, { 'Content-Length': String(1024 * MB) }).write(png()))
    expect(await beside(origin)(origin.url, 'whatsapp', 'image/png')).toEqual(tooLarge)
  })

  test.each([
    ['whatsapp', 16 * MB],
    ['sms', 5 * MB],
  ] as const)('M13: is one byte over what %s takes', async (channel, limit) => {
    const of = (size: number) => Buffer.concat([pdf, Buffer.alloc(size - pdf.length, 0x20)])
    const chunked = (bytes: Buffer) => (_: unknown, response: ServerResponse) => {
      response.write(bytes)
      response.end()
    }
    const fits = await open(chunked(of(limit)))
    expect(await beside(fits)(fits.url, channel, 'application/pdf')).toMatchObject({ outcome: 'kept', size: limit })
    const over = await open(chunked(of(limit + 1)))
    expect(await beside(over)(over.url, channel, 'application/pdf')).toEqual(tooLarge)
    expect(await kept()).toHaveLength(1)
  })

  test('is a picture of more pixels than a page can show, in however few bytes', async () => {
    const origin = await open(give(png(65_000, 65_000)))
    expect(await beside(origin)(origin.url, 'whatsapp', 'image/png')).toEqual(tooLarge)
  })

  test('from the host app is what the channel does not send', async () => {
    const origin = await open(give(Buffer.concat([png(), Buffer.alloc(6 * MB)])))
    const fetch = createFetchMedia({ files, twilio, line: asPublic(origin) })
    expect(await fetch('http://media.example.com/x', 'whatsapp', '', 'host')).toEqual(tooLarge)
    expect(await fetch('http://media.example.com/x', 'whatsapp', 'image/png')).toMatchObject({ outcome: 'kept' })
  })
})

describe('what is no file of a message', () => {
  test.each([
    ['a picture that is a page', html, 'image/png'],
    ['a picture that a script runs in', svg, 'image/svg+xml'],
    ['one that says it is another', svg, 'image/png'],
    ['a page', html, 'text/html'],
    ['an XML file', Buffer.from('<?xml version="1.0"?><x/>'), 'application/xml'],
    ['a program', elf, 'application/pdf'],
    ['a Windows program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), 'image/jpeg'],
    ['an archive', zip('x', Buffer.from('x')), 'application/zip'],
    ['a packed file', gzipSync('x'), 'application/gzip'],
    ['zeros', Buffer.alloc(1000), 'image/jpeg'],
    ['zeros said to be letters', Buffer.alloc(1000), 'text/plain'],
    ['a script said to be a picture', Buffer.from('alert(1)'), 'image/jpeg'],
  ])('M13: is refused: %s', async (_, bytes, declared) => {
    const origin = await open(give(bytes, { 'Content-Type': declared }))
    expect(await beside(origin)(origin.url, 'whatsapp', declared)).toEqual({ outcome: 'blocked', reason: 'type' })
    expect(await kept()).toEqual([])
  })

  test.each([
    ['an archive', Buffer.concat([png(), zip('x.html', html)]), 'image/png'],
    ['a page inside', Buffer.concat([png(), html]), 'image/png'],
    ['an archive of Word’s', Buffer.concat([pdf, zip('[Content_Types].xml', html)]), 'application/pdf'],
  ])('a file that is %s as well counts as what it begins as', async (_, bytes, contentType) => {
    for (const declared of [contentType, 'text/html', 'application/zip']) {
      const origin = await open(give(bytes))
      expect(await beside(origin)(origin.url, 'whatsapp', declared)).toMatchObject({ outcome: 'kept', contentType })
    }
  })

  test('a page with a document behind it is no document', async () => {
    const origin = await open(give(Buffer.concat([html, pdf])))
    expect(await beside(origin)(origin.url, 'whatsapp', 'application/pdf')).toEqual({ outcome: 'blocked', reason: 'type' })
  })

  test('a picture that is a page as well counts as the picture', async () => {
    const origin = await open(give(Buffer.concat([gif, html])))
    expect(await beside(origin)(origin.url, 'whatsapp', 'text/html')).toMatchObject({ outcome: 'kept', contentType: 'image/gif' })
  })

  test('an archive that unpacks to a thousand times its size is not unpacked', async () => {
    const bomb = Buffer.alloc(200 * MB)
    const before = process.memoryUsage().arrayBuffers
    for (const bytes of [zip('[Content_Types].xml', bomb), zip('[Content_Types].xml', bomb, 10), zip('mimetype', bomb, 10)]) {
      const origin = await open(give(bytes))
      expect(await beside(origin)(origin.url, 'whatsapp', 'application/zip')).toEqual({ outcome: 'blocked', reason: 'type' })
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MB)
  })

  test('an answer that is packed though we asked for none is not unpacked', async () => {
    const origin = await open(give(gzipSync(Buffer.alloc(50 * MB)), { 'Content-Encoding': 'gzip' }))
    expect(await beside(origin)(origin.url, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'failed', retry: false })
  })
})

describe('a fetch that fails', () => {
  test.each([
    [404, true],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [401, false],
    [403, false],
    [410, false],
    [204, false],
    [206, false],
    [304, false],
  ])('with %i is tried again: %s', async (status, retry) => {
    const origin = await open(give(Buffer.alloc(0), {}, status))
    expect(await beside(origin)(origin.url, 'whatsapp', 'image/png')).toEqual({ outcome: 'failed', retry, reason: `status ${status}` })
    expect(await kept()).toEqual([])
  })

  test('because of what was answered does not wait for the rest of the answer', async () => {
    const origin = await open((_request, response) => void response.writeHead(404).write('Not here. '))
    expect(await beside(origin)(origin.url, 'whatsapp', '')).toMatchObject({ outcome: 'failed', retry: true })
    await until(async () => (await origin.lines()) === 0)
  })

  test.each([
    ['in the middle of a length that was said', { 'Content-Length': '500000' }],
    ['in the middle of pieces', {}],
  ])('because the line was cut %s leaves nothing, and is tried again', async (_, headers) => {
    const origin = await open((_request, response) => {
      response.writeHead(200, headers)
      response.write(Buffer.concat([png(), Buffer.alloc(200_000)]), () => response.destroy())
    })
    expect(await beside(origin)(origin.url, 'whatsapp', 'image/png')).toMatchObject({ outcome: 'failed', retry: true })
    expect(await kept()).toEqual([])
  })

  test.each<[string, Answer]>([
    ['never answers', () => {}],
    ['never ends', (_request, response) => void response.writeHead(200).write(Buffer.concat([png(), Buffer.alloc(300_000)]))],
    ['never gets beyond its first bytes', (_request, response) => void response.writeHead(200).write(png())],
  ])('because the other side %s ends at its time, and the line with it', async (_, answer) => {
    const origin = await open(answer)
    expect(await beside(origin, { wholeMs: 300 })(origin.url, 'whatsapp', 'image/png')).toEqual({
      ...{ outcome: 'failed', retry: true, reason: 'timeout' },
    })
    expect(await kept()).toEqual([])
    await until(async () => (await origin.lines()) === 0)
  })

  test('because nobody answers for a name, nor at its address, ends at its time', async () => {
    const silent = createFetchMedia({ files, twilio, wholeMs: 200, line: { lookup: () => new Promise(() => {}) } })
    expect(await silent('http://media.example.com/x', 'whatsapp', '')).toMatchObject({ outcome: 'failed', retry: true, reason: 'timeout' })
    const unknown = createFetchMedia({ files, twilio, line: { lookup: async () => [] } })
    expect(await unknown('http://media.example.com/x', 'whatsapp', '')).toMatchObject({ outcome: 'failed', retry: true })
    const origin = await open(give(png()))
    await origin.close()
    expect(await beside(origin)(origin.url, 'whatsapp', '')).toEqual({ outcome: 'failed', retry: true, reason: 'ECONNREFUSED' })
  })

  test('at one address of a name is tried at the next', async () => {
    const origin = await open(give(png()))
    const line = {
      lookup: async () => ['93.184.216.33', PUBLIC],
      connect: (address: string) => connect(address === PUBLIC ? origin.port : 9, '127.0.0.1'),
    }
    expect(await createFetchMedia({ files, twilio, line })('http://media.example.com/x', 'whatsapp', '')).toMatchObject({ outcome: 'kept' })
  })

  test('because the place is full says so, and is tried again', async () => {
    const origin = await open(give(png()))
    const full = { ...files, keep: async () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) }
    expect(await beside(origin, { files: full })(origin.url, 'whatsapp', '')).toEqual({ outcome: 'failed', retry: true, reason: 'ENOSPC' })
  })

  test('because nothing came is tried again', async () => {
    const origin = await open(give(Buffer.alloc(0)))
    expect(await beside(origin)(origin.url, 'whatsapp', '')).toEqual({ outcome: 'failed', retry: true, reason: 'empty' })
  })
})
