// How an agent is called: one sound over all tabs, the page's title, notifications, Web Push; and when nothing does.
import type { CDPSession, Page, Worker } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, martin, sofia, startWorld, type World } from './support.ts'

/**
 * Counts what is heard and seen. A page is looked at as long as the test says so, and touched once it was clicked: for the
 * browser every question of the test is a touch.
 */
const watchCalls = `
  let touched = false;
  addEventListener('pointerdown', () => { touched = true }, true);
  Object.defineProperty(Navigator.prototype, 'userActivation', { get: () => ({ hasBeenActive: touched }) });
  window.calls = { notes: 0, notifications: [] };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...args) { window.calls.notes++; return start.apply(this, args) };
  window.lookedAt = true;
  document.hasFocus = () => window.lookedAt;
  window.Notification = class extends EventTarget {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, options) { super(); window.calls.notifications.push({ title, ...options }); window.shown = this }
    close() { window.calls.closed = true }
  };
`
/** As behind a proxy that lets none pass. */
const withoutSockets = `
  window.WebSocket = class {
    constructor() { setTimeout(() => { this.onerror?.(new Event('error')); this.onclose?.(new Event('close')) }) }
    close() {}
    send() {}
  };
`
interface Calls {
  notes: number
  notifications: { title: string; body: string; tag: string }[]
  closed?: boolean
}

let world: World
let ana: AgentPage
beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Boda Herrera', sofia)
  await says('hola')
})
afterAll(() => world.close())
beforeEach(() => {
  world.signIn('ana', { name: 'Ana' })
})
afterEach(async () => {
  expect(ana.complaints).toEqual([])
  await ana.close()
})

const callsOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { calls: Calls }).calls)
const lookAway = (page: Page) =>
  page.evaluate(() => {
    ;(globalThis as unknown as { lookedAt: boolean }).lookedAt = false
  })
const says = (text: string, phone = sofia.phone) => world.hilo.simulator.phone(phone).write(text)
/** Browsers let a page sound once it was touched. */
const touch = (page: Page) => page.locator('h1').click()
/** All that would have sounded has: the chunk is there, and every tab had its turn. */
const settled = (page: Page) => page.waitForTimeout(1_000)

test('one sound over three tabs, none before the page was touched', async () => {
  ana = await world.open('ana', { before: watchCalls })
  await says('uno')
  await until(async () => /\d/.test((await ana.launcher.textContent()) ?? ''))
  await settled(ana.page)
  expect((await callsOf(ana.page)).notes, 'never touched').toBe(0)

  const others = await Promise.all([ana.context.newPage(), ana.context.newPage()])
  for (const page of others) await page.goto(ana.page.url())
  const pages = [ana.page, ...others]
  for (const page of pages) {
    await page.locator('hilo-chat .launcher').waitFor()
    await touch(page)
  }
  const notes = async () => (await Promise.all(pages.map(callsOf))).map((calls) => calls.notes)
  await says('dos')
  await until(async () => (await notes()).some((count) => count > 0))
  await settled(ana.page)
  expect((await notes()).sort(), 'two notes are one sound').toEqual([0, 0, 2])
})

test('silent where the thread is before the agent’s eyes, also in the other tab', async () => {
  ana = await world.open('ana', { before: watchCalls })
  const other = await ana.context.newPage()
  await other.goto(ana.page.url())
  await other.locator('hilo-chat .launcher').waitFor()
  await touch(other)
  await ana.launcher.click()
  await ana.panel.getByText(sofia.name).first().click()
  await ana.log.waitFor()
  await says('¿me ves?')
  await ana.log.getByText('¿me ves?').waitFor()
  await settled(ana.page)
  expect([(await callsOf(ana.page)).notes, (await callsOf(other)).notes]).toEqual([0, 0])
  await says('hola', martin.phone)
  await until(async () => (await callsOf(ana.page)).notes + (await callsOf(other)).notes > 0, { what: 'another client' })
})

test('who looks elsewhere is shown who wrote, about what; a click opens the thread', async () => {
  ana = await world.open('ana', { before: watchCalls })
  await says('estoy mirando')
  await settled(ana.page)
  expect((await callsOf(ana.page)).notifications, 'while the page is looked at').toEqual([])
  await lookAway(ana.page)
  await says('¿seguís ahí?')
  await until(async () => (await callsOf(ana.page)).notifications.length > 0)
  const { id } = await world.hilo.conversation(sofia.phone)
  expect((await callsOf(ana.page)).notifications).toEqual([
    expect.objectContaining({ title: `${sofia.name} · Boda Herrera`, body: '¿seguís ahí?', tag: `hilo-${id}` }),
  ])
  await ana.page.evaluate(() => (globalThis as unknown as { shown: { onclick(): void } }).shown.onclick())
  await ana.log.getByText('¿seguís ahí?').waitFor()
  expect((await callsOf(ana.page)).closed).toBe(true)
})

