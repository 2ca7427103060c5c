// The client as a module of its own, where there is no document.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, effect } from '../../widget/client/headless.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { pdf, png } from '../media/samples.ts'
import { until } from '../support/until.ts'

let hilo: TestHilo
beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())

test('needs no document: connects, counts, hears, answers, and ends', async () => {
  expect(typeof document).toBe('undefined')
  const phone = '+5491150044001'
  const heard: string[] = []
  const client = createClient({
    url: `${hilo.url}/anything`,
    getToken: async () => hilo.agent().token,
    onMessage: (message) => heard.push(message.text),
  })
  const totals: number[] = []
  const end = effect(() => {
    totals.push(client.unread.value.total)
  })
  await until(() => client.link.value === 'online' && client.unread.value.version >= 0)
  await hilo.simulator.phone(phone).write('hola')
  await until(() => heard.includes('hola') && totals.at(-1) === 1, { what: 'the message' })
  const thread = client.openThread((await hilo.conversation(phone)).id)
  expect(await thread.send({ text: 'buenas' })).toMatchObject({ ok: true })
  await until(() => totals.at(-1) === 0, { what: 'the answer to clear it' })
  end()
  client.close()
  expect(client.link.value).toBe('offline')
})

test('brings files and sends them; what is refused says why', async () => {
  const phone = '+5491150044002'
  await hilo.simulator.phone(phone).write('hola')
  const client = createClient({ url: hilo.url, getToken: async () => hilo.agent().token })
  await until(() => client.link.value === 'online')
  const thread = client.openThread((await hilo.conversation(phone)).id)
  const parts: number[] = []
  const picture = new File([new Uint8Array(png(6, 4))], 'torta.png', { type: 'image/png' })
  const first = await client.upload(picture, { onProgress: (part) => parts.push(part) })
  const second = await client.upload(new Blob([new Uint8Array(pdf)]), { name: 'presupuesto.pdf', type: 'application/pdf' })
  if (!first.ok || !second.ok) throw new Error('They are taken.')
  expect([first.contentType, first.filename, first.width, second.filename]).toEqual(['image/png', 'torta.png', 6, 'presupuesto.pdf'])
  expect(parts.at(-1)).toBe(1)
  expect(await thread.send({ text: 'Mirá', media: [first, second] })).toMatchObject({ ok: true, message: { text: 'Mirá' } })
  await until(() => thread.messages.value.length === 3, { what: 'both messages at once' })
  await until(
    () =>
      hilo.simulator
        .phone(phone)
        .messages('whatsapp')
        .filter(({ mediaTypes }) => mediaTypes.length > 0).length === 2,
  )

  expect(await client.upload(new Blob(['<svg/>'], { type: 'image/png' }))).toMatchObject({
    ok: false,
    error: { code: 'unsupported_media' },
  })
  expect(await client.upload(picture, { signal: AbortSignal.abort() })).toMatchObject({ ok: false, error: { code: 'conflict' } })
  client.close()
})

test('says what is wrong with a token, and stops', async () => {
  let expired = 0
  const client = createClient({ url: hilo.url, token: hilo.agent({ iat: 1, exp: 2 }).token, onExpired: () => expired++ })
  await until(() => client.link.value === 'expired')
  expect([client.problem.value?.code, expired]).toEqual(['token_expired', 1])
  client.close()
})
