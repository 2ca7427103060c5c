// Imports point one way (the house in docs/architecture.md); this parses them, so that it is not held by memory.
import { readFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { dirname, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Import {
  file: string
  /** A path from the root for our own files, the package's name otherwise. */
  target: string
}

const files = globSync(['server/**/*.ts', 'shared/**/*.ts', '{widget,console}/**/*.{ts,tsx}'], { cwd: process.cwd() }).map((file) =>
  file.replaceAll('\\', '/'),
)
const imports = files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')))

function importsOf(file: string, source: string): Import[] {
  const found = [
    ...source.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'/gm),
    ...source.matchAll(/^import\s+'([^']+)'/gm),
    ...source.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g),
  ]
  return found.map((match) => {
    const specifier = match[1] ?? ''
    const target = specifier.startsWith('.')
      ? normalize(`${dirname(file)}/${specifier}`)
      : specifier.startsWith('@')
        ? specifier.split('/').slice(0, 2).join('/')
        : specifier.startsWith('node:')
          ? specifier
          : (specifier.split('/')[0] ?? '')
    return { file, target }
  })
}

function crossings(from: RegExp, to: RegExp, except: RegExp = /^$/): string[] {
  return imports
    .filter((one) => from.test(one.file) && to.test(one.target) && !except.test(one.file))
    .map((one) => `${one.file} → ${one.target}`)
}