test('the settings rule every browser: away, without sound, without notifications', async () => {
  ana = await world.open('ana', { before: watchCalls })
  await touch(ana.page)
  await ana.launcher.click()
  await ana.panel.getByRole('button', { name: 'Avisos' }).click()
  const choice = (name: string) => ana.panel.getByRole('switch', { name })
  await choice('Sonido').click()
  await choice('Avisos del navegador').click()
  await choice('Horario de silencio').click()
  await ana.panel.getByLabel('Desde').fill('00:00')
  const kept = async () => (await world.signIn('ana').call('GET', '/api/me/settings')).body
  await until(async () => JSON.stringify(await kept()).includes('"from":"00:00"'))
  expect(await kept()).toEqual({
    sound: false,
    notifications: false,
    quiet: { from: '00:00', to: '08:00' },
    notifyOf: 'all',
    undoSend: false,
    checkText: true,
    assignOnAnswer: true,
    presence: 'online',
  })
  await choice('Horario de silencio').click()
  await until(async () => JSON.stringify(await kept()).includes('"quiet":null'))

  await lookAway(ana.page)
  await says('¿alguien?')
  await settled(ana.page)
  expect(await callsOf(ana.page)).toMatchObject({ notes: 0, notifications: [] })

  await choice('Sonido').click()
  await choice('Avisos del navegador').click()
  await choice('Ausente').click()
  await until(async () => JSON.stringify(await kept()).includes('"presence":"away"'))
  await says('¿nadie?')
  await settled(ana.page)
  expect(await callsOf(ana.page), 'away').toMatchObject({ notes: 0, notifications: [] })
  await choice('Ausente').click()
  await until(async () => JSON.stringify(await kept()).includes('"presence":"online"'))
  await says('¿ahora?')
  await until(async () => (await callsOf(ana.page)).notifications.length === 1)
})

test('who wants to hear of own conversations alone hears of no other; the choice holds in every browser', async () => {
  ana = await world.open('ana', { before: watchCalls })
  await touch(ana.page)
  await ana.launcher.click()
  await ana.panel.getByRole('button', { name: 'Avisos' }).click()
  await ana.panel.getByRole('combobox', { name: 'Avisarme de' }).selectOption('Mías')
  const agent = world.signIn('ana', { name: 'Ana' })
  await until(async () => JSON.stringify((await agent.call('GET', '/api/me/settings')).body).includes('"notifyOf":"mine"'))
  await lookAway(ana.page)
  const { id } = await world.hilo.conversation(sofia.phone)
  await world.boss.call('PATCH', `/api/conversations/${id}`, { assigneeId: 'me' })
  await says('para la jefa')
  await settled(ana.page)
  expect(await callsOf(ana.page), 'a colleague’s').toMatchObject({ notes: 0, notifications: [] })
  await world.boss.call('PATCH', `/api/conversations/${id}`, { assigneeId: null })
  await says('para nadie')
  await settled(ana.page)
  expect(await callsOf(ana.page), 'nobody’s').toMatchObject({ notes: 0, notifications: [] })

  await ana.panel.getByRole('combobox', { name: 'Avisarme de' }).selectOption('Mías y sin asignar')
  await until(async () => JSON.stringify((await agent.call('GET', '/api/me/settings')).body).includes('"mine_or_unassigned"'))
  await says('¿alguien libre?')
  await until(async () => (await callsOf(ana.page)).notifications.length === 1)
  expect((await callsOf(ana.page)).notes).toBe(2)
  await agent.call('PATCH', '/api/me/settings', { notifyOf: 'all' })
})

test('without a socket, too, only what concerns the agent calls', async () => {
  const agent = world.signIn('ana', { name: 'Ana' })
  await agent.call('PATCH', '/api/me/settings', { notifyOf: 'mine' })
  const { id } = await world.hilo.conversation(sofia.phone)
  await world.boss.call('PATCH', `/api/conversations/${id}`, { assigneeId: 'me' })
  await agent.call('POST', `/api/conversations/${id}/read`, { seq: 1000 })
  // It asks every 15 seconds: the page's clock, not the test's, goes there.
  ana = await world.open('ana', { before: watchCalls + withoutSockets, prepare: (page) => page.clock.install() })
  const { page } = ana
  await touch(page)
  await ana.launcher.click()
  await ana.panel.getByText('Conexión limitada').waitFor()
  await lookAway(page)
  const looked = page.waitForResponse(/\/api\/conversations\?.*assignee=me/)
  await says('para la jefa, sin socket')
  await page.clock.fastForward(16_000)
  await looked
  await settled(ana.page)
  expect(await callsOf(ana.page)).toMatchObject({ notes: 0, notifications: [] })
  await agent.call('PATCH', `/api/conversations/${id}`, { assigneeId: 'me' })
  await says('para Ana, sin socket')
  await page.clock.fastForward(16_000)
  await until(async () => (await callsOf(page)).notifications.length === 1)
  await agent.call('PATCH', '/api/me/settings', { notifyOf: 'all' })
})

