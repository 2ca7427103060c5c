// An agent records a voice message: with the browser's own recorder on a microphone that beeps, in the real widget, to the client's phone.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { inspect } from './axe.ts'
import { type AgentPage, lucia, martin, type Person, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
const people: [string, Person][] = [
  ['ev-1', sofia],
  ['ev-2', martin],
  ['ev-3', lucia],
]

/** The microphone as the test wants it; what was opened is remembered. */
const before = `
  // A page of no address has no microphone.
  const devices = navigator.mediaDevices ?? { getUserMedia() {} }
  const real = devices.getUserMedia.bind(devices)
  globalThis.microphone = 'beeps'
  globalThis.tracks = []
  devices.getUserMedia = async (wanted) => {
    const how = globalThis.microphone
    if (how === 'waits') await new Promise((go) => { globalThis.allow = go })
    else if (how !== 'beeps' && how !== 'silent') throw new DOMException('As the test wants it.', how)
    const stream = how === 'silent' ? silence() : await real(wanted)
    globalThis.tracks.push(...stream.getTracks())
    return stream
  }
  function silence() {
    const context = new AudioContext()
    const gain = context.createGain()
    const end = context.createMediaStreamDestination()
    const tone = context.createOscillator()
    gain.gain.value = 0
    tone.connect(gain).connect(end)
    tone.start()
    return end.stream
  }`

beforeAll(async () => {
  world = await startWorld({ browserArgs: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] })
  for (const [id, person] of people) {
    await world.record(id, `Turno de ${person.name}`, person)
    await world.hilo.simulator.phone(person.phone).write('¿Me mandás un audio?')
    await until(async () => (await world.hilo.conversation(person.phone)).inboundCount === 1)
  }
  world.signIn('ana', { name: 'Ana Díaz' })
  ana = await world.open('ana', { html: people.map(([id, person]) => recordButton(id, person)).join(''), before })
})
afterAll(() => world.close())
beforeEach(() => use('beeps'))

const use = (how: string) =>
  ana.page.evaluate((wanted) => {
    Object.assign(globalThis, { microphone: wanted })
  }, how)
const tracks = () => ana.page.evaluate(() => (globalThis as unknown as { tracks: MediaStreamTrack[] }).tracks.map((one) => one.readyState))
const isReleased = () => until(async () => (await tracks()).every((state) => state === 'ended'), { what: 'a released microphone' })
const button = (name: string | RegExp) => ana.panel.getByRole('button', { name, exact: typeof name === 'string' })
const inBar = (name: string) => bar().getByRole('button', { name, exact: true })
const bar = () => ana.panel.getByRole('group', { name: 'Mensaje de voz' })
const voices = (person: Person) =>
  world.hilo.simulator
    .phone(person.phone)
    .messages()
    .filter((one) => one.direction !== 'inbound' && one.mediaUrls.length > 0)

async function open(id: string, person: Person): Promise<void> {
  await ana.page.getByRole('button', { name: `WhatsApp ${id}` }).click()
  await ana.panel.locator('.thead', { hasText: person.name }).waitFor()
}

/** Until so many seconds are shown. */
async function record(seconds = 1): Promise<void> {
  await button('Grabar un mensaje de voz').click()
  await bar().getByText(`0:0${seconds}`).waitFor()
}

