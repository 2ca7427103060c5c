// Beside a host's modals, and under a body that moves what is fixed: the panel is reached, the launcher stays on screen.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, martin, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let agent: AgentPage | undefined

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  for (const one of [sofia, martin]) await world.hilo.simulator.phone(one.phone).write('Hola')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())
afterEach(async () => {
  const complaints = agent?.complaints ?? []
  await agent?.close()
  agent = undefined
  expect(complaints).toEqual([])
})

const card = `<h2>Ficha</h2><p><input aria-label="Nota de la ficha"></p>${recordButton('ev-1', sofia)}`
const css = `
#card { position: fixed; inset: 40px 700px 300px 40px; margin: 0; background: #eee; color: #222 }
.backdrop { position: fixed; inset: 0; z-index: 1050; background: #0006 }
.front { z-index: 1055 }
main > p { position: fixed; left: 40px; bottom: 40px }`

/** Runs in the page: how a host opens its modal, `m` being the card. */
const modals: [string, string][] = [
  ['a native dialog', 'const d = document.createElement("dialog"); d.style.inset = "0"; m.before(d); d.append(m); d.showModal()'],
  [
    'a native dialog in a shadow root of the host’s',
    `const box = document.createElement('div'); m.before(box); box.append(m)
    const root = box.attachShadow({ mode: 'open' }), d = root.appendChild(document.createElement('dialog'))
    d.append(document.createElement('slot')); d.showModal()`,
  ],
  [
    'a layer over the page that holds the focus, as Bootstrap’s and MUI’s do',
    `const back = document.createElement('div'); back.className = 'backdrop'; m.before(back); m.classList.add('front'); m.tabIndex = -1
    document.addEventListener('focusin', (event) => m.contains(event.target) || m.focus())
    setInterval(() => document.activeElement === document.body && m.focus(), 50)`,
  ],
  [
    'a trap that hears of the focus first',
    `m.tabIndex = -1
    document.addEventListener('focusin', (event) => { if (m.contains(event.target)) return; event.stopImmediatePropagation(); m.querySelector('input').focus() }, true)`,
  ],
  [
    'a trap that takes the focus back as it leaves',
    `m.addEventListener('focusout', (event) => { if (event.relatedTarget && !m.contains(event.relatedTarget)) m.querySelector('input').focus() })`,
  ],
  ['a modal that makes all else inert', `document.body.append(m); for (const one of document.body.children) one.inert = one !== m`],
]

async function open(opening: string, more = ''): Promise<AgentPage> {
  agent = await world.open('ana', { html: `<div id="card">${card}</div>${recordButton('ev-2', martin)}${more}`, css })
  await openModal(agent, opening)
  return agent
}
const openModal = ({ page }: AgentPage, opening: string) => page.evaluate(`{ const m = document.getElementById('card'); ${opening} }`)

async function writes({ page, text, log }: AgentPage, said: string): Promise<void> {
  await text.click()
  await page.keyboard.type(said)
  await page.keyboard.press('Enter')
  await log.locator('.m', { hasText: said }).locator('.tick').waitFor()
}

async function shut({ page, panel }: AgentPage): Promise<void> {
  await page.keyboard.press('Escape')
  await panel.getByRole('searchbox').waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
}

