// A page that was open before a deploy goes on working after it: with two builds of the widget, the second one changed
// everywhere.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, martin, recordButton, sofia, startWorld, type World } from './support.ts'

interface Manifest {
  connection: string
  files: Record<string, object>
  previous: string[][]
}

const source = mkdtempSync(join(tmpdir(), 'hilo-source-'))
const widgetDir = mkdtempSync(join(tmpdir(), 'hilo-built-'))
const html = recordButton('ev-1', sofia) + recordButton('ev-2', martin)
let world: World
let agent: AgentPage | undefined

function build(): Manifest {
  const vite = join('node_modules', 'vite', 'bin', 'vite.js')
  const done = spawnSync(process.execPath, [vite, 'build', '--config', 'widget/vite.config.ts'], {
    cwd: source,
    env: { ...process.env, HILO_WIDGET_DIR: widgetDir },
    encoding: 'utf8',
  })
  expect(done.status, done.stderr + done.stdout).toBe(0)
  return JSON.parse(readFileSync(join(widgetDir, 'manifest.json'), 'utf8')) as Manifest
}

/** Another release: every chunk has another content, so another name. */
function change(release: string): void {
  const edit = (file: string, from: string, to: string) => {
    const path = join(source, file)
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(from)
    writeFileSync(path, text.replaceAll(from, to))
  }
  edit('widget/client/link.ts', 'const FAILURES_TILL_SLOW = 3', `console.debug('${release}')\nconst FAILURES_TILL_SLOW = 3`)
  edit('widget/panel-chunk.ts', 'let sheet', `console.debug('panel ${release}')\nlet sheet`)
  edit('widget/locales/es.ts', "expired: '", `expired: '${release}. `)
}

beforeAll(async () => {
  for (const folder of ['widget', 'shared']) cpSync(folder, join(source, folder), { recursive: true })
  for (const file of ['tsconfig.json', 'package.json']) cpSync(file, join(source, file))
  symlinkSync(resolve('node_modules'), join(source, 'node_modules'))
  build()
  world = await startWorld({ given: { widgetDir } })
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(async () => {
  await world.close()
  for (const folder of [source, widgetDir]) rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  const complaints = agent?.complaints ?? []
  await agent?.close()
  agent = undefined
  expect(complaints.filter((line) => !/Failed to load resource/.test(line))).toEqual([])
})

async function open(): Promise<{ page: AgentPage; scripts: string[] }> {
  const scripts: string[] = []
  agent = await world.open('ana', {
    html,
    prepare: (page) =>
      page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url().replace(`${world.hilo.url}/`, ''))),
  })
  return { page: agent, scripts }
}
const openRecord = ({ page }: AgentPage, id: string) => page.getByRole('button', { name: `WhatsApp ${id}` }).click()

test('a page opened before the deploy finds the chunks of its own build, and new pages get the new one', async () => {
  const before = JSON.parse(readFileSync(join(widgetDir, 'manifest.json'), 'utf8')) as Manifest
  const { page, scripts } = await open()
  change('second')
  const after = build()
  expect(after.connection).not.toBe(before.connection)
  await openRecord(page, 'ev-1')
  await page.log.getByText('Hola').waitFor()
  await page.text.fill('Buenas')
  await page.page.keyboard.press('Enter')
  await page.log.locator('.m', { hasText: 'Buenas' }).locator('.tick.delivered').waitFor()
  expect(scripts.every((file) => file === 'widget.js' || file in before.files)).toBe(true)
  expect(scripts.filter((file) => file in after.files && file !== 'widget.js')).toEqual([])
  await page.close()

  const { page: next, scripts: own } = await open()
  await openRecord(next, 'ev-1')
  await next.log.getByText('Buenas').waitFor()
  expect(own.filter((file) => file.startsWith('connection-') || file.startsWith('panel-'))).toHaveLength(2)
  expect(own.every((file) => file in after.files)).toBe(true)
})

test('three builds are kept, and no more', () => {
  for (const release of ['third', 'fourth']) {
    change(release)
    build()
  }
  const { connection, files, previous } = JSON.parse(readFileSync(join(widgetDir, 'manifest.json'), 'utf8')) as Manifest
  expect(previous).toHaveLength(3)
  const there = readdirSync(widgetDir).filter((file) => file.startsWith('connection-') && file.endsWith('.js'))
  expect(there).toHaveLength(4)
  expect(there).toContain(connection)
  change('fifth')
  build()
  expect(readdirSync(widgetDir).filter((file) => file.startsWith('connection-') && file.endsWith('.js'))).toHaveLength(4)
  expect(Object.keys(files).length).toBeGreaterThan(10)
})

test('where a part of the open panel is gone, it says so, and asked again the script comes anew with the thread', async () => {
  const { page, scripts } = await open()
  await openRecord(page, 'ev-1')
  await page.log.getByText('Hola').waitFor()
  rmSync(widgetDir, { recursive: true, force: true })
  change('part')
  build()
  const more = page.panel.getByRole('button', { name: 'Más acciones' })
  await more.click()
  await page.panel.getByRole('button', { name: 'Reintentar' }).click()
  await until(() => scripts.some((file) => /^again\/\d+\/widget\.js$/.test(file)), { what: 'the new script' })
  await page.log.getByText('Hola').waitFor()
  await more.click()
  await page.panel.getByRole('menu').first().waitFor()
})

test('where its chunks are gone all the same, the widget loads its script anew, once, and opens what was asked for', async () => {
  const { page, scripts } = await open()
  const heard = () => page.page.evaluate(() => document.querySelectorAll('hilo-chat').length)
  rmSync(widgetDir, { recursive: true, force: true })
  change('sixth')
  build()
  await openRecord(page, 'ev-1')
  await page.log.getByText('Hola').waitFor()
  expect(scripts.filter((file) => file.endsWith('widget.js'))).toEqual(['widget.js', expect.stringMatching(/^again\/\d+\/widget\.js$/)])
  expect(await heard()).toBe(1)
  await world.hilo.simulator.phone(sofia.phone).write('¿Siguen ahí?')
  await page.log.getByText('¿Siguen ahí?').waitFor()
  await until(async () => (await page.launcher.getAttribute('aria-expanded')) === 'true')
})