test('the title counts what is unread where the host wants it, and stays the host’s', async () => {
  ana = await world.open('ana', { before: watchCalls, attributes: 'data-title-badge' })
  await world.boss.call('POST', `/api/conversations/${(await world.hilo.conversation(sofia.phone)).id}/read`, { seq: 1000 })
  const title = () => ana.page.title()
  await says('al título')
  await until(async () => /^\(\d+\) Coordinaciones$/.test(await title()))
  await ana.page.evaluate(() => {
    document.title = 'Ficha 12'
  })
  await until(async () => /^\(\d+\) Ficha 12$/.test(await title()))
  await ana.page.evaluate(() => (window as unknown as { Hilo: { destroy(): Promise<unknown> } }).Hilo.destroy())
  expect(await title()).toBe('Ficha 12')
})

test('pushed with no page open: the host’s worker shows it, and a click opens the thread in a page that is', async () => {
  ana = await world.visit('ana', { attributes: 'data-worker="/hilo-worker.js"', context: { permissions: ['notifications'] } })
  await ana.launcher.waitFor()
  // No push service is reachable here: the browser's part is given the keys that a service would know.
  const scope = `${world.site.origin}/hilo/`
  await ana.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.register('/hilo-worker.js', { scope: '/hilo/' })
    await new Promise<void>((resolve) => {
      const look = () => (registration.active ? resolve() : setTimeout(look, 50))
      look()
    })
  })
  await ana.page.reload()
  await ana.launcher.waitFor()
  const worker = await until(async () => ana.context.serviceWorkers().find((one) => one.url().endsWith('/hilo-worker.js')))
  await keepNotifications(worker)
  const { id } = await world.hilo.conversation(sofia.phone)
  const note = { title: sofia.name, body: '¿Mañana a las 10?', conversationId: id, page: ana.page.url() }
  const deliver = await pusher(await ana.context.newCDPSession(ana.page), scope)
  const shown = () =>
    worker.evaluate(async () => {
      const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration }
      return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }))
    })
  // Delivered again it is the same notification: a browser that is starting its worker may lose the first.
  const isShown = async () => {
    await deliver(note)
    return (await shown()).length > 0
  }
  await until(isShown, { everyMs: 2_000 })
  expect(await shown()).toEqual([{ title: note.title, body: note.body, tag: `hilo-${id}` }])
  await click(worker)
  await ana.log.waitFor()
  expect(await ana.panel.locator('h2').first().textContent()).toContain(sofia.name)
  expect(await shown()).toEqual([])
  // The widget tried to subscribe, too; this browser has no push service.
  expect(ana.complaints.splice(0).every((one) => one.includes('Push API in incognito'))).toBe(true)
})

async function pusher(session: CDPSession, scope: string): Promise<(note: object) => Promise<unknown>> {
  await session.send('ServiceWorker.enable')
  const registrationId = await new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find((one) => one.scopeURL === scope)
      if (ours) resolve(ours.registrationId)
    })
    void session.send('ServiceWorker.enable')
  })
  const { origin } = new URL(scope)
  return (note) => session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(note) })
}

/** A headless shell has no place to show them and denies them whatever is granted: there they are kept in the worker. */
async function keepNotifications(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    const { Notification, registration } = globalThis as unknown as {
      Notification: { permission: string }
      registration: ServiceWorkerRegistration
    }
    if (Notification.permission === 'granted') return
    const kept = new Map<string, object>()
    Object.assign(registration, {
      async showNotification(title: string, options: { tag: string }) {
        kept.set(options.tag, { ...options, title, close: () => kept.delete(options.tag) })
      },
      getNotifications: async () => [...kept.values()],
    })
  })
}

async function click(worker: Worker): Promise<void> {
  await worker.evaluate(async () => {
    const scope = globalThis as unknown as EventTarget & { registration: ServiceWorkerRegistration; ExtendableEvent: typeof Event }
    const [notification] = await scope.registration.getNotifications()
    const event = new scope.ExtendableEvent('notificationclick')
    scope.dispatchEvent(Object.defineProperty(event, 'notification', { value: notification }))
  })
}
