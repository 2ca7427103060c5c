// Files before they go: what is uploaded, what is refused before, what goes on by itself, and what a send makes of them.
import { signal } from '@preact/signals-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Answer } from '../../shared/events.ts'
import type { Channel, Upload } from '../../shared/model.ts'
import { problem, type ProblemCode } from '../../shared/problems.ts'
import type { LinkState, Thread } from '../../widget/client/client.ts'
import type { UploadOptions } from '../../widget/client/upload.ts'
import { createTray } from '../../widget/panel/attach/create-tray.ts'
import { pastedFiles } from '../../widget/panel/attached.ts'

const MB = 1024 * 1024
const file = (name: string, type = 'application/pdf', size = 1000) => new File([new Uint8Array(size)], name, { type })
const refusal = (code: ProblemCode, more = {}): Answer<Upload> => ({ ok: false, error: { ...problem(code, 'No.'), ...more } })

interface Asked extends UploadOptions {
  file: Blob
  answer(answer: Answer<Upload>): Promise<void>
  taken(over?: Partial<Upload>): Promise<void>
}

function start(channel: Channel = 'whatsapp') {
  const link = signal<LinkState>('online')
  const asked: Asked[] = []
  let emptied = 0
  const upload = (given: Blob, options: UploadOptions = {}) =>
    new Promise<Answer<Upload>>((resolve) => {
      const answer = async (found: Answer<Upload>) => {
        resolve(found)
        await vi.advanceTimersByTimeAsync(0)
      }
      const { name = '', type = '' } = options
      const taken = (over = {}) => answer({ ok: true, id: `id of ${name}`, contentType: type, filename: name, size: given.size, ...over })
      asked.push({ ...options, file: given, answer, taken })
    })
  const tray = createTray({ link, upload }, channel, () => emptied++)
  const states = () => tray.files.value.map(({ name, state, fault }) => [name, state, fault].filter(Boolean).join(' '))
  const names = () => asked.map(({ name }) => name)
  return { tray, link, asked, states, names, emptied: () => emptied }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('createImageBitmap', async () => ({ width: 4, height: 3 }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
const wait = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

test('three are uploaded at a time, in their order, each with its progress; then they can go', async () => {
  const { tray, asked, names, states } = start()
  expect(tray.isBusy.value).toBe(false)
  tray.add(['a', 'b', 'c', 'd'].map((name) => file(`${name}.pdf`)))
  expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf'])
  expect(states()).toEqual(['a.pdf uploading', 'b.pdf uploading', 'c.pdf uploading', 'd.pdf waiting'])
  asked[1]?.onProgress?.(0.5)
  expect(tray.files.value.map(({ part }) => part)).toEqual([0, 0.5, 0, 0])
  await asked[1]?.taken()
  expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'])
  expect(tray.isBusy.value).toBe(true)
  for (const one of asked) await one.taken()
  expect(tray.isBusy.value).toBe(false)
})

test('what the channel does not send is named and not uploaded; what the server finds otherwise is refused as well', async () => {
  const { tray, asked, states, names } = start()
  tray.add([file('nada.pdf', 'application/pdf', 0), file('a.exe', 'application/x-msdownload'), file('grande.png', 'image/png', 5 * MB + 1)])
  expect(states()).toEqual(['nada.pdf refused empty', 'a.exe refused type', 'grande.png refused too_large'])
  expect(names()).toEqual([])
  tray.add([file('foto.jpg', 'image/jpeg'), file('b.pdf'), file('c.pdf')])
  await asked[0]?.taken({ contentType: 'image/gif' })
  await asked[1]?.answer(refusal('unsupported_media'))
  await asked[2]?.answer(refusal('payload_too_large'))
  expect(states().slice(3)).toEqual(['foto.jpg refused type', 'b.pdf refused type', 'c.pdf refused too_large'])
  expect(tray.isBusy.value).toBe(true)
  tray.remove(({ state }) => state === 'refused')
  expect(tray.files.value).toEqual([])
})

test('a file is uploaded as what it is, also where the browser does not know it', () => {
  const { tray, asked } = start()
  tray.add([file('Ana.vcf', ''), file('nota.opus', 'application/octet-stream')])
  expect(asked.map(({ type }) => type)).toEqual(['text/vcard', 'audio/ogg'])
})

test('twenty go at a time: the rest is named, and forgotten with the next ones', async () => {
  const { tray, emptied } = start()
  tray.add(Array.from({ length: 22 }, (_, n) => file(`${n + 1}.pdf`)))
  expect(tray.files.value).toHaveLength(20)
  expect(tray.left.value).toEqual(['21.pdf', '22.pdf'])
  tray.remove(({ name }) => name === '3.pdf')
  tray.add([file('otra.pdf')])
  expect(tray.files.value.at(-1)?.name).toBe('otra.pdf')
  expect(tray.left.value).toEqual([])
  expect(emptied()).toBe(0)
})

describe('the line breaks', () => {
  test.each(['unavailable', 'rate_limited', 'internal', 'validation_failed'] as const)(
    'after %s it goes on by itself, later and later, and then when the agent says so',
    async (code) => {
      const { tray, asked, states } = start()
      tray.add([file('a.pdf')])
      for (const [tries, ms] of [2000, 4000, 8000, 16_000].entries()) {
        await asked.at(-1)?.answer(refusal(code))
        expect(states()).toEqual(['a.pdf waiting'])
        await wait(ms - 10)
        expect(asked).toHaveLength(tries + 1)
        await wait(10)
        expect(asked).toHaveLength(tries + 2)
      }
      await asked.at(-1)?.answer(refusal(code))
      expect(states()).toEqual(['a.pdf failed'])
      await wait(60_000)
      expect(asked).toHaveLength(5)
      tray.retry(tray.files.value[0]?.key ?? 0)
      await asked.at(-1)?.taken()
      expect([states(), asked.length]).toEqual([['a.pdf ready'], 6])
    },
  )

  test('a limit says when', async () => {
    const { tray, asked } = start()
    tray.add([file('a.pdf')])
    await asked[0]?.answer(refusal('rate_limited', { retryAfter: 7 }))
    await wait(6990)
    expect(asked).toHaveLength(1)
    await wait(10)
    expect(asked).toHaveLength(2)
  })

  test('without a line nothing is begun or counted; when it is back all go on at once', async () => {
    const { tray, asked, link, states } = start()
    tray.add([file('a.pdf')])
    link.value = 'offline'
    expect(asked[0]?.signal?.aborted, 'also where the widget ended').toBe(true)
    for (let n = 0; n < 6; n++) {
      await asked.at(-1)?.answer(refusal('unavailable'))
      await wait(60_000)
    }
    tray.add([file('b.pdf')])
    expect([states(), asked.length]).toEqual([['a.pdf waiting', 'b.pdf waiting'], 1])
    link.value = 'online'
    expect(states()).toEqual(['a.pdf uploading', 'b.pdf uploading'])
  })

  test('what nobody can mend by waiting fails at once', async () => {
    const { tray, asked, states } = start()
    tray.add([file('a.pdf')])
    await asked[0]?.answer(refusal('forbidden'))
    expect(states()).toEqual(['a.pdf failed'])
  })
})

test('one that is taken out ends its upload, and its answer changes nothing; the next one begins', async () => {
  const { tray, asked, states, names } = start()
  tray.add(['a', 'b', 'c', 'd'].map((name) => file(`${name}.pdf`)))
  const [first] = tray.files.value
  tray.remove(({ key }) => key === first?.key)
  expect(asked[0]?.signal?.aborted).toBe(true)
  await asked[0]?.answer(refusal('conflict'))
  expect(names()).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'])
  expect(states()).toEqual(['b.pdf uploading', 'c.pdf uploading', 'd.pdf uploading'])
})

test('emptied, it says so, and leaves no timer and no watcher behind', async () => {
  const { tray, asked, link, emptied } = start()
  tray.add([file('a.pdf')])
  await asked[0]?.answer(refusal('unavailable'))
  expect(emptied()).toBe(0)
  tray.remove(() => true)
  expect([emptied(), vi.getTimerCount()]).toEqual([1, 0])
  link.value = 'offline'
  link.value = 'online'
  await wait(60_000)
  expect(asked).toHaveLength(1)
})

describe('sent', () => {
  const sends = () => {
    const sent: Parameters<Thread['send']>[] = []
    const send: Thread['send'] = async (...given) => {
      sent.push(given)
      return { ok: false, error: problem('conflict', 'No.') }
    }
    return { sent, thread: { send } as Thread }
  }
  const said = ({ sent }: ReturnType<typeof sends>) =>
    sent.map(([content, options]) => {
      if (!('parts' in content)) throw new Error('It has no parts.')
      return [content.text, content.parts.map(({ text, files }) => [text, ...files.map(({ id }) => id)]), options]
    })

  test('they become the messages that the server makes of them, and leave', async () => {
    const { tray, asked, emptied } = start()
    const place = sends()
    tray.add([file('foto.jpg', 'image/jpeg'), file('b.pdf')])
    for (const one of asked) await one.taken()
    void tray.send(place.thread, 'Mirá', { ifNoAnswerSince: 3, undoFor: 5, assign: true })
    const parts = [
      ['Mirá', 'id of foto.jpg'],
      ['', 'id of b.pdf'],
    ]
    expect(said(place)).toEqual([['Mirá', parts, { ifNoAnswerSince: 3, assign: true }]])
    expect([tray.files.value, emptied(), asked.some(({ signal }) => signal?.aborted)]).toEqual([[], 1, false])
  })

  test('words that cannot stand beside the file go before; a text that shows nothing is none', async () => {
    const { tray, asked } = start()
    const place = sends()
    tray.add([file('b.pdf')])
    await asked[0]?.taken()
    expect(tray.split('hola').map(({ text, files }) => [text, files.length])).toEqual([
      ['hola', 0],
      ['', 1],
    ])
    void tray.send(place.thread, ' \n', undefined)
    expect(said(place)).toEqual([['', [['', 'id of b.pdf']], {}]])
  })

  test('back from a message that did not go they are brought again; after a reload they are as they were', async () => {
    const { tray, asked, states } = start()
    const upload = { id: 'u1', contentType: 'application/pdf', size: 5, filename: 'a.pdf' }
    tray.add([
      { ...upload, local: file('a.pdf') },
      { ...upload, id: 'u2', filename: 'b.pdf', local: {} as Blob, picture: {} as ImageBitmap },
    ])
    expect(states()).toEqual(['a.pdf uploading', 'b.pdf ready'])
    await asked[0]?.taken()
    expect(tray.split('').flatMap(({ files }) => files.map(({ id }) => id))).toEqual(['id of a.pdf', 'u2'])
  })
})

test.each<[what: string, types: string[], files: number, isFiles: boolean]>([
  ['a text', ['text/plain'], 0, false],
  ['a picture of the screen', ['Files'], 1, true],
  ['a picture of a page', ['text/html', 'Files'], 1, true],
  ['a file of a folder, with its name', ['text/plain', 'Files'], 2, true],
  ['a piece of a document, with a picture of it', ['text/plain', 'text/html', 'text/rtf', 'Files'], 1, false],
])('pasted, %s is taken as files: %j', (_, types, length, isFiles) => {
  const files = { length } as FileList
  expect(pastedFiles({ types, files })).toBe(isFiles ? files : null)
})
