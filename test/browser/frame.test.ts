// The panel as the agent has it, in the whole widget: kept for the tab, told to the host, beside what opened it.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, ev1, ev2, recordButton, sofia, useDesk } from './support.ts'

const desk = useDesk([ev1, ev2])

const tag = { attributes: 'data-locale="es" data-remember' }
const widthOf = ({ panel }: AgentPage) => panel.evaluate((one) => Math.round(one.getBoundingClientRect().width))
const isWide = (agent: AgentPage, px: number) => until(async () => (await widthOf(agent)) === px, { what: `${px} px` })
const edgeOf = ({ page }: AgentPage) => page.getByRole('separator', { name: 'Ancho del panel' })

async function openPanel(agent: AgentPage): Promise<void> {
  await agent.launcher.click()
  await agent.panel.waitFor()
}
async function drag(agent: AgentPage, by: number): Promise<void> {
  const { mouse } = agent.page
  await edgeOf(agent).hover()
  await until(async () => (await edgeOf(agent).getAttribute('aria-valuemin')) === '340', { what: 'the edge' })
  const { x, y, width, height } = (await edgeOf(agent).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  await mouse.move(x + width / 2, y + height / 2)
  await mouse.down()
  await mouse.move(x + width / 2 + by, y + height / 2, { steps: 4 })
  await mouse.up()
}

test('width and dock outlive a reload, open or closed, and a page is drawn so at once', async () => {
  const agent = await desk.open(tag)
  await openPanel(agent)
  await drag(agent, -120)
  await isWide(agent, 520)
  await agent.page.getByRole('button', { name: 'Acoplar al costado' }).click()
  await agent.page.locator('hilo-chat .is-docked').waitFor()
  // Every width that it had from the beginning on.
  await agent.page.addInitScript(() => {
    const widths = new Set<number>()
    Object.assign(window, { widths })
    const look = () => {
      const panel = document.querySelector('hilo-chat')?.shadowRoot?.querySelector('.panel')
      if (panel) widths.add(Math.round(panel.getBoundingClientRect().width))
      requestAnimationFrame(look)
    }
    look()
  })
  await agent.page.reload()
  await agent.page.locator('hilo-chat .is-docked').waitFor()
  await isWide(agent, 520)
  expect(await agent.page.evaluate(() => [...(window as unknown as { widths: Set<number> }).widths])).toEqual([520])

  await agent.panel.getByRole('button', { name: 'Cerrar' }).click()
  await agent.panel.waitFor({ state: 'detached' })
  await agent.page.reload()
  await agent.launcher.waitFor()
  expect(await agent.page.evaluate(() => document.documentElement.style.getPropertyValue('--hilo-dock-width'))).toBe('')
  // It is asked for with the agent's name, which comes with the connection.
  await until(() => agent.page.evaluate(() => sessionStorage.getItem('hilo:place') === null), { what: 'what was kept is read' })
  await openPanel(agent)
  await agent.page.locator('hilo-chat .is-docked').waitFor()
  await isWide(agent, 520)
})

test('two tabs that drag the panel keep each its own width', async () => {
  const first = await desk.open(tag)
  const page = await first.context.newPage()
  await page.goto(first.page.url())
  const second: AgentPage = {
    ...first,
    page,
    launcher: page.locator('hilo-chat .launcher'),
    panel: page.locator('hilo-chat .panel'),
    close: () => page.close(),
  }
  await second.launcher.waitFor()
  await openPanel(first)
  await openPanel(second)
  await Promise.all([drag(first, -100), drag(second, -200)])
  await isWide(first, 500)
  await isWide(second, 600)
  await Promise.all([first.page.reload(), page.reload()])
  await isWide(first, 500)
  await isWide(second, 600)
})

test('a storage that is full, or holds nonsense, hurts nobody', async () => {
  const full = await desk.open({
    ...tag,
    before: `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`,
  })
  await openPanel(full)
  await drag(full, -100)
  await isWide(full, 500)
  await full.page.reload()
  await openPanel(full)
  await isWide(full, 400)
  const odd = await desk.open(tag)
  await openPanel(odd)
  await odd.page.addInitScript(() => {
    const kept = sessionStorage.getItem('hilo:place')
    if (kept) sessionStorage.setItem('hilo:place', JSON.stringify({ ...JSON.parse(kept), frame: { width: 'wide', isDocked: 3 } }))
  })
  await odd.page.reload()
  await isWide(odd, 400)
})

test('a host hears of the dock, and its page gives way by the width and the side on its root', async () => {
  const agent = await desk.open({
    html: recordButton('ev-1', sofia),
    css: 'html[data-hilo-dock="right"] body { padding-right: var(--hilo-dock-width) }',
  })
  await agent.page.evaluate(() => {
    const heard: unknown[] = []
    Object.assign(window, { heard })
    window.Hilo.on('dock', (dock) => void heard.push(dock))
  })
  const heard = () => agent.page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)
  const padding = () => agent.page.evaluate(() => getComputedStyle(document.body).paddingRight)
  await openPanel(agent)
  await agent.page.getByRole('button', { name: 'Acoplar al costado' }).click()
  await until(async () => (await padding()) === '400px', { what: 'room' })
  await until(async () => (await heard()).length === 1)
  await agent.panel.getByRole('button', { name: 'Cerrar' }).click()
  await until(async () => (await heard()).length === 2)
  expect(await heard()).toEqual([{ side: 'right', width: 400 }, null])
  expect(await padding()).not.toBe('400px')
})

test('the record’s button is not covered by the panel that it opens, nor what the page names as its opener', async () => {
  const css = '.far { position: fixed; right: 80px; top: 300px } #other { position: fixed; right: 80px; top: 500px }'
  const html = `<div class="far">${recordButton('ev-1', sofia)}</div><p id="other">Otra cosa</p>`
  const agent = await desk.open({ html, css })
  const left = async () => Math.round((await agent.panel.boundingBox())?.x ?? -1)
  await agent.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await agent.log.getByText('Hola', { exact: true }).waitFor()
  expect(await left()).toBe(20)
  await agent.page.evaluate(() => window.Hilo.close())
  await agent.panel.waitFor({ state: 'detached' })
  await agent.page.evaluate(() => window.Hilo.open({}, { opener: document.querySelector('#other') }))
  expect(await left()).toBe(20)
  await agent.page.evaluate(() => window.Hilo.close())
  await agent.panel.waitFor({ state: 'detached' })
  await openPanel(agent)
  expect(await left()).toBe(860)
})
