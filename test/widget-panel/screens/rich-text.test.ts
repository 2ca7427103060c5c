// Texts as the agent sees them: what WhatsApp makes of them, links, numbers, and nothing of it markup.
import { expect, test } from 'vitest'
import { useScreens } from '../show-panel.ts'

const { show } = useScreens()

test('a text stands as in WhatsApp: bold, italic, struck, code, lists, what may be pressed; one emoji is large', async () => {
  const page = await show('rich')
  const bubbles = page.locator('.bubble')
  await bubbles.locator('strong').getByText('13 de marzo').waitFor()
  expect(await bubbles.locator('em, s, code').allTextContents()).toEqual(['por favor', '$ 500', 'HERRERA-13'])
  expect(await bubbles.locator('ul li').allTextContents()).toEqual(['manteles', 'vajilla de color blanco'])
  expect(await bubbles.locator('ol').getAttribute('start')).toBe('2')
  const links = await bubbles.locator('a').evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.textContent]))
  expect(links).toEqual([
    ['https://example.com/menu', 'https://example.com/menu'],
    ['tel:+5491154823391', '+54 9 11 5482-3391'],
  ])
  const size = (text: string) => page.getByText(text, { exact: true }).evaluate((element) => getComputedStyle(element).fontSize)
  expect(await size('👍')).toBe('34px')
  expect(await size('👍👍')).not.toBe('34px')
})

test('markup in a text stays text, in each part of it', async () => {
  const page = await show('rich')
  await page.locator('.bubble strong').getByText('<img src=x onerror=alert(1)>').waitFor()
  expect(await page.locator('.bubble img, .bubble script').count()).toBe(0)
})

test('where the chunk does not come, the text is there as it was written', async () => {
  const page = await show('inbox')
  await page.route('**/rich*.js*', (route) => route.abort())
  await page.evaluate(() => {
    panel.client.fakeThread('martin').messages.value = [panel.message('martin', { text: 'Es *urgente*', seq: 1 })]
  })
  await page.locator('#row-martin').click()
  await page.locator('.bubble').getByText('Es *urgente*').waitFor()
  expect(await page.locator('.bubble :is(.strip, strong)').count()).toBe(0)
})
