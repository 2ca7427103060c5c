// One person from the command line: exported to a file, erased only when it is said twice.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eraseContact, exportContact } from '../../server/cli/contact.ts'
import { readConfig } from '../../server/config.ts'
import { serverEnv, startHilo, type TestHilo } from '../support/hilo.ts'

let hilo: TestHilo
const folder = mkdtempSync(join(tmpdir(), 'hilo-export-'))
beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(async () => {
  await hilo.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a person is found by number, client id or id, exported and erased', async () => {
  const config = readConfig(
    serverEnv({ port: 1, publicUrl: 'https://inbox.example.com', databaseUrl: 'sqlite:unused.db', apiUrl: hilo.url }),
  )
  const phone = '+5491155580001'
  await hilo.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
  const { contact } = await hilo.conversation(phone)
  const host = hilo.agent({ sub: 'host', role: 'service' })
  await host.call('PUT', '/api/contacts', [{ externalId: 'cl-77', addresses: [{ channel: 'whatsapp', phone }] }])
  const url = ['--url', hilo.url]
  for (const [index, wanted] of [phone, 'cl-77', contact.id].entries()) {
    const file = join(folder, `${index}.json`)
    await exportContact(config, ['--contact', wanted, '--to', file, ...url])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ contact: { id: contact.id }, messages: [{ text: 'hola' }] })
    expect(statSync(file).mode & 0o077, 'for its owner alone').toBe(0)
    await expect(exportContact(config, ['--contact', wanted, '--to', file, ...url]), 'what is there stays').rejects.toThrow('EEXIST')
  }
  await expect(eraseContact(config, ['--contact', '+5491155580002', ...url])).rejects.toThrow('no such contact')
  await expect(eraseContact(config, ['--contact', phone, ...url])).rejects.toThrow('say --yes')
  expect((await host.call('GET', `/api/contacts/${contact.id}`)).status).toBe(200)
  await eraseContact(config, ['--contact', phone, '--yes', ...url])
  expect((await host.call('GET', `/api/contacts/${contact.id}`)).status).toBe(404)
})
