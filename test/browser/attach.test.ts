// An agent sends files: chosen, pasted and dropped, each kind, over a line that breaks, and with the keyboard alone.
import { readFileSync } from 'node:fs'
import type { CDPSession } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Shot } from '../../server/simulator/camera-roll.ts'
import { until } from '../support/until.ts'
import { inspect } from './axe.ts'
import { type AgentPage, martin, type Person, recordButton, sofia, startWorld, type World } from './support.ts'

const american: Person = { name: 'June Carter', phone: '+12125550123' }
const html = recordButton('ev-1', sofia) + recordButton('ev-2', martin) + recordButton('ev-3', american)
let world: World
let ana: AgentPage

const roll = (name: string) => readFileSync(`server/simulator/camera-roll/${name}`)
const given = (name: string, mimeType: string, buffer = Buffer.from('?')) => ({ name, mimeType, buffer })
const cake = given('torta.jpg', 'image/jpeg', roll('cake.jpg'))
const quote = given('presupuesto.pdf', 'application/pdf', roll('quote.pdf'))
const voice = given('nota.ogg', 'audio/ogg', roll('voice.ogg'))
const video = given('luces.mp4', 'video/mp4', roll('lights.mp4'))
const card = given('contactos.vcf', '', roll('contacts.vcf'))
type Given = typeof cake

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento de Sofía', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.record('ev-3', 'Wedding', american)
  world.signIn('ana', { name: 'Ana Díaz' })
  await writes(sofia, 'Hola')
  await writes(martin, 'Hola')
  await world.hilo.simulator.phone(american.phone).write('Hello', { channel: 'sms' })
})
afterAll(() => world.close())
beforeEach(async () => {
  ana = await world.open('ana', { html })
})
afterEach(async () => {
  // A browser complains by itself about a line that is cut, and about an answer of 4xx.
  const complaints = ana.complaints.filter((line) => !/net::ERR_|WebSocket connection to|status of 4\d\d/.test(line))
  await ana.close()
  expect(complaints).toEqual([])
})

const writes = (client: Person, text: string, media: Shot[] = []) => world.hilo.simulator.phone(client.phone).write(text, { media })
const button = (name: string | RegExp) => ana.panel.getByRole('button', { name, exact: true })
const tray = () => ana.panel.getByRole('group', { name: 'Archivos para enviar' })
const rows = () => tray().getByRole('listitem')
const row = (name: string) => rows().filter({ hasText: name })
/** The types of what the client got, with the words beside each. */
const got = (client: Person, channel: 'whatsapp' | 'sms' = 'whatsapp') =>
  world.hilo.simulator
    .phone(client.phone)
    .messages(channel)
    .filter(({ direction, arrived }) => direction !== 'inbound' && arrived)
    .map(({ body, mediaTypes }) => [body, ...mediaTypes].filter(Boolean).join(' '))

async function openThread(id: string, client: Person): Promise<void> {
  await ana.page.getByRole('button', { name: `WhatsApp ${id}` }).click()
  await ana.panel.locator('.thead', { hasText: client.name }).waitFor()
  await ana.text.waitFor()
}

async function choose(...files: Given[]): Promise<void> {
  const opens = ana.page.waitForEvent('filechooser')
  await button('Adjuntar').click()
  await (await opens).setFiles(files)
}

const dropTarget = () => ana.panel.locator('.droptarget')

/** As the browser hands them over, by what is pasted or dropped. */
async function handOver(how: 'paste' | 'dragover' | 'drop', files: Given[]): Promise<void> {
  const target = { paste: ana.text, dragover: ana.log, drop: dropTarget() }[how]
  await target.evaluate(
    (element, [type, list]) => {
      const data = new DataTransfer()
      for (const { name, mimeType, bytes } of list)
        data.items.add(new File([Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))], name, { type: mimeType }))
      const flags = { bubbles: true, composed: true, cancelable: true }
      const event =
        type === 'paste'
          ? new ClipboardEvent(type, { clipboardData: data, ...flags })
          : new DragEvent(type, { dataTransfer: data, ...flags })
      element.dispatchEvent(event)
      return event.defaultPrevented
    },
    [how, files.map(({ buffer, ...file }) => ({ ...file, bytes: buffer.toString('base64') }))] as const,
  )
}