describe('imports', () => {
  test('are found at all', () => {
    expect(imports.length).toBeGreaterThan(200)
    expect(imports).toContainEqual({ file: 'server/server.ts', target: 'server/config.ts' })
  })
  test.each([
    ['express', /^server\/(http|demo)\//],
    ['socket.io', /^server\/realtime\//],
    ['mongoose', /^server\/store\/mongo\//],
    ['node:sqlite', /^server\/store\/sqlite\//],
    ['twilio', /^server\/twilio\//],
    ['web-push', /^server\/web-push\//],
    ['@redis/client', /^server\/redis\//],
    ['preact', /^(widget|console)\//],
  ])('%s is named in one place only', (name, where) => {
    expect(imports.some((one) => one.target === name)).toBe(true)
    expect(crossings(/./, new RegExp(`^${name.replace('.', '\\.')}$`), where)).toEqual([])
  })
  test('adapters are named only where the parts are composed', () => {
    const composers = /^server\/(server|store\/open-store|media\/media-files|cli\/\w+)\.ts$/
    expect(crossings(/^(?!server\/store\/sqlite\/)/, /^server\/store\/sqlite\//, composers)).toEqual([])
    expect(crossings(/^(?!server\/store\/mongo\/)/, /^server\/store\/mongo\//, composers)).toEqual([])
    expect(crossings(/^(?!server\/twilio\/)/, /^server\/twilio\//, composers)).toEqual([])
    expect(crossings(/^(?!server\/web-push\/)/, /^server\/web-push\//, composers)).toEqual([])
    expect(crossings(/^(?!server\/redis\/)/, /^server\/redis\//, composers)).toEqual([])
    expect(crossings(/^server\/store\/sqlite\//, /^server\/store\/mongo\//)).toEqual([])
  })
  test('use cases know neither HTTP nor sockets nor adapters', () => {
    const cases = /^server\/(inbox|outbox|templates|coordinations|automations|campaigns|imports|media|team|webhooks|store|tell)(\/|\.)/
    expect(crossings(cases, /^server\/(http|realtime|simulator|demo|cli)\/|^server\/(server|main)\.ts$/)).toEqual([])
  })
  test('the store knows only shared words and its own', () => {
    expect(crossings(/^server\/store\//, /^server\/(?!store\/|rules\/|clock\.ts|ids\.ts|log\.ts)/)).toEqual([])
  })
  test('rules know only shared words and the shapes of what is kept', () => {
    expect(
      crossings(/^server\/rules\//, /^(?!server\/rules\/|shared\/|server\/store\/records\.ts$|node:util$|temporal-polyfill$)/),
    ).toEqual([])
  })
  test('changes are told in one place, which knows who hears and what follows', () => {
    const tellers = files.filter((file) => /\bpublish\.changes\(|\bdispatch\.(wake|release|schedule)\(/.test(readFileSync(file, 'utf8')))
    expect(tellers).toEqual(['server/tell.ts'])
  })
  test('an organization is looked up: which there are is said in one place', () => {
    const assume = files.filter((file) => file.startsWith('server/') && /['"`]default['"`]/.test(readFileSync(file, 'utf8')))
    expect(assume).toEqual(['server/organizations.ts'])
    const few = /^server\/(server|http\/auth|twilio\/webhooks|demo\/agents|cli\/token)\.ts$/
    expect(files.filter((file) => /\bonlyOrganization\b/.test(readFileSync(file, 'utf8')) && !few.test(file))).toEqual([
      'server/organizations.ts',
    ])
  })
  test('the simulator is used by the demo alone, and uses nothing of the product but its clock', () => {
    expect(crossings(/^(?!server\/simulator\/)/, /^server\/simulator\//, /^server\/(demo\/|server\.ts)/)).toEqual([])
    expect(crossings(/^server\/simulator\//, /^server\/(?!simulator\/|clock\.ts|ids\.ts)/)).toEqual([])
  })
  test('shared knows neither Node nor DOM, and nobody above it', () => {
    expect(crossings(/^shared\//, /^(?!shared\/|zod$|libphonenumber-js$)/)).toEqual([])
    for (const file of files.filter((one) => one.startsWith('shared/')))
      expect(readFileSync(file, 'utf8'), file).not.toMatch(/\b(document|window|process|Buffer)\.\w/)
  })
  test('the widget imports shared alone, and nothing that carries zod at run time', () => {
    expect(crossings(/^widget\//, /^server\//)).toEqual([])
    expect(crossings(/^widget\//, /^(zod|libphonenumber-js)$/)).toEqual([])
    for (const file of files.filter((one) => one.startsWith('widget/')))
      for (const line of readFileSync(file, 'utf8').matchAll(/^import (?!type\b).*shared\/(model|requests|events|parse-phone)\.ts'/gm))
        expect.fail(`${file}: ${line[0]}`)
  })
  test('the console imports shared and, of the widget, its client, its look and how it writes figures', () => {
    const look =
      /^widget\/(client\/|launcher\/(tokens|base)\.ts$|panel-tokens\.ts$|panel\/(icons?\.tsx?|controls\.css|menus\/zoned-time\.ts)$|locales\/format(-phone)?\.ts$)/
    const outside = imports.filter(
      ({ file, target }) => file.startsWith('console/') && /^(server|widget|test)\//.test(target) && !look.test(target),
    )
    expect(outside.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
    expect(crossings(/^(?!console\/)/, /^console\//)).toEqual([])
    expect(crossings(/^console\//, /^(zod|libphonenumber-js)$/)).toEqual([])
    for (const file of files.filter((one) => one.startsWith('console/')))
      for (const line of readFileSync(file, 'utf8').matchAll(
        /^import (?!type\b).*shared\/(model|requests|events|parse-phone|campaigns|organization)\.ts'/gm,
      ))
        expect.fail(`${file}: ${line[0]}`)
  })
  test('the launcher reaches client and panel only by import()', () => {
    const direct = files
      .filter((file) => file.startsWith('widget/launcher/'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/^import (?!type\b).*from '\.\.\/(client|panel)\/.*'/gm)].map(
          (match) => `${file}: ${match[0]}`,
        ),
      )
    expect(direct).toEqual([])
  })
  test("the widget's client draws nothing: widget, headless and any other page use it", () => {
    expect(crossings(/^widget\/client\//, /^widget\/(launcher|panel)\/|^preact$/)).toEqual([])
  })
  test('process.env is read by the settings alone', () => {
    const readers = files.filter((file) => !file.endsWith('.config.ts') && /process\.env\b/.test(readFileSync(file, 'utf8')))
    expect(readers.filter((file) => !/^server\/(main|config|cli\/hilo)\.ts$/.test(file))).toEqual([])
  })
})
