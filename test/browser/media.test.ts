// A client sends everything that a phone has, and the agent sees it, each as what it is.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Shot } from '../../server/simulator/camera-roll.ts'
import { until } from '../support/until.ts'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento de Sofía', sofia)
  world.signIn('ana', { name: 'Ana Díaz' })
  ana = await world.open('ana', { html: recordButton('ev-1', sofia) })
  await world.hilo.simulator.phone(sofia.phone).write('Te mando todo')
  await until(async () => (await world.hilo.conversation(sofia.phone)).inboundCount === 1)
  await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await ana.panel.locator('.thead', { hasText: sofia.name }).waitFor()
})
afterAll(() => world.close())

const send = (...media: Shot[]) => world.hilo.simulator.phone(sofia.phone).write('', { media })
/** Whether the browser could draw it. */
const isDrawn = (name: string) =>
  until(() =>
    ana.log
      .getByRole('button', { name })
      .locator('img')
      .last()
      .evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
  )

test('a picture, a sticker, a voice message, a video, a document and contacts that a client sends are shown', async () => {
  await send('photo')
  await isDrawn('Ver Foto')
  await send('sticker')
  await isDrawn('Ver Sticker')
  await send('voice')
  await ana.log.getByRole('button', { name: 'Escuchar' }).waitFor()
  await send('video')
  await until(() => ana.log.locator('video').evaluate((video) => (video as HTMLVideoElement).readyState > 0))
  await send('document')
  const link = ana.log.getByRole('link', { name: 'Descargar Archivo' })
  await link.waitFor()
  expect((await fetch((await link.getAttribute('href')) ?? '')).headers.get('content-type')).toBe('application/pdf')
  await send('contacts')
  await ana.log.getByText('Marta Pereyra').waitFor()
  await ana.log.getByText('Sin número de teléfono').waitFor()
})

test('two pictures of one message are seen large, one after the other', async () => {
  await send('photo', 'cake')
  await until(async () => (await ana.log.locator('.pics').last().locator('img').count()) === 2)
  await ana.log.locator('.pics').last().getByRole('button').first().click()
  await ana.panel.getByRole('dialog', { name: 'Foto' }).getByText('1 / 2').waitFor()
  await ana.page.keyboard.press('ArrowRight')
  await ana.panel.getByRole('dialog', { name: 'Foto' }).getByText('2 / 2').waitFor()
  await ana.page.keyboard.press('Escape')
  await ana.panel.locator('.lightbox').waitFor({ state: 'detached' })
})

test('what could not be fetched says so, and is fetched when the agent asks again', async () => {
  world.hilo.simulator.faults.set({ readError500: 1 })
  await send('cake')
  await ana.log.getByText('No se pudo traer').waitFor()
  world.hilo.simulator.faults.set({ readError500: 0 })
  await ana.log.getByRole('button', { name: 'Reintentar' }).click()
  await ana.log.getByText('No se pudo traer').waitFor({ state: 'detached' })
  await isDrawn('Ver Foto')
})