/** Dragged above the thread, and let go. */
async function drop(...files: Given[]): Promise<void> {
  await handOver('dragover', files)
  await dropTarget().waitFor({ state: 'attached' })
  await handOver('drop', files)
  await dropTarget().waitFor({ state: 'detached' })
}

const areReady = (count: number) =>
  until(async () => (await rows().count()) === count && (await button('Enviar').isEnabled()), { what: `${count} files, ready` })
const send = () => ana.text.press('Enter')
const isEmptied = () => tray().waitFor({ state: 'detached' })
const nothingWaits = () => until(async () => (await ana.log.locator('.m:not([data-seq])').count()) === 0, { what: 'all are taken' })

test('a client sends each kind, and the agent answers with each kind: the phone gets what it is', async () => {
  await openThread('ev-1', sofia)
  const kinds: [Shot, Given, string][] = [
    ['photo', cake, 'image/jpeg'],
    ['video', video, 'video/mp4'],
    ['voice', voice, 'audio/ogg'],
    ['document', quote, 'application/pdf'],
    ['contacts', card, 'text/vcard'],
  ]
  for (const [shot, file, type] of kinds) {
    await writes(sofia, '', [shot])
    await choose(file)
    await areReady(1)
    await send()
    await isEmptied()
    await until(() => got(sofia).at(-1) === type, { what: `${type} on the phone` })
  }
  await nothingWaits()
  const shown = ana.log.locator('.m.out')
  await shown.getByRole('button', { name: 'Ver torta.jpg' }).waitFor()
  await shown.locator('video').waitFor()
  await shown.getByRole('button', { name: 'Escuchar' }).waitFor()
  await shown.getByRole('link', { name: 'Descargar presupuesto.pdf' }).waitFor()
  await shown.getByText('Marta Pereyra').or(shown.getByText('contactos.vcf')).first().waitFor()

  const phone = await world.browser.newPage()
  await phone.goto(world.phoneUrl)
  await phone.getByText(sofia.name).first().click()
  await phone.locator('.line:not(.mine) img.picture').first().waitFor()
  await until(() =>
    phone
      .locator('.line:not(.mine) img.picture')
      .first()
      .evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
  )
  expect(await phone.locator('.line:not(.mine)').locator('video, audio, a.kept').count()).toBe(4)
  await phone.close()
})

test('several go in their order with the words where they may stand, and their own pictures are there at once', async () => {
  await openThread('ev-1', sofia)
  const before = got(sofia).length
  await ana.text.fill('Así quedó')
  await choose(cake, quote)
  await areReady(2)
  await tray().getByText('Salen en 2 mensajes.').waitFor()
  await tray().locator('canvas').waitFor()
  expect.soft(await inspect(ana, 'files')).toEqual([])
  await ana.context.setOffline(true)
  await ana.panel.locator('.strip.caution').waitFor()
  await send()
  const waiting = ana.log.locator('.m.out[data-key]:not([data-seq])')
  await until(async () => (await waiting.count()) === 2)
  await waiting.first().locator('canvas').waitFor()
  await waiting.first().getByText('Así quedó').waitFor()
  await waiting.last().getByText('presupuesto.pdf').waitFor()
  expect.soft(await inspect(ana, 'files unsent')).toEqual([])
  await ana.context.setOffline(false)
  await nothingWaits()
  await until(() => got(sofia).length === before + 2)
  expect(got(sofia).slice(before)).toEqual(['Así quedó image/jpeg', 'application/pdf'])

  await ana.text.fill('Y el presupuesto')
  await choose(quote)
  await areReady(1)
  await tray().getByText('El texto sale antes').waitFor()
  await send()
  await until(() => got(sofia).length === before + 4)
  expect(got(sofia).slice(before + 2)).toEqual(['Y el presupuesto', 'application/pdf'])
})

test('what is pasted and what is dropped goes along; where it would go is shown, and words stay words', async () => {
  await openThread('ev-1', sofia)
  await handOver('paste', [given('image.png', 'image/png', roll('cake.jpg'))])
  await areReady(1)
  await handOver('dragover', [quote])
  await ana.panel.getByText(`Soltá acá los archivos para ${sofia.name}`).waitFor()
  await drop(quote)
  await areReady(2)
  await button('Nota interna').click()
  await ana.panel.locator('.box.note').waitFor()
  await handOver('dragover', [quote])
  await dropTarget().waitFor({ state: 'attached' })
  expect(await dropTarget().textContent()).toBe('')
  await drop(quote)
  await button('Nota interna').click()
  await areReady(2)
  await button('Quitar presupuesto.pdf').click()
  await button('Quitar image.png').click()
  await isEmptied()
})

