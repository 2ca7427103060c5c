// Every state of the widget that the real server leads to: nothing for axe to find, in light and dark, wide and narrow,
// in three languages.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { until } from '../support/until.ts'
import { inspect } from './axe.ts'
import { type AgentPage, lucia, martin, paula, recordButton, sofia, startWorld, type World } from './support.ts'

const nora = { name: 'Nora Vidal', phone: '+5491130000005' }
const DAY_MS = 24 * 60 * 60_000
let world: World
let ana: AgentPage
/** How far the server's time is behind: a client's window closes when it jumps ahead. */
let behindMs = DAY_MS + 60 * 60_000
const clock = { ...systemClock, now: () => systemClock.now() - behindMs }
const html =
  recordButton('ev-1', sofia) +
  recordButton('ev-2', martin) +
  recordButton('ev-3', lucia) +
  recordButton('ev-4', paula) +
  recordButton('ev-5', nora)

beforeAll(async () => {
  world = await startWorld({ clock })
  await world.record('ev-1', 'Casamiento Herrera–Paz en la Quinta Los Tilos', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.record('ev-3', 'Egresados Normal 4', lucia)
  await world.record('ev-4', 'Bautismo de Bautista', paula)
  await world.record('ev-5', 'Cena de fin de año', nora)
  world.signIn('nobody', { coordinations: [] })
})
afterAll(() => world.close())

const writes = (client: { phone: string }, text: string) => world.hilo.simulator.phone(client.phone).write(text)
const openRecord = (id: string) => ana.page.getByRole('button', { name: `WhatsApp ${id}` }).click()
const button = (name: string) => ana.panel.getByRole('button', { name, exact: true })

test('nothing yet: the button at rest, the empty list, a new message', async () => {
  ana = await world.open('nobody')
  expect.soft(await inspect(ana, 'closed')).toEqual([])
  await ana.launcher.click()
  await ana.panel.getByText('Todavía no hay mensajes').waitFor()
  expect.soft(await inspect(ana, 'empty')).toEqual([])
  await ana.panel.locator('.empty button').click()
  await ana.panel.getByRole('textbox', { name: 'Número' }).fill('12')
  await button('Empezar').click()
  await ana.panel.getByRole('alert').waitFor()
  expect.soft(await inspect(ana, 'new message')).toEqual([])
  expect(ana.complaints.filter((line) => !/status of 4\d\d/.test(line))).toEqual([])
  await ana.close()
})

test('something unread: the button, the list with all that a row can say, its menu, a search for nothing', async () => {
  await writes(paula, 'Hola, ¿me pasan el menú?')
  await until(async () => (await world.hilo.conversation(paula.phone)).inboundCount === 1)
  behindMs = 0
  const sol = world.signIn('sol', { name: 'Sol Paz', role: 'supervisor' })
  world.signIn('ana', { name: 'Ana Díaz' })
  ana = await world.open('ana', { html })

  await writes(sofia, 'Hola, ¿a qué hora llega el fotógrafo? Mi tía pregunta también por el estacionamiento del salón.')
  await writes({ phone: '+5491130000001' }, 'Buenas, ¿cuánto sale un salón para cien?')
  await world.hilo.simulator.phone(martin.phone).write('¿Aceptan transferencia?', { channel: 'sms' })
  await writes(lucia, '¿Tienen lugar?')
  world.hilo.simulator.phone(lucia.phone).set({ failWith: 63018 })
  const { id } = await world.hilo.conversation(lucia.phone)
  const failed = await sol.send({ conversationId: id, text: 'Sí, el sábado 12.' })
  await world.hilo.messageWhen(failed.id, ({ status }) => status === 'failed')
  await sol.call('PATCH', `/api/conversations/${id}`, { assigneeId: 'sol' })
  await until(async () => (await ana.launcher.getAttribute('data-state')) === 'unread')
  expect.soft(await inspect(ana, 'unread')).toEqual([])

  await ana.launcher.click()
  await ana.panel.getByRole('option').first().waitFor()
  expect.soft(await inspect(ana, 'to answer')).toEqual([])
  await ana.panel.getByRole('tab', { name: 'Todas' }).click()
  await until(async () => (await ana.panel.getByRole('option').count()) === 5)
  expect.soft(await inspect(ana, 'inbox')).toEqual([])
  await ana.panel.getByRole('button', { name: 'Más' }).click()
  await ana.panel.getByRole('menu').waitFor()
  expect.soft(await inspect(ana, 'inbox menu')).toEqual([])
  await ana.panel.getByRole('button', { name: 'Más' }).click()
  await ana.panel.getByRole('searchbox').fill('zzz')
  await ana.panel.getByText('Nada con “zzz”').waitFor()
  expect.soft(await inspect(ana, 'search')).toEqual([])
  await ana.panel.getByRole('searchbox').fill('')
})

test('a thread: what was said, a note, what failed, menus, the schedule, templates and their form', async () => {
  await openRecord('ev-3')
  await ana.log.locator('.card.failed').waitFor()
  await button('Nota interna').click()
  expect.soft(await inspect(ana, 'note')).toEqual([])
  await ana.text.fill('Pidió descuento: https://example.com/lista')
  await ana.page.keyboard.press('Enter')
  await ana.log.locator('.notecard').waitFor()
  // It stays a note until it is switched.
  await button('Nota interna').click()
  await writes(lucia, '¿Y el domingo?\n¿O el lunes?')
  await ana.log.getByText('¿O el lunes?').waitFor()
  expect.soft(await inspect(ana, 'thread')).toEqual([])
  await button('De Sol Paz').click()
  await ana.panel.getByRole('menu').waitFor()
  expect.soft(await inspect(ana, 'thread menu')).toEqual([])
  await button('De Sol Paz').click()

  await ana.text.fill('Mañana te digo')
  await button('Programar').click()
  await ana.panel.getByRole('dialog', { name: 'Programar' }).waitFor()
  expect.soft(await inspect(ana, 'schedule')).toEqual([])
  // By its own button, within the window at any hour: what follows is seen with a planned message.
  const soon = new Date(Date.now() + 2 * 60 * 60_000).toLocaleString('sv-SE', { timeZone: 'America/Argentina/Buenos_Aires' })
  const [day = '', hour = ''] = soon.split(' ')
  await ana.panel.getByLabel('Día', { exact: true }).fill(day)
  await ana.panel.getByLabel('Hora', { exact: true }).fill(hour.slice(0, 5))
  await ana.panel.getByRole('dialog', { name: 'Programar' }).getByRole('button', { name: 'Programar' }).click()
  await ana.log.locator('.is-plan', { hasText: 'Mañana te digo' }).waitFor()
  await button('Plantillas').click()
  await ana.panel.getByRole('button', { name: /Appointment reminder/ }).waitFor()
  expect.soft(await inspect(ana, 'templates')).toEqual([])
  await ana.panel.getByRole('button', { name: /Appointment reminder/ }).click()
  await ana.panel.getByRole('textbox', { name: 'Date' }).fill('')
  await ana.panel.getByRole('textbox', { name: 'Time' }).focus()
  await ana.panel.getByText('Falta el date').waitFor()
  expect.soft(await inspect(ana, 'template form')).toEqual([])
})

test('where one cannot write freely: the window is closed, nobody wrote yet, the client refused SMS', async () => {
  await openRecord('ev-4')
  await ana.panel.getByText('Pasaron 24 h desde su último mensaje').waitFor()
  expect.soft(await inspect(ana, 'closed window')).toEqual([])
  await openRecord('ev-5')
  await ana.panel.getByText('Empezá la conversación').waitFor()
  expect.soft(await inspect(ana, 'start')).toEqual([])
  await world.hilo.simulator.phone(martin.phone).write('STOP', { channel: 'sms' })
  await button('Volver').click()
  await ana.panel.getByRole('option', { name: /Martín Quiroga/ }).click()
  await ana.log.locator('.event', { hasText: 'pidió no recibir más mensajes' }).waitFor()
  await ana.panel.locator('.blocked', { hasText: 'Para volver tiene que enviar START' }).waitFor()
  expect.soft(await inspect(ana, 'opted out')).toEqual([])
  expect(ana.complaints).toEqual([])
})

test('without network: the strip, and what waits; and when the session ended', async () => {
  await openRecord('ev-1')
  await ana.log.getByText('Hola, ¿a qué hora').waitFor()
  await ana.context.setOffline(true)
  await ana.panel.locator('.strip.caution').waitFor()
  await ana.text.fill('A las 18:30')
  await ana.page.keyboard.press('Enter')
  await ana.log.locator('.under', { hasText: 'sin enviar' }).waitFor()
  expect.soft(await inspect(ana, 'offline')).toEqual([])
  world.site.tokens.delete('ana')
  await ana.context.setOffline(false)
  await ana.panel.locator('.strip.danger').waitFor()
  expect.soft(await inspect(ana, 'expired')).toEqual([])
  await ana.close()
})

test('without a sender: one may look, and is told', async () => {
  const bare = await startWorld({
    env: { TWILIO_ACCOUNT_SID: '', TWILIO_AUTH_TOKEN: '', TWILIO_WHATSAPP_NUMBER: '', TWILIO_PHONE_NUMBER: '', TWILIO_API_URL: '' },
  })
  try {
    await bare.record('ev-1', 'Casamiento', sofia)
    bare.signIn('ana', { name: 'Ana Díaz' })
    const agent = await bare.open('ana', { html: recordButton('ev-1', sofia) })
    await agent.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
    await agent.panel.getByText('Todavía no hay un número de WhatsApp').waitFor()
    expect.soft(await inspect(agent, 'no sender')).toEqual([])
    expect(agent.complaints.filter((line) => !/status of 4\d\d/.test(line))).toEqual([])
  } finally {
    await bare.close()
  }
})
