// Runs axe on the widget, in the colours, widths and languages that a state must stand.
import { readFileSync } from 'node:fs'
import type { AgentPage } from './support.ts'

const source = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')
const locales = ['es', 'en', 'pt'] as const
/** Each state is seen in both colours and both widths; which with which goes round. */
const looks = [
  [
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 390 },
  ],
  [
    { colorScheme: 'dark', width: 1280 },
    { colorScheme: 'light', width: 390 },
  ],
] as const
let turn = 0

interface Found {
  id: string
  nodes: { target: unknown; failureSummary: string }[]
}

async function runAxe({ page }: AgentPage): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(context: object, options: object): Promise<{ violations: Found[] }> } }
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const include = [...document.querySelectorAll('hilo-chat, hilo-badge, hilo-thread')]
    // The button stands outside of the host's landmarks, on every page alike.
    return (await axe.run({ include }, { runOnly: rules, preload: false, rules: { region: { enabled: false } } })).violations
  })
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary}`))
}

/**
 * Looks at one state in light and dark, wide and narrow; the language goes round, so that all states together stand in
 * each. Answers with what is wrong, and leaves the page as it was.
 */
export async function inspect(agent: AgentPage, state: string): Promise<string[]> {
  const { page } = agent
  const before = page.viewportSize() ?? { width: 1280, height: 800 }
  const wrong: string[] = []
  turn++
  for (const [at, { colorScheme, width }] of (looks[turn % 2] ?? looks[0]).entries()) {
    const locale = locales[(turn + at) % locales.length] ?? 'es'
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: before.height })
    await setLocale(agent, locale)
    const name = `${state}, ${colorScheme}, ${width}, ${locale}`
    // For a person to look at.
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name.replaceAll(/[ ,]+/g, '-')}.png` })
    wrong.push(...(await runAxe(agent)).map((one) => `${name}: ${one}`))
    const sideways = await page.evaluate(() => {
      const boxes = [
        document.documentElement,
        ...(document.querySelector('hilo-chat')?.shadowRoot?.querySelectorAll('.panel, .body, .transcript') ?? []),
      ]
      return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || box.localName)
    })
    wrong.push(...sideways.map((box) => `${name}: ${box} scrolls sideways`))
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize(before)
  await setLocale(agent, 'es')
  return wrong
}

async function setLocale({ page }: AgentPage, locale: string): Promise<void> {
  await page.evaluate(
    (to) => (window as unknown as { Hilo: { init(options: object): Promise<unknown> } }).Hilo.init({ locale: to }),
    locale,
  )
  await page.waitForFunction(
    (to) => document.querySelector('hilo-chat')?.shadowRoot?.querySelector('.hilo')?.getAttribute('lang') === to,
    locale,
  )
}