describe.each(modals)('with %s', (name, opening) => {
  test('one writes in the panel that its button opens, and goes back to it', async () => {
    const { page, text, ...rest } = await open(opening)
    const button = page.getByRole('button', { name: 'WhatsApp ev-1' })
    await button.click()
    await text.waitFor()
    // By the keys alone first: the focus is in the text.
    await until(async () => {
      await page.keyboard.type('x')
      return (await text.inputValue()).includes('x')
    })
    await text.fill('')
    await writes({ page, text, ...rest }, `hola con ${name}`)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/modal-${modals.findIndex(([one]) => one === name)}.png` })
    await shut({ page, text, ...rest })
    const field = page.getByLabel('Nota de la ficha')
    await field.click()
    await page.keyboard.type('sigue viva')
    expect(await field.inputValue()).toBe('sigue viva')
  })

  test('a panel that was open before comes forward when the modal’s button is pressed', async () => {
    agent = await world.open('ana', { html: `<div id="card">${card}</div>${recordButton('ev-2', martin)}`, css })
    const { page, panel } = agent
    await page.getByRole('button', { name: 'WhatsApp ev-2' }).click()
    await panel.getByRole('heading', { name: 'Martín Quiroga' }).waitFor()
    await openModal(agent, opening)
    await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
    await panel.getByRole('heading', { name: 'Sofía Herrera' }).waitFor()
    await writes(agent, `otra vez con ${name}`)
  })
})

test('over a native dialog, a press beside the panel closes it and gives the dialog back', async () => {
  const { page, panel, text } = await open(modals[0]?.[1] ?? '')
  await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await text.fill('a medio escribir')
  await page.mouse.click(100, 100)
  await panel.waitFor({ state: 'detached' })
  await page.getByLabel('Nota de la ficha').fill('ok')
  await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await text.waitFor()
  expect(await text.inputValue()).toBe('a medio escribir')
  await text.fill('')
})

test('when the dialog is gone meanwhile, a press beside the panel lets the page be used with it', async () => {
  const { page, panel, text } = await open(modals[0]?.[1] ?? '')
  await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await text.waitFor()
  await page.evaluate(() => document.querySelector('dialog')?.close())
  await page.mouse.click(100, 700)
  await page.getByRole('button', { name: 'WhatsApp ev-2' }).click()
  await panel.getByRole('heading', { name: 'Martín Quiroga' }).waitFor()
  expect(await panel.locator('xpath=..').evaluate((one) => one.matches(':modal'))).toBe(false)
})

test('without a modal the panel stays where the page’s order has it, and the page usable beside it', async () => {
  const { page, text } = await open('')
  await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await text.waitFor()
  expect(await page.locator('hilo-chat').evaluate((host) => host.matches(':popover-open'))).toBe(false)
  await page.getByLabel('Nota de la ficha').click()
  await page.keyboard.type('al lado')
  expect(await page.getByLabel('Nota de la ficha').inputValue()).toBe('al lado')
})

test('a widget that the host hides makes nothing of the page inert', async () => {
  for (const style of ['visibility: hidden', 'display: none', 'opacity: 0; pointer-events: none']) {
    const { page } = await open('')
    await page
      .locator('hilo-chat')
      .evaluate((host, hidden) => host.setAttribute('style', hidden.replaceAll(';', ' !important;').concat(' !important')), style)
    await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
    await page.locator('hilo-chat dialog').waitFor({ state: 'attached' })
    await page.locator('hilo-chat textarea').waitFor({ state: 'attached' })
    await page.getByLabel('Nota de la ficha').click()
    await page.keyboard.type('libre')
    expect(await page.getByLabel('Nota de la ficha').inputValue(), style).toBe('libre')
    await agent?.close()
  }
})

describe('under a body that moves what is fixed', () => {
  const tall = 'body{margin:0;height:4000px}'
  const inCorner = (one: AgentPage) =>
    until(async () => {
      const box = await one.launcher.boundingBox()
      return box !== null && Math.abs(box.x + box.width - 1260) < 20 && Math.abs(box.y + box.height - 780) < 2
    })

  test.each([
    'transform: translateZ(0)',
    'filter: grayscale(1)',
    'backdrop-filter: blur(1px)',
    'perspective: 500px',
    'will-change: transform',
    'contain: paint',
    'translate: 0 10px',
  ])('%s: the launcher stays in its corner, the panel in the window', async (rule) => {
    agent = await world.open('ana', { html: recordButton('ev-1', sofia), css: `${tall} body{${rule}}` })
    const { page, panel, text } = agent
    await inCorner(agent)
    await page.mouse.wheel(0, 1500)
    await until(() => page.evaluate(() => scrollY > 1000))
    await inCorner(agent)
    await agent.launcher.click()
    await panel.getByRole('searchbox').waitFor()
    const box = await panel.boundingBox()
    expect(box && box.x > 0 && box.y > 0 && box.x + box.width < 1280 && box.y + box.height < 780).toBe(true)
    await page.evaluate(() => (window as unknown as { Hilo: { open(target: object): unknown } }).Hilo.open({ coordinationId: 'ev-1' }))
    await text.fill(`bajo ${rule}`)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/body-${rule.slice(0, 6)}.png` })
    await shut(agent)
    await inCorner(agent)
  })

  test('a body that begins and ends to move it takes the launcher to the top layer and back', async () => {
    agent = await world.open('ana', {
      html: recordButton('ev-1', sofia),
      css: `${tall} .drawer{transform:translateX(-200px);transition:transform 40ms}`,
    })
    const { page } = agent
    const isUp = () => page.locator('hilo-chat').evaluate((host) => host.matches(':popover-open'))
    expect(await isUp()).toBe(false)
    for (const on of [true, false, true]) {
      await page.evaluate((force) => document.body.classList.toggle('drawer', force), on)
      await until(async () => (await isUp()) === on)
      await inCorner(agent)
    }
    // Put back by the page into a new body, it is there again.
    await page.evaluate(() => {
      const next = document.createElement('body')
      next.className = 'drawer'
      document.body.replaceWith(next)
    })
    await until(isUp)
    await inCorner(agent)
  })
})