test('is recorded, heard and sent; the client gets it as Opus in Ogg, and the microphone is closed', async () => {
  await open('ev-1', sofia)
  await record(2)
  expect(await bar().locator('.levels s').count()).toBeGreaterThan(5)
  await inBar('Terminar').click()
  await isReleased()
  await inBar('Escuchar').click()
  await inBar('Pausar').waitFor()
  await bar()
    .getByText(/^0:0[12] \/ 0:0\d$/)
    .waitFor()
  await inBar('Escuchar').waitFor()
  await inBar('Enviar').click()
  await bar().waitFor({ state: 'detached' })
  await ana.log.getByRole('button', { name: 'Escuchar' }).waitFor()
  await until(() => voices(sofia).length === 1 && voices(sofia)[0]?.arrived)
  expect(voices(sofia)[0]?.mediaTypes).toEqual(['audio/ogg'])
  const [shown] = (await world.hilo.messages((await world.hilo.conversation(sofia.phone)).id)).filter((one) => one.media.length > 0)
  const bytes = Buffer.from(await (await fetch(shown?.media[0]?.url ?? '')).arrayBuffer())
  expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', 28, 36)]).toEqual(['OggS', 'OpusHead'])
  // What the browser's own reader of Ogg hears of it.
  const heard = await ana.page.evaluate(async (base64) => {
    const file = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
    const buffer = await new OfflineAudioContext(1, 48_000, 48_000).decodeAudioData(file.buffer)
    return { seconds: buffer.duration, peak: buffer.getChannelData(0).reduce((most, one) => Math.max(most, Math.abs(one)), 0) }
  }, bytes.toString('base64'))
  expect(heard.seconds).toBeGreaterThan(1.5)
  expect(heard.peak).toBeGreaterThan(0.05)
  expect(ana.complaints).toEqual([])
})

test('by the keyboard alone: the focus goes from one step to the next and back into the field', async () => {
  await open('ev-1', sofia)
  const sent = voices(sofia).length
  await ana.text.focus()
  await button('Grabar un mensaje de voz').focus()
  await ana.page.keyboard.press('Enter')
  await bar().getByText('0:01').waitFor()
  // Escape ends it, and loses nothing.
  await ana.page.keyboard.press('Escape')
  await inBar('Escuchar').waitFor()
  const focused = () => ana.panel.evaluate((panel) => (panel.getRootNode() as ShadowRoot).activeElement?.getAttribute('aria-label'))
  await until(async () => (await focused()) === 'Enviar')
  await ana.page.keyboard.press('Enter')
  await bar().waitFor({ state: 'detached' })
  await until(() => voices(sofia).length === sent + 1)
  await until(() => ana.text.evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field))
})

test('nothing for axe to find while it records, and when it is ready', async () => {
  await open('ev-3', lucia)
  await record()
  expect(await inspect(ana, 'voice recording')).toEqual([])
  await ana.panel.locator('.voice .stop').click()
  await ana.panel.locator('.voice input').waitFor()
  expect(await inspect(ana, 'voice ready')).toEqual([])
  await inBar('Descartar la grabación').click()
  await ana.text.waitFor()
})

test.each([
  ['another thread is opened', () => open('ev-2', martin), () => open('ev-1', sofia)],
  [
    'the panel is closed',
    async () => {
      await button('Cerrar').first().click()
      await ana.panel.waitFor({ state: 'detached' })
    },
    () => open('ev-1', sofia),
  ],
])('where %s, it ends, the microphone is closed, and the recording waits', async (_, leave, comeBack) => {
  await open('ev-1', sofia)
  const sent = voices(sofia).length
  await record()
  await leave()
  await isReleased()
  await comeBack()
  await inBar('Escuchar').waitFor()
  await inBar('Enviar').click()
  await until(() => voices(sofia).length === sent + 1)
})

test('where one leaves before the microphone is allowed, it is closed as soon as it comes', async () => {
  await open('ev-1', sofia)
  await use('waits')
  const opened = (await tracks()).length
  await button('Grabar un mensaje de voz').click()
  await bar().getByText('Permití el micrófono').waitFor()
  await open('ev-2', martin)
  await ana.page.evaluate(() => (globalThis as unknown as { allow(): void }).allow())
  await until(async () => (await tracks()).length === opened + 1)
  await isReleased()
  await open('ev-1', sofia)
  await ana.text.waitFor()
})

