// Beside a host's modals, and under a body that moves what is fixed: the panel is reached, the launcher stays on screen.
import { describe, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { until } from '../support/until.ts'
import { type AgentPage, ev1, ev2, martin, recordButton, sofia, useDesk } from './support.ts'

const desk = useDesk([ev1, ev2])

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
  const agent = await desk.open({ html: `<div id="card">${card}</div>${recordButton('ev-2', martin)}${more}`, css })
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
    const agent = await desk.open({ html: `<div id="card">${card}</div>${recordButton('ev-2', martin)}`, css })
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

describe('with a modal that does what Radix’s Dialog does', () => {
  /** Set as docs/embedding.md tells hosts to. */
  const [, setting = 'not found'] = /const keepOpen = (.*)\n/.exec(readFileSync('docs/embedding.md', 'utf8')) ?? []
  /** Of its source: the layer that is dismissed, at once or, since 1.3, with the click; the trap; what it does to the page around it. */
  const radix = (keepOpen: string, isModal: boolean) => `
    const keepOpen = ${keepOpen}, leave = new AbortController(), { signal } = leave
    m.id = 'card'; m.classList.add('front'); m.tabIndex = -1; m.style.pointerEvents = 'auto'; document.body.append(m)
    let last = m.querySelector('input')
    last.focus()
    const close = () => { leave.abort(); m.remove(); document.body.style.pointerEvents = '' }
    const outside = (type, original) => {
      const event = new CustomEvent(type, { cancelable: true, detail: { originalEvent: original } })
      original.target.addEventListener(type, keepOpen, { once: true })
      original.target.dispatchEvent(event)
      if (!event.defaultPrevented) close()
    }
    document.addEventListener('pointerdown', (event) => m.contains(event.target) || outside('pointerDownOutside', event), { signal })
    document.addEventListener('click', (event) => m.contains(event.target) || setTimeout(() => signal.aborted || outside('deferred', event)), { signal })
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      keepOpen(event)
      if (event.defaultPrevented) return
      event.preventDefault()
      close()
    }, { signal, capture: true })
    if (!${isModal}) {
      document.addEventListener('focusin', (event) => m.contains(event.target) || outside('focusOutside', event), { signal })
    } else {
      document.body.style.pointerEvents = 'none'
      for (const one of document.body.children) if (one !== m) one.setAttribute('aria-hidden', 'true')
      document.addEventListener('focusin', ({ target }) => { if (m.contains(target)) last = target; else last.focus() }, { signal })
      document.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget && !m.contains(relatedTarget)) last.focus() }, { signal })
      for (const name of ['wheel', 'touchmove'])
        document.addEventListener(name, (event) => m.contains(event.target) || event.preventDefault(), { signal, passive: false })
    }`
  const field = ({ page }: AgentPage) => page.getByLabel('Nota de la ficha')

  test.each([
    ['modal', true],
    ['not modal', false],
  ])('that is %s: with the setting it stays open while one writes, scrolls and presses Escape in the panel', async (_, isModal) => {
    const agent = await open(radix(setting, isModal))
    const { page, panel, text, log } = agent
    for (let n = 0; n < 20; n++) await desk.world.hilo.simulator.phone(sofia.phone).write(`línea ${n}`)
    await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
    await text.waitFor()
    await writes(agent, `junto a uno ${isModal ? 'modal' : 'abierto'}`)
    await log.hover()
    await page.mouse.wheel(0, -300)
    await until(async () => (await log.getAttribute('data-at-end')) === 'false', { what: 'the transcript to scroll' })
    expect(await page.locator('hilo-chat').getAttribute('aria-hidden')).toBeNull()
    await text.click()
    await shut(agent)
    await field(agent).click()
    await page.keyboard.type('sigue viva')
    expect(await field(agent).inputValue()).toBe('sigue viva')
    expect(await panel.count()).toBe(0)
  })

  test.each([
    ['modal', true],
    ['not modal', false],
  ])('that is %s: without it a press or Escape in the panel closes it, and the panel goes on', async (_, isModal) => {
    for (const act of ['press', 'Escape'] as const) {
      const agent = await open(radix('() => {}', isModal))
      await agent.page.evaluate(() =>
        (window as unknown as { Hilo: { open(target: object): unknown } }).Hilo.open({ coordinationId: 'ev-1' }),
      )
      await agent.text.waitFor()
      if (act === 'press') await agent.text.click()
      else await agent.page.keyboard.press('Escape')
      await field(agent).waitFor({ state: 'detached' })
      if (act === 'press') await writes(agent, `después de cerrarse ${isModal}`)
      else await agent.panel.getByRole('searchbox').waitFor()
    }
  })
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
    const agent = await desk.open({ html: recordButton('ev-1', sofia), css: `${tall} body{${rule}}` })
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
    const agent = await desk.open({
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
