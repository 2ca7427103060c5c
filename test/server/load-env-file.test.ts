// A file of settings, whatever wrote it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadEnvFile } from '../../server/load-env-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'hilo-env-'))
const file = join(folder, '.env')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const text = 'JWT_SECRET=ñandú\r\n# a comment\r\nPORT="0"\r\n'
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16()
const mark = '\ufeff'

test.each([
  ['plain UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark, as Notepad saves it', Buffer.from(mark + text)],
  ['UTF-16, as PowerShell saves it', Buffer.from(mark + text, 'utf16le')],
  ['UTF-16 the other way round', swapped(Buffer.from(mark + text, 'utf16le'))],
])('%s is read, and what is in the environment stays', (_, bytes) => {
  writeFileSync(file, bytes)
  const env: Record<string, string | undefined> = { PORT: '8080' }
  loadEnvFile(file, env)
  expect(env).toEqual({ JWT_SECRET: 'ñandú', PORT: '8080' })
})

test('one that is not there changes nothing', () => {
  const env = {}
  loadEnvFile(join(folder, 'none'), env)
  expect(env).toEqual({})
})