test.each([
  ['NotAllowedError', 'El navegador no deja usar el micrófono'],
  ['NotFoundError', 'No hay ningún micrófono'],
  ['NotReadableError', 'quizá lo usa otro programa'],
])('where the browser answers %s it says why, and lets one try again', async (fault, words) => {
  await open('ev-1', sofia)
  await use(fault)
  await button('Grabar un mensaje de voz').click()
  await bar().getByRole('alert').filter({ hasText: words }).waitFor()
  await use('beeps')
  await inBar('Grabar de nuevo').click()
  await bar().getByText('0:01').waitFor()
  await inBar('Descartar la grabación').click()
  await isReleased()
  await ana.text.waitFor()
})

test('of a second of silence it says that nothing is heard, before it goes', async () => {
  await open('ev-1', sofia)
  await use('silent')
  await record()
  await inBar('Terminar').click()
  await bar().getByText('No se oye nada').waitFor()
  await use('beeps')
  await inBar('Grabar de nuevo').click()
  await bar().getByText('0:01').waitFor()
  await inBar('Terminar').click()
  await inBar('Escuchar').waitFor()
  expect(await bar().getByText('No se oye nada').count()).toBe(0)
  await inBar('Descartar la grabación').click()
})

test('a press by mistake sends nothing', async () => {
  await open('ev-1', sofia)
  await ana.panel.evaluate((panel) => {
    const watch = new MutationObserver(() => {
      const stop = panel.querySelector<HTMLElement>('.voice .stop')
      if (stop) watch.disconnect()
      stop?.click()
    })
    watch.observe(panel, { subtree: true, childList: true })
  })
  await button('Grabar un mensaje de voz').click()
  await bar().getByText('Duró menos de un segundo').waitFor()
  await inBar('Cancelar').click()
  await ana.text.waitFor()
})

test('an upload that breaks, and an answer that is lost, leave the recording there; it goes once', async () => {
  await open('ev-2', martin)
  await ana.page.route('**/api/media', (route) => route.abort(), { times: 1 })
  await record()
  await inBar('Terminar').click()
  await inBar('Enviar').click()
  await bar().getByRole('alert').filter({ hasText: 'La grabación sigue acá' }).waitFor()
  // Taken, but nobody hears of it.
  await ana.page.route(
    '**/api/messages',
    async (route) => {
      await route.fetch()
      await route.abort()
    },
    { times: 1 },
  )
  await inBar('Enviar').click()
  await until(() => voices(martin).length === 1)
  await bar().getByRole('alert').filter({ hasText: 'La grabación sigue acá' }).waitFor()
  await inBar('Enviar').click()
  await bar().waitFor({ state: 'detached' })
  const { id } = await world.hilo.conversation(martin.phone)
  expect((await world.hilo.messages(id)).filter((one) => one.media.length > 0)).toHaveLength(1)
})

test('where a colleague answered meanwhile it waits, and goes when the agent says so', async () => {
  await open('ev-2', martin)
  const sent = voices(martin).length
  await record()
  await world.hilo
    .agent({ sub: 'beto', name: 'Beto Paz' })
    .send({ channel: 'whatsapp', to: martin.phone, coordinationId: 'ev-2', text: 'Yo me ocupo' })
  await inBar('Terminar').click()
  await inBar('Enviar').click()
  await bar().getByText('Alguien contestó mientras grababas').waitFor()
  expect(voices(martin)).toHaveLength(sent)
  await inBar('Enviar igual').click()
  await until(() => voices(martin).length === sent + 1)
})

test('by SMS there is no microphone', async () => {
  await ana.page.evaluate((phone) => {
    const { Hilo } = globalThis as unknown as { Hilo: { open(target: object): void } }
    Hilo.open({ phone, channel: 'sms', coordinationId: 'ev-1' })
  }, sofia.phone)
  await button('Enviar').waitFor()
  expect(await button('Enviar').isDisabled()).toBe(true)
  expect(await button('Grabar un mensaje de voz').count()).toBe(0)
})
