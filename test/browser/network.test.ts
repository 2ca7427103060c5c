// The network goes and comes back, and so does the server: what the agent wrote goes out once, and in the end the page
// shows exactly what the server holds.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { shownMessages, shownOf, unreadOn } from './shown.ts'
import { type AgentPage, martin, type Person, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
const html = recordButton('ev-1', sofia) + recordButton('ev-2', martin)

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())
beforeEach(async () => {
  ana = await world.open('ana', { html })
})
afterEach(async () => {
  // A browser complains by itself about a server that is not there; the page does not.
  const complaints = ana.complaints.filter((line) => !/net::ERR_|WebSocket connection to/.test(line))
  await ana.close()
  expect(complaints).toEqual([])
})

const writes = (client: Person, text: string) => world.hilo.simulator.phone(client.phone).write(text)
const got = (client: Person, text: string) =>
  world.hilo.simulator
    .phone(client.phone)
    .messages()
    .filter(({ body }) => body === text)
const strip = () => ana.panel.locator('.strip')
const waiting = (text: string) => ana.log.locator('.m:not([data-seq])', { hasText: text })

async function openThread(id: string, lastText: string): Promise<void> {
  await ana.page.getByRole('button', { name: `WhatsApp ${id}` }).click()
  await ana.log.getByText(lastText).waitFor()
}

async function send(text: string): Promise<void> {
  await ana.text.fill(text)
  await ana.page.keyboard.press('Enter')
}

/** Message by message: places, texts, ticks; and the number on the button. */
async function agrees(client: Person): Promise<void> {
  const { id } = await world.hilo.conversation(client.phone)
  const look = async () => {
    const [there, here] = [shownOf(await world.hilo.messages(id)), await shownMessages(ana.log)]
    return { there, here }
  }
  await until(
    async () => {
      const { there, here } = await look()
      return JSON.stringify(there) === JSON.stringify(here) && there.every(({ status }) => status === null || status === 'delivered')
    },
    { timeoutMs: 20_000, what: 'the same messages' },
  ).catch(async () => {
    const { there, here } = await look()
    expect(here).toEqual(there)
  })
  const counts = async () => {
    const agent = world.hilo.agent({ sub: 'ana', name: 'Ana Díaz' })
    const { body } = await agent.call<{ total: number }>('GET', '/api/unread')
    return { there: body.total, here: await unreadOn(ana.launcher) }
  }
  await until(async () => Object.values(await counts()).every((n, _, [first]) => n === first), { what: 'the same unread number' })
}

test('offline: the strip says so, what is written waits marked, what came meanwhile comes, and each goes out once', async () => {
  await writes(sofia, 'antes del corte')
  await writes(martin, 'hola')
  await openThread('ev-1', 'antes del corte')
  await send('primera respuesta')
  await until(() => got(sofia, 'primera respuesta').length === 1)

  await ana.context.setOffline(true)
  await strip().getByText('Sin conexión. Lo que escribas queda guardado.').waitFor()
  await send('escrita sin conexión')
  await send('otra sin conexión')
  await waiting('escrita sin conexión').locator('.tick.queued').waitFor()
  await ana.log.getByText('2 sin enviar. Salen cuando vuelva la conexión').waitFor()
  expect(await ana.launcher.getAttribute('data-state')).toBe('offline')
  expect(await ana.text.getAttribute('placeholder')).toBe('Escribí; lo enviamos cuando vuelva la conexión')

  await writes(sofia, 'durante el corte, uno')
  await writes(sofia, 'durante el corte, dos')
  await writes(martin, 'también durante el corte')
  expect(await ana.log.getByText('durante el corte, uno').count()).toBe(0)
  expect(got(sofia, 'escrita sin conexión')).toEqual([])

  await ana.context.setOffline(false)
  await ana.log.getByText('durante el corte, dos').waitFor()
  await strip().waitFor({ state: 'detached' })
  await agrees(sofia)
  expect([got(sofia, 'escrita sin conexión').length, got(sofia, 'otra sin conexión').length]).toEqual([1, 1])
  // The other client's two are still unread.
  await until(async () => (await unreadOn(ana.launcher)) === 2)
  expect((await shownMessages(ana.log)).map(({ text }) => text)).toEqual([
    'antes del corte',
    'primera respuesta',
    'durante el corte, uno',
    'durante el corte, dos',
    'escrita sin conexión',
    'otra sin conexión',
  ])
})

test('the server stops and starts again: the page comes back by itself, and what waited goes out once', async () => {
  await writes(martin, 'una pregunta')
  await openThread('ev-2', 'una pregunta')
  await world.hilo.server.close()
  await send('mientras no había servidor')
  await waiting('mientras no había servidor').waitFor()
  await strip().getByText('Reconectando…').waitFor()
  await ana.log.getByText('1 sin enviar. Sale cuando vuelva la conexión').waitFor()

  await world.hilo.restart()
  await until(() => got(martin, 'mientras no había servidor').length === 1, { timeoutMs: 20_000, what: 'the message on the phone' })
  await strip().waitFor({ state: 'detached' })
  await writes(martin, 'ya la vi')
  await ana.log.getByText('ya la vi').waitFor()
  await agrees(martin)
  expect(got(martin, 'mientras no había servidor')).toHaveLength(1)
})

test('what waits outlives the page: after a reload it stands in its conversation, and goes out once', async () => {
  await openThread('ev-2', 'ya la vi')
  await world.hilo.server.close()
  await send('antes de recargar')
  await waiting('antes de recargar').waitFor()
  // Only the host's page is there: its script comes from the server that is away.
  await ana.page.reload()
  await world.hilo.restart()
  await ana.page.reload()
  await until(() => got(martin, 'antes de recargar').length === 1, { what: 'the message on the phone' })
  await openThread('ev-2', 'antes de recargar')
  await agrees(martin)
  expect(got(martin, 'antes de recargar')).toHaveLength(1)
})

test('an acknowledgement that was lost on the way back does not send it a second time', async () => {
  let lost = 0
  // The server takes the message, and the line breaks before it can say so.
  await ana.context.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer()
    let asked = ''
    socket.onMessage((packet) => {
      if (lost === 0 && typeof packet === 'string') asked = /^42(\d+)\["message:send"/.exec(packet)?.[1] ?? asked
      server.send(packet)
    })
    server.onMessage((packet) => {
      if (asked === '' || !String(packet).startsWith(`43${asked}[`)) return socket.send(packet)
      lost++
      asked = ''
      void socket.close()
      void server.close()
    })
  })
  await ana.page.reload()
  await openThread('ev-2', 'ya la vi')
  await send('una sola vez')
  await until(() => lost === 1)
  await ana.log.locator('.m[data-seq]', { hasText: 'una sola vez' }).waitFor()
  await agrees(martin)
  expect([lost, got(martin, 'una sola vez').length]).toEqual([1, 1])
})
