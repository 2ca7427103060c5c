// The panel's edge drags, from 700 px it has two panes, it docks to the side of the window, and never covers what opened it.
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show } = useScreens()

const edge = (page: Page) => page.getByRole('separator', { name: 'Ancho del panel' })
const widthOf = (page: Page) => page.locator('hilo-chat .panel').evaluate((panel) => Math.round(panel.getBoundingClientRect().width))
const isWide = (page: Page, px: number) => until(async () => (await widthOf(page)) === px, { what: `${px} px` })
const boxOf = async (one: Locator) => (await one.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
const panes = (page: Page) => page.locator('hilo-chat .pane')

/** Near first, as a hand comes: what it needs is fetched then. */
async function grip(page: Page): Promise<{ x: number; y: number }> {
  await edge(page).hover()
  await until(async () => (await edge(page).getAttribute('aria-valuemin')) === '340', { what: 'the edge' })
  const { x, y, width, height } = await boxOf(edge(page))
  return { x: x + width / 2, y: y + height / 2 }
}
async function drag(page: Page, by: number): Promise<void> {
  const { x, y } = await grip(page)
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let step = 1; step <= 5; step++) await page.mouse.move(x + (by * step) / 5, y)
  await page.mouse.up()
}

describe('the edge', () => {
  test('drags from 340 to 720 px, and a double click gives the standard width back', async () => {
    const page = await show('inbox')
    await isWide(page, 400)
    await drag(page, -150)
    await isWide(page, 550)
    await drag(page, 600)
    await isWide(page, 340)
    await drag(page, -900)
    await isWide(page, 720)
    const { x, y } = await grip(page)
    await page.mouse.dblclick(x, y)
    await isWide(page, 400)
  })

  test('on the left it drags to the other side', async () => {
    const page = await show('inbox', { more: '&position=left' })
    await drag(page, 100)
    await isWide(page, 500)
  })

  test('is never wider than the window leaves room, also after the window became smaller', async () => {
    const page = await show('inbox', { width: 600 })
    await drag(page, -500)
    await isWide(page, 560)
    expect(await edge(page).getAttribute('aria-valuemax')).toBe('560')
    await page.setViewportSize({ width: 500, height: 800 })
    await isWide(page, 460)
  })

  test('moves by keys: arrows, Home, End, and Enter for the standard width; it says how wide it is', async () => {
    const page = await show('inbox')
    await edge(page).focus()
    await until(async () => (await edge(page).getAttribute('aria-valuemax')) === '720')
    expect(await edge(page).getAttribute('aria-valuenow')).toBe('400')
    for (const [key, px] of [
      ['ArrowLeft', 420],
      ['ArrowLeft', 440],
      ['ArrowRight', 420],
      ['Home', 340],
      ['ArrowRight', 340],
      ['End', 720],
      ['Enter', 400],
    ] as const) {
      await page.keyboard.press(key)
      await isWide(page, px)
      await until(async () => (await edge(page).getAttribute('aria-valuenow')) === String(px), { what: `said: ${px}` })
    }
  })

  test('is dragged by a finger at the first touch', async () => {
    const page = await show('inbox')
    const session = await page.context().newCDPSession(page)
    const { x, y, width, height } = await boxOf(edge(page))
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: number) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: at, y: y + height / 2 }] })
    const from = x + width / 2
    await touch('touchStart', from)
    await until(() => edge(page).evaluate((one) => one.parentElement?.classList.contains('is-dragged')), { what: 'the chunk' })
    for (let step = 1; step <= 4; step++) await touch('touchMove', from - 25 * step)
    await touch('touchEnd')
    await isWide(page, 500)
  })

  test('over a text and a frame of the page it goes on, marks nothing, and the page hears nothing of it', async () => {
    const page = await show('thread')
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.srcdoc = '<p>Otra página'
      frame.style.cssText = 'position:fixed;inset:0 500px 0 0;width:700px;height:100%'
      document.body.prepend(frame)
      const heard: string[] = []
      Object.assign(window, { heard })
      const names = [
        'pointerdown',
        'pointermove',
        'pointerup',
        'mousedown',
        'mousemove',
        'mouseup',
        'click',
        'dblclick',
        'keydown',
        'keyup',
      ]
      for (const name of names) document.addEventListener(name, (event) => heard.push(event.type))
    })
    await page.locator('textarea').fill('A medio escribir')
    await grip(page)
    await page.evaluate(() => void (window as unknown as { heard: string[] }).heard.splice(0))
    await drag(page, -280)
    await isWide(page, 680)
    await edge(page).press('ArrowRight')
    await isWide(page, 660)
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard.filter((name) => name !== 'mousemove'))).toEqual([])
    expect(await page.evaluate(() => String(getSelection()))).toBe('')
    expect(await page.locator('textarea').inputValue()).toBe('A medio escribir')
  })

  test('writes once a frame, however many moves come', async () => {
    const page = await show('inbox')
    const { x, y } = await grip(page)
    await page.mouse.move(x, y)
    await page.mouse.down()
    const writes = await edge(page).evaluate(async (one) => {
      const dialog = one.parentElement as HTMLElement
      let count = 0
      const seen = new MutationObserver((records) => (count += records.length))
      seen.observe(dialog, { attributes: true, attributeFilter: ['style'] })
      await new Promise(requestAnimationFrame)
      for (let step = 0; step < 50; step++) one.dispatchEvent(new PointerEvent('pointermove', { pointerId: 1, clientX: 800 - step }))
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
      return count
    })
    await page.mouse.up()
    expect(writes).toBeLessThanOrEqual(1)
  })
})

