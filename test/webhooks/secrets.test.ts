// The secrets of webhooks at rest: sealed where there is a key, opened by it alone, sealed anew when the key is another one.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../server/config.ts'
import { isKeptRight, open, seal, SealedError } from '../../server/secrets.ts'
import { createServer } from '../../server/server.ts'
import { captureLog } from '../support/captured-log.ts'
import { serverEnv, startHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { type Receiver, startReceiver, verify } from './receiver.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]
const keys = (encryptionKey: Buffer | null, encryptionKeyPrevious: Buffer | null = null) => ({ encryptionKey, encryptionKeyPrevious })
const secret = `whsec_${randomBytes(24).toString('base64')}`

test('sealed twice it reads differently, is opened by its key, and by it alone', () => {
  const [one, other] = [seal(keys(first), secret, 'a'), seal(keys(first), secret, 'a')]
  expect(one).not.toBe(other)
  expect(one).not.toContain(secret.slice(6))
  for (const kept of [one, other]) expect(open(keys(first), kept, 'a')).toBe(secret)
  expect(open(keys(second, first), one, 'a')).toBe(secret)
  for (const wrong of [keys(null), keys(second)]) expect(() => open(wrong, one, 'a')).toThrow(SealedError)
})
test('it opens nowhere else, and not once a sign of it changed', () => {
  const kept = seal(keys(first), secret, 'a')
  expect(() => open(keys(first), kept, 'b')).toThrow(SealedError)
  const at = kept.length - 5
  const damaged = kept.slice(0, at) + (kept[at] === 'A' ? 'B' : 'A') + kept.slice(at + 1)
  for (const other of [damaged, kept.slice(0, 30)]) expect(() => open(keys(first), other, 'a')).toThrow(SealedError)
})
test('without a key it stays as it is', () => {
  expect(seal(keys(null), secret, 'a')).toBe(secret)
  expect(open(keys(first), secret, 'a')).toBe(secret)
  expect([isKeptRight(keys(null), secret), isKeptRight(keys(first), secret)]).toEqual([true, false])
  expect([keys(null), keys(first), keys(second)].map((one) => isKeptRight(one, seal(keys(first), secret, 'a')))).toEqual([
    false,
    true,
    false,
  ])
})

let folder: string
let host: Receiver
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hilo-secrets-'))
  host = await startReceiver()
})
afterEach(async () => {
  await host.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = (env: Record<string, string>) =>
  startHilo({
    env: { DATABASE_URL: `sqlite:${join(folder, 'hilo.db')}`, ALLOWED_ORIGINS: `https://host.example.com,${host.origin}`, ...env },
  })
const text = (key: Buffer) => key.toString('base64')
/** All that the database's files hold. */
const files = () =>
  readdirSync(folder)
    .filter((name) => name.startsWith('hilo.db'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join()

async function tellHost(hilo: Awaited<ReturnType<typeof start>>, n: number): Promise<void> {
  const service = hilo.agent({ sub: 'host', role: 'service' })
  await service.call('PUT', `/api/coordinations/ev-${n}`, { title: `Boda ${n}`, contact: { name: 'Ana', phone: '+5491144500099' } })
  await until(() => host.told.length >= n)
}

test('a webhook is told under its secret, which no file holds; a wrong or missing key stops the start, another one seals it anew', async () => {
  let hilo = await start({ ENCRYPTION_KEY: text(first) })
  const service = hilo.agent({ sub: 'host', role: 'service' })
  const body = { url: host.origin, events: ['coordination.updated', 'coordination.created', '*'] }
  const saved = await service.call<{ webhook: { secret: string } }>('PUT', '/api/webhooks/crm', { ...body, secret })
  expect(saved.body.webhook.secret).toBe(secret)
  await tellHost(hilo, 1)
  verify(secret, host.told[0] as never)
  await hilo.close()
  expect(files()).not.toContain(secret.slice(6))

  for (const env of [{}, { ENCRYPTION_KEY: text(second) }] as Record<string, string>[]) {
    const places = {
      port: 0,
      publicUrl: 'https://inbox.example.com',
      databaseUrl: `sqlite:${join(folder, 'hilo.db')}`,
      apiUrl: 'http://127.0.0.1:9',
    }
    const failed = await createServer(readConfig({ ...serverEnv(places), ...env }), { log: captureLog().log }).then(
      (server) => server.close(),
      (error: unknown) => error,
    )
    expect(failed).toBeInstanceOf(ConfigError)
    expect(String(failed)).toMatch(/ENCRYPTION_KEY is .*"crm"/)
  }
  hilo = await start({ ENCRYPTION_KEY: text(second), ENCRYPTION_KEY_PREVIOUS: text(first) })
  await hilo.close()
  hilo = await start({ ENCRYPTION_KEY: text(second) })
  await tellHost(hilo, 2)
  verify(secret, host.told.at(-1) as never)
  await hilo.close()
})

test('what was kept without a key is sealed at the first start with one', async () => {
  let hilo = await start({})
  const service = hilo.agent({ sub: 'host', role: 'service' })
  const saved = await service.call<{ webhook: { secret: string } }>('PUT', '/api/webhooks/crm', { url: host.origin, events: ['*'] })
  const made = saved.body.webhook.secret
  await hilo.close()
  hilo = await start({ ENCRYPTION_KEY: text(first) })
  const kept = (await hilo.server.parts.store.setting('default', 'webhook', 'crm'))?.value.secret
  expect(String(kept)).toMatch(/^sealed:/)
  await tellHost(hilo, 1)
  verify(made, host.told[0] as never)
  await hilo.close()
})
