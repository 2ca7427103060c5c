// The phone page: what it is served, what it may do, and how it looks to a browser.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demoPeople } from '../../server/simulator/people.ts'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { client, ours, startWorld, type World } from './simulated-world.ts'

const sofia = '+5491154823391'
let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${world.url}/phone${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

describe('by HTTP', () => {
  test('serves its files under a strict policy, and nothing else', async () => {
    const page = await ask('GET', '')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await page.text()
    expect(html).not.toMatch(/\sstyle=|<style|\son\w+="|https?:\/\//)
    const linked = [...html.matchAll(/(?:src|href)="(\/phone\/[^"]+)"/g)].map(([, path]) => path ?? '')
    expect(linked.length).toBeGreaterThan(3)
    for (const path of linked) expect((await fetch(world.url + path)).status).toBe(200)
    for (const path of ['/phone/../simulator.ts', '/phone/%2e%2e/simulator.ts', '/phone/phone.html.bak', '/phones'])
      expect((await fetch(world.url + path)).status).not.toBe(200)
  })

  test('writes as a client, switches faults and starts over', async () => {
    const written = await ask('POST', `/api/phones/${encodeURIComponent(sofia)}/messages`, { text: 'hola', channel: 'whatsapp' })
    expect(written.status).toBe(201)
    expect(world.webhooks[0]?.fields).toMatchObject({ From: `whatsapp:${sofia}`, Body: 'hola', ProfileName: 'Sofía Herrera' })
    expect((await ask('PATCH', '/api/faults', { error500: 1 })).status).toBe(200)
    expect(world.simulator.faults.get().error500).toBe(1)
    await ask('PATCH', `/api/phones/${encodeURIComponent(sofia)}`, { phoneOff: true })
    expect(world.simulator.faults.get(sofia).phoneOff).toBe(true)
    for (const wrong of [{ duplicateWebhooks: 2 }, { nothing: true }]) {
      expect((await ask('PATCH', '/api/faults', wrong)).status).toBe(422)
      expect((await ask('PATCH', `/api/phones/${encodeURIComponent(sofia)}`, wrong)).status).toBe(422)
    }
    expect((await ask('POST', '/api/reset', {})).status).toBe(204)
    expect(world.simulator.faults.get(sofia)).toMatchObject({ phoneOff: false, error500: 0 })
    expect(world.simulator.ledger().inbound).toEqual([])
  })

  test('tells the ledger', async () => {
    await world.send('hola', `sms:${client}`)
    world.simulator.faults.next('error500')
    await world.send('no', `sms:${client}`).catch(() => {})
    expect(await (await ask('GET', '/api/ledger')).json()).toMatchObject({
      accepted: [{ to: client, body: 'hola', channel: 'sms', segments: 1 }],
      refused: [{ to: client, body: 'no', refused: { status: 500 } }],
    })
  })

  test('a person without WhatsApp begins so, also after starting over', async () => {
    const jorge = demoPeople.find(({ note }) => note === 'not_on_whatsapp')?.phone ?? ''
    expect(world.simulator.faults.get(jorge).notOnWhatsApp).toBe(true)
    world.simulator.reset()
    expect(world.simulator.faults.get(jorge).notOnWhatsApp).toBe(true)
  })

  test('takes another number in any way that people write it', async () => {
    const added = await ask('POST', '/api/phones', { number: '11 4444-5555' })
    expect([added.status, ((await added.json()) as { key: string }).key]).toEqual([201, '+541144445555'])
    expect((await ask('POST', '/api/phones', { number: 'hola' })).status).toBe(422)
  })

  test('says for how long our typing is still shown, and to nobody else', async () => {
    const { sid } = await world.simulator.phone(sofia).write('hola')
    await world.sdk.messaging.v2.typingIndicator.create({ channel: 'whatsapp', messageId: sid })
    const { phones } = (await (await ask('GET', '/api/state')).json()) as { phones: { key: string; typingForMs: number }[] }
    const [shown, ...others] = phones.filter(({ typingForMs }) => typingForMs > 0)
    expect(others).toEqual([])
    expect(shown).toMatchObject({ key: sofia })
    expect(shown?.typingForMs).toBeLessThanOrEqual(25_000)
  })

  test('refuses other origins, plain forms and bad bodies', async () => {
    const path = `/api/phones/${encodeURIComponent(sofia)}/messages`
    expect((await ask('POST', path, { text: 'x' }, { origin: 'https://evil.example.com' })).status).toBe(403)
    expect((await ask('POST', path, { text: 'x' }, { 'content-type': 'text/plain' })).status).toBe(403)
    expect((await ask('POST', path, 'x')).status).toBe(400)
    expect((await ask('POST', path, { text: '' })).status).toBe(422)
    expect((await ask('POST', path, { text: 'x'.repeat(70_000) })).status).toBe(413)
    expect((await ask('POST', '/api/phones/%24gt/messages', { text: 'x' })).status).toBe(422)
    expect((await ask('GET', '/api/nothing')).status).toBe(404)
    expect(world.webhooks).toEqual([])
    expect((await ask('POST', path, { text: 'x' }, { origin: world.url })).status).toBe(201)
  })

  test('can be mounted: only what is under /phone is its own, and Twilio’s API is not', async () => {
    const host = http.createServer(async (request, response) => {
      if (!(await world.simulator.handle(request, response))) response.writeHead(418).end()
    })
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(host.address() as AddressInfo).port}`
    const status = async (path: string) => (await fetch(base + path)).status
    expect([await status('/phone'), await status('/phone/api/state'), await status('/'), await status('/v1/Content')]).toEqual([
      200, 200, 418, 418,
    ])
    host.closeAllConnections()
    await new Promise((resolve) => host.close(resolve))
  })
})

test('in a browser: write, see the answer and its ticks, quote it, switch the phone off; no violation of CSP or axe', async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ locale: 'es-AR', viewport: { width: 1440, height: 900 } })
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${world.url}/phone`)
    const log = page.getByRole('log')
    await page.getByRole('textbox', { name: 'Mensaje' }).fill('Hola, ¿siguen abiertos?')
    await page.keyboard.press('Enter')
    await log.getByText('Hola, ¿siguen abiertos?').waitFor()
    await log.getByText('Entregado a Hilo').waitFor({ state: 'attached' })
    expect(world.webhooks[0]).toMatchObject({ valid: true, fields: { Body: 'Hola, ¿siguen abiertos?', To: `whatsapp:${ours.whatsapp}` } })

    const { sid } = await world.send('<b>Sí</b>, hasta las 20', sofia)
    await log.getByText('<b>Sí</b>, hasta las 20').waitFor()
    // The chat is open, so it is read.
    await until(() => world.statuses(sid).at(-1)?.fields.MessageStatus === 'read')
    await page.getByRole('listitem').filter({ hasText: 'hasta las 20' }).getByText('read', { exact: false }).waitFor()

    await log.getByRole('button', { name: 'Responder citando' }).last().click()
    await page.keyboard.type('Perfecto')
    await page.keyboard.press('Enter')
    await until(() => world.webhooks.some(({ fields }) => fields.OriginalRepliedMessageSid === sid))

    // Our side types, until its answer comes.
    const { sid: question } = await world.simulator.phone(sofia).write('¿Y mañana?')
    await world.sdk.messaging.v2.typingIndicator.create({ channel: 'whatsapp', messageId: question })
    await page.getByText('escribiendo…').waitFor()
    await page.getByRole('tab', { name: 'SMS' }).click()
    await page.getByText('escribiendo…').waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'WhatsApp' }).click()
    await page.getByText('escribiendo…').waitFor()
    await world.send('Mañana, desde las 9', sofia)
    await page.getByText('escribiendo…').waitFor({ state: 'detached' })

    // Another client's message is counted, not shown here.
    await world.simulator.phone('+5491161204478').write('hola')
    await world.send('para Martín', '+5491161204478')
    await page.getByRole('button', { name: /Martín Quiroga.*1 sin leer/ }).waitFor()
    expect(await log.getByText('para Martín').count()).toBe(0)

    await page.getByRole('switch', { name: 'Teléfono apagado' }).check()
    await page.getByRole('button', { name: 'Prender' }).waitFor()
    const off = await world.send('a las 21', sofia)
    await until(() => world.statuses(off.sid).length === 1)
    await page.getByRole('button', { name: 'Prender' }).click()
    await log.getByText('a las 21').waitFor()

    // The switches are in sight beside the phone, without scrolling.
    for (const width of [1440, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      for (const name of ['Leer al recibir', 'Bloqueó al negocio', 'Límite de envíos', 'Avisos perdidos']) {
        const box = await page.getByRole('switch', { name }).boundingBox()
        expect(box !== null && box.y + box.height <= 800 && box.x + box.width <= width, `${name} at ${width}`).toBe(true)
      }
    }
    await page.getByRole('button', { name: 'Pasaron 24 horas' }).click()
    await page.getByText('La ventana de Sofía está cerrada').waitFor({ state: 'attached' })
    const late = await world.send('¿Seguís ahí?', sofia)
    await until(() => world.statuses(late.sid).at(-1)?.fields.ErrorCode === '63016')

    await page.evaluate(await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8'))
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1440, 390]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.setViewportSize({ width, height: 900 })
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }
          return (await axe.run()).violations.map(({ id }) => id)
        })
        expect(found, `${colorScheme}, ${width} wide`).toEqual([])
        const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        expect(overflow, `sideways scrolling at ${width}`).toBe(0)
      }
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
}, 60_000)

test.each([
  [1280, 720],
  [1000, 720],
  [900, 720],
  [1440, 900],
])('at %i × %i every switch is in sight beside the phone, and nothing scrolls sideways', async (width, height) => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ locale: 'es-AR', viewport: { width, height } })
    await page.goto(`${world.url}/phone`)
    await page.getByRole('switch').last().waitFor()
    const out = await page.evaluate(`[...document.querySelectorAll('.switch, .card button, #text')]
      .map((one) => one.getBoundingClientRect())
      .filter((box) => box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight).length`)
    expect([out, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([0, width])
  } finally {
    await browser.close()
  }
})