describe('two panes', () => {
  test('from 700 px the list and the thread stand side by side, the open row marked, without a way back', async () => {
    const page = await show('thread')
    await page.locator('textarea').fill('A medio escribir')
    await drag(page, -290)
    await isWide(page, 690)
    expect(await panes(page).count()).toBe(0)
    await drag(page, -30)
    await panes(page).nth(1).waitFor()
    expect(await page.locator('textarea').inputValue(), 'the thread stayed as it was').toBe('A medio escribir')
    const [list, thread] = [panes(page).nth(0), panes(page).nth(1)]
    await list.locator('[aria-current="true"]', { hasText: 'Sofía Herrera' }).waitFor()
    expect(await thread.getByRole('button', { name: 'Volver' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Cerrar', exact: true }).count()).toBe(1)
    const [left, right] = [await boxOf(list), await boxOf(thread)]
    expect(left.x + left.width).toBeLessThanOrEqual(right.x + 1)
    await list.getByRole('option', { name: /Lucía Ferrari/ }).click()
    await thread.getByRole('heading', { name: 'Lucía Ferrari' }).waitFor()
    await list.locator('[aria-current="true"]', { hasText: 'Lucía Ferrari' }).waitFor()
    expect(await list.locator('[aria-current="true"]').count()).toBe(1)
  })

  test('by keys: arrows in the list, Enter opens beside it and one writes; Escape closes the thread, again the panel', async () => {
    const page = await show('inbox')
    await edge(page).focus()
    await until(async () => (await edge(page).getAttribute('aria-valuemax')) === '720')
    await page.keyboard.press('End')
    await page.getByText('Elegí una conversación').waitFor()
    await page.getByRole('listbox').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await until(() => page.locator('textarea').evaluate((one) => one.matches(':focus')), { what: 'one writes' })
    const options = page.getByRole('option')
    await until(async () => (await options.and(page.locator('[aria-current="true"]')).count()) === 1)
    // From what one writes back to the list, and on from the row that is open.
    await page.keyboard.press('Control+k')
    await until(() => page.getByRole('searchbox').evaluate((one) => one.matches(':focus')), { what: 'the search' })
    expect(await page.locator('textarea').count(), 'its thread stays open').toBe(1)
    await page.locator('textarea').press('Escape')
    await page.getByText('Elegí una conversación').waitFor()
    await page.keyboard.press('Escape')
    await until(() => page.evaluate(() => panel.closed() === 1), { what: 'closed' })
  })

  test('both are live: what arrives stands in the row and in the thread', async () => {
    const page = await show('thread')
    await drag(page, -320)
    await panes(page).nth(1).waitFor()
    await page.evaluate(() => {
      const { client } = panel
      const said = panel.message('sofia', { text: 'Llegó recién', createdAt: panel.at(0) })
      const { messages } = client.fakeThread('sofia')
      messages.value = [...messages.peek(), said]
      client.all.value = client.all.peek().map((one) => (one.id === 'sofia' ? { ...one, lastMessage: { ...said, seq: 100 } } : one))
    })
    await panes(page).nth(0).getByText('Llegó recién').waitFor()
    await panes(page).nth(1).getByText('Llegó recién').waitFor()
  })

  test('what the connection lacks is said once', async () => {
    const page = await show('offline')
    await drag(page, -320)
    await panes(page).nth(1).waitFor()
    await until(async () => (await page.locator('.strip.caution').count()) === 1)
  })

  test('a tag of the thread filters the list beside it', async () => {
    const page = await show('inbox-tags')
    await drag(page, -320)
    await panes(page).nth(1).waitFor()
    const tag = page.locator('.beside .tags .tag').first()
    await page.getByRole('option', { name: /Sofía Herrera/ }).click()
    const name = (await tag.textContent()) ?? ''
    await tag.click()
    await page.locator('.aside .tab.is-on', { hasText: name }).waitFor()
  })
})

describe('docked', () => {
  const dockButton = (page: Page) => page.getByRole('button', { name: 'Acoplar al costado' })

  test('it has the whole height at the side of the window; the page is told and can give way; again it is as it was', async () => {
    const page = await show('inbox')
    const frame = page.locator('hilo-chat .panel')
    const before = await boxOf(frame)
    await dockButton(page).click()
    await until(async () => (await boxOf(frame)).height === 800, { what: 'the whole height' })
    expect(await boxOf(frame)).toEqual({ x: 880, y: 0, width: 400, height: 800 })
    const told = () =>
      page.evaluate(() => {
        const { dataset, style } = document.documentElement
        return [dataset.hiloDock, style.getPropertyValue('--hilo-dock-width'), style.paddingRight, panel.docks.at(-1)]
      })
    await until(async () => JSON.stringify(await told()) === '["right","400px","",{"side":"right","width":400}]', { what: 'told' })
    await drag(page, -100)
    await until(async () => JSON.stringify((await told())[3]) === '{"side":"right","width":500}')
    expect((await told())[1]).toBe('500px')
    // The button that opened it is beside it.
    const button = await boxOf(page.locator('hilo-chat .launcher'))
    expect(button.x + button.width).toBeLessThanOrEqual(780)
    await dockButton(page).click()
    await until(async () => (await boxOf(frame)).height === before.height, { what: 'as it was' })
    await until(async () => (await told()).join() === ',,,', { what: 'told that it is docked no more' })
  })

  test('from a thread by its menu, and back', async () => {
    const page = await show('thread')
    const choose = async (name: string) => {
      await page.getByRole('button', { name: 'Más acciones' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await choose('Acoplar al costado')
    await page.locator('.dock.is-docked').waitFor()
    await choose('Soltar del costado')
    await page.locator('.dock:not(.is-docked)').waitFor()
  })

  test('the page makes room by itself only where the host asked for it, and has it back when the panel closes', async () => {
    const page = await show('inbox', { more: '&room=1' })
    await dockButton(page).click()
    const padding = () => page.evaluate(() => getComputedStyle(document.documentElement).paddingRight)
    await until(async () => (await padding()) === '400px', { what: 'room' })
    await page.evaluate(() => panel.handle.destroy())
    expect(await padding()).toBe('0px')
    expect(await page.evaluate(() => document.documentElement.hasAttribute('data-hilo-dock'))).toBe(false)
  })

  test('on a phone there is no edge and no dock', async () => {
    const page = await show('inbox', { width: 390, height: 844 })
    await page.getByRole('searchbox').waitFor()
    expect(await edge(page).count()).toBe(0)
    expect(await dockButton(page).count()).toBe(0)
  })
})

describe('the button that opened it', () => {
  async function openFrom(page: Page, css: string): Promise<void> {
    await page.evaluate((style) => {
      ;(panel.handle as { close(): void }).close()
      panel.opener.style.cssText = style
    }, css)
    await page.locator('hilo-chat dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'WhatsApp' }).click()
    await page.locator('hilo-chat .panel').waitFor()
  }

  test('is not covered: the panel goes to the other side of the window', async () => {
    const page = await show('inbox')
    await openFrom(page, 'position:fixed;right:100px;top:400px')
    expect((await boxOf(page.locator('hilo-chat .panel'))).x).toBe(20)
    await openFrom(page, 'position:fixed;left:100px;top:400px')
    expect((await boxOf(page.locator('hilo-chat .panel'))).x).toBe(860)
  })

  test('where there is no room on the other side, it stays at its own', async () => {
    const page = await show('inbox', { width: 600 })
    await openFrom(page, 'position:fixed;left:250px;top:400px')
    expect((await boxOf(page.locator('hilo-chat .panel'))).x).toBe(180)
  })
})