test('twenty-five dropped at once: twenty go, the rest is named; a thread keeps its own', async () => {
  await openThread('ev-2', martin)
  const many = Array.from({ length: 25 }, (_, n) => given(`foto ${n + 1}.jpg`, 'image/jpeg', roll('cake.jpg')))
  await drop(...many)
  await tray().getByRole('alert').getByText('foto 21.jpg, foto 22.jpg y 3 más').waitFor()
  await areReady(20)
  expect.soft(await inspect(ana, 'many files')).toEqual([])
  await openThread('ev-1', sofia)
  await handOver('paste', [quote])
  await areReady(1)
  await openThread('ev-2', martin)
  await areReady(20)
  await send()
  await until(() => got(martin).length === 20, { timeoutMs: 30_000, what: 'twenty pictures' })
  expect(new Set(got(martin))).toEqual(new Set(['image/jpeg']))
  await openThread('ev-1', sofia)
  await areReady(1)
  await button('Quitar presupuesto.pdf').click()
})

test('what cannot go says why before anything is sent, and is put out at once; a name of 300 letters moves nothing', async () => {
  await openThread('ev-1', sofia)
  const arabic = `${'م'.repeat(300)}.pdf`
  const before = got(sofia).length
  await choose(
    given('animada.gif', 'image/gif', Buffer.from('GIF89a')),
    given('vacio.pdf', 'application/pdf', Buffer.alloc(0)),
    given('enorme.png', 'image/png', Buffer.alloc(5 * 1024 * 1024 + 1)),
    given('falsa.png', 'image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
    given(arabic, 'application/pdf', quote.buffer),
  )
  await row('animada.gif').getByText('WhatsApp no envía archivos de este tipo').waitFor()
  await row('vacio.pdf').getByText('Está vacío').waitFor()
  await row('enorme.png').getByText('Es muy grande: WhatsApp envía hasta 5').waitFor()
  await row('falsa.png').getByText('WhatsApp no envía archivos de este tipo').waitFor()
  await tray().getByText('No todos pueden salir.').waitFor()
  expect(await button('Enviar').isDisabled()).toBe(true)
  await ana.text.fill('¿?')
  expect(await button('Enviar').isDisabled()).toBe(true)
  expect.soft(await inspect(ana, 'refused files')).toEqual([])
  await button('Quitar los que no salen').click()
  await areReady(1)
  await ana.text.fill('')
  await send()
  await until(() => got(sofia).length === before + 1)
  await nothingWaits()
  const name = (await world.hilo.messages((await world.hilo.conversation(sofia.phone)).id)).at(-1)?.media[0]?.filename ?? ''
  expect(name).toMatch(/^م+\.pdf$/)
  expect.soft(await inspect(ana, 'a long name')).toEqual([])
})

async function slowUploads(session: CDPSession, bytesPerSecond: number): Promise<void> {
  const line = { latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond }
  await session.send('Network.emulateNetworkConditions', { offline: false, ...line })
}

test('a line that breaks in the middle of an upload: it goes on when it is back, and the client gets it once', async () => {
  await openThread('ev-1', sofia)
  const before = got(sofia).length
  const session = await ana.context.newCDPSession(ana.page)
  await session.send('Network.enable')
  await slowUploads(session, 60_000)
  await choose(given('luces largas.mp4', 'video/mp4', Buffer.concat([video.buffer, Buffer.alloc(400_000)])))
  await until(async () => Number(await tray().getByRole('progressbar').getAttribute('value')) > 0, { timeoutMs: 20_000, what: 'progress' })
  expect(await button('Enviar').isDisabled()).toBe(true)
  await tray().getByText('Se pueden enviar cuando terminen de subir.').waitFor()
  await ana.context.setOffline(true)
  await tray().getByText('Sin conexión: se sube cuando vuelva').waitFor()
  expect.soft(await inspect(ana, 'upload waits')).toEqual([])
  await ana.context.setOffline(false)
  await slowUploads(session, -1)
  await areReady(1)
  await send()
  await nothingWaits()
  await until(() => got(sofia).length === before + 1)
  expect(got(sofia).slice(before)).toEqual(['video/mp4'])
})

test('an upload that fails can be asked for again, or taken out', async () => {
  await openThread('ev-1', sofia)
  let fails = true
  await ana.page.route('**/api/media', async (route) => {
    if (fails) await route.fulfill({ status: 404, json: { code: 'not_found' }, headers: { 'access-control-allow-origin': '*' } })
    else await route.continue()
  })
  await choose(quote)
  await row('presupuesto.pdf').getByText('No se pudo subir').waitFor()
  fails = false
  await button('Reintentar presupuesto.pdf').click()
  await areReady(1)
  await button('Quitar presupuesto.pdf').click()
  await isEmptied()
})

test('what the server refuses keeps its files: back to editing brings them back', async () => {
  await openThread('ev-1', sofia)
  const before = got(sofia).length
  await ana.text.fill('Va la torta')
  await choose(cake)
  await areReady(1)
  await ana.context.setOffline(true)
  await ana.panel.locator('.strip.caution').waitFor()
  await send()
  const { id } = await world.hilo.conversation(sofia.phone)
  const sol = world.hilo.agent({ sub: 'sol', name: 'Sol Paz' })
  await sol.send({ conversationId: id, text: 'Yo le contesto' })
  await ana.context.setOffline(false)
  await ana.log.getByText('contestó mientras escribías').waitFor()
  await button('Volver a editar').click()
  await areReady(1)
  expect(await ana.text.inputValue()).toBe('Va la torta')
  await send()
  await nothingWaits()
  await until(() => got(sofia).length === before + 2)
  expect(got(sofia).slice(before)).toEqual(['Yo le contesto', 'Va la torta image/jpeg'])
})

test('by SMS they go in one message where the sender can, and elsewhere the agent hears why not', async () => {
  await openThread('ev-3', american)
  await ana.text.fill('Here it is')
  await choose(cake, card)
  await areReady(2)
  await send()
  await until(() => got(american, 'sms').length === 1)
  expect(got(american, 'sms')).toEqual(['Here it is image/jpeg text/vcard'])

  await world.hilo.simulator.phone(martin.phone).write('Por SMS', { channel: 'sms' })
  const { id } = await world.hilo
    .agent({ sub: 'ana' })
    .call<{ items: { id: string }[] }>('GET', '/api/conversations?channel=sms&q=Martín')
    .then(({ body }) => body.items[0] ?? { id: '' })
  await ana.page.evaluate((conversationId) => {
    void (window as unknown as { Hilo: { open(target: object): void } }).Hilo.open({ conversationId })
  }, id)
  await ana.panel.locator('.thead', { hasText: martin.name }).waitFor()
  await button('Adjuntar').click()
  await ana.panel.getByRole('alert').getByText('Por SMS los archivos salen solo').waitFor()
  expect.soft(await inspect(ana, 'no files by SMS')).toEqual([])
  await drop(cake)
  await ana.panel.getByRole('alert').getByText('Por SMS los archivos salen solo').waitFor()
  await button('Cerrar').last().click()
  await ana.panel.locator('.filetray').waitFor({ state: 'detached' })
})

test('with the keyboard alone: choose, take one out, send', async () => {
  await openThread('ev-1', sofia)
  const before = got(sofia).length
  const press = (key: string) => ana.page.keyboard.press(key)
  await button('Adjuntar').focus()
  const opens = ana.page.waitForEvent('filechooser')
  await press('Enter')
  await (await opens).setFiles([cake, quote])
  await areReady(2)
  const focused = () => ana.panel.evaluate((panel) => (panel.getRootNode() as ShadowRoot).activeElement?.getAttribute('aria-label') ?? '')
  await until(async () => /Escribí/.test(await focused()), { what: 'focus in the text' })
  await press('Shift+Tab')
  expect(await focused()).toBe('Quitar presupuesto.pdf')
  await press('Shift+Tab')
  await press('Enter')
  await until(async () => (await focused()) === 'Quitar presupuesto.pdf', { what: 'focus on the next one' })
  await press('Tab')
  await press('Enter')
  await until(() => got(sofia).length === before + 1)
  expect(got(sofia).at(-1)).toBe('application/pdf')
})
