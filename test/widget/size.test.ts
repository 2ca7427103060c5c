// The bytes that a host's page pays (goals.md), on a build of their own.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'

interface Manifest {
  connection: string
  files: Record<string, { bytes: number; gzip: number; hash: string }>
  previous: string[][]
}

const folder = mkdtempSync(join(tmpdir(), 'hilo-widget-'))
let manifest: Manifest

function build(): Manifest {
  const vite = join(process.cwd(), 'node_modules/vite/bin/vite.js')
  const done = spawnSync(process.execPath, [vite, 'build', '--config', 'widget/vite.config.ts'], {
    env: { ...process.env, HILO_WIDGET_DIR: folder },
    encoding: 'utf8',
  })
  expect(done.status, done.stderr + done.stdout).toBe(0)
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
}

beforeAll(() => {
  manifest = build()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const named = (name: string) => Object.keys(manifest.files).filter((file) => file.startsWith(`${name}-`))
const zipped = (...files: string[]) => files.reduce((sum, file) => sum + (manifest.files[file]?.gzip ?? Number.NaN), 0)

test('it loads in two requests of 36 kB, the launcher at most 14', () => {
  expect(named('connection')).toEqual([manifest.connection])
  expect(zipped('widget.js')).toBeLessThanOrEqual(14_000)
  expect(zipped('widget.js', manifest.connection)).toBeLessThanOrEqual(36_000)
})

test('a chunk that is there brings no other with it, save what the page has already', () => {
  for (const file of Object.keys(manifest.files)) {
    const code = readFileSync(join(folder, file), 'utf8')
    const brought = [...code.matchAll(/(?:^|;|\})import\s*[^(]*?from\s*[`"']\.\/([^`"']+)[`"']/g)].map((match) => match[1] ?? '')
    const there = [manifest.connection, ...(file.startsWith('panel-') ? [] : named('panel'))]
    expect(
      brought.filter((one) => !there.includes(one)),
      file,
    ).toEqual([])
  }
})

test('after the first open it has cost at most 72 kB in four requests, in each language', () => {
  const [panel, ...others] = named('panel')
  expect(others).toEqual([])
  for (const locale of ['es', 'en', 'pt']) {
    const [words, ...more] = named(locale)
    expect(more).toEqual([])
    expect(zipped('widget.js', manifest.connection, panel ?? '', words ?? ''), locale).toBeLessThanOrEqual(72_000)
  }
})

test('it is scripts alone, each with its gzipped twin', () => {
  const files = Object.keys(manifest.files)
  expect(files.every((file) => file.endsWith('.js'))).toBe(true)
  expect(readdirSync(folder).toSorted()).toEqual([...files.flatMap((file) => [file, `${file}.gz`]), 'manifest.json'].toSorted())
})

test('chunks name only each other: nothing that a strict policy forbids', () => {
  const forbidden = [/\beval\(|new Function\(/, /createElement\([`"']style|setAttribute\([`"']style/, /ZodError|_zod/]
  for (const file of Object.keys(manifest.files)) {
    const code = readFileSync(join(folder, file), 'utf8')
    const imports = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*[`"']\.\/([^`"'?]+)\??[`"']/g)].map((match) => match[1] ?? '')
    expect(imports.filter((name) => manifest.files[name] === undefined || name === 'widget.js')).toEqual([])
    const found = forbidden.flatMap((pattern) => pattern.exec(code)?.[0] ?? [])
    expect(found, file).toEqual([])
  }
})

test('a build again changes nothing, and keeps what an earlier page may still ask for', () => {
  const again = build()
  expect(again).toEqual(manifest)
})

test('what the README says of it is so', () => {
  const [panel = ''] = named('panel')
  const [words = ''] = named('es')
  const loaded = zipped('widget.js', manifest.connection) / 1000
  const opened = loaded + zipped(panel, words) / 1000
  for (const [file, point] of [
    ['README.md', '.'],
    ['README.es.md', ','],
  ] as const) {
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .find((one) => /^\| Widget, gzip/.test(one))
    const said = [...(line ?? '').matchAll(/(\d+[.,]\d) kB/g)].map((match) => Number((match[1] ?? '').replace(point, '.')))
    expect(said, file).toHaveLength(2)
    // To a tenth as it was measured; half a kilobyte more or less is not worth a new line.
    expect(Math.abs((said[0] ?? 0) - loaded), `${file}: ${loaded.toFixed(1)} kB on load`).toBeLessThanOrEqual(0.5)
    expect(Math.abs((said[1] ?? 0) - opened), `${file}: ${opened.toFixed(1)} kB after the first open`).toBeLessThanOrEqual(0.5)
  }
})
