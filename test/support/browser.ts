// Launches the browser that the tests drive: the one that `npm ci` brings along (`@sparticuz/chromium`, pinned by the lock
// file), so that a test sees the same one everywhere. CHROMIUM_PATH alone replaces it.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, chromium } from 'playwright-core'

// Nothing here relaxes the web's own rules: CSP, CORS and origins are what the tests are about.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--font-render-hinting=none',
]

interface Launchable {
  executablePath: string
  env?: Record<string, string>
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Its own file names folders that are elsewhere. A browser that finds no font at all draws no text, takes none, and crashes. */
const fontsFile = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`

async function unpackInto(folder: string, bin: string): Promise<void> {
  const before = process.env.TMPDIR
  // Where the package unpacks to.
  process.env.TMPDIR = folder
  try {
    const { inflate } = await import('@sparticuz/chromium')
    // `al2023` has the shared libraries, for a machine without them.
    for (const part of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']) await inflate(join(bin, part))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  writeFileSync(join(folder, 'fonts', 'fonts.conf'), fontsFile(folder))
}

/** Unpacks the packaged browser once for each version; several test processes may ask at the same moment. */
async function unpackPackaged(): Promise<Launchable> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The packaged browser runs on Linux x64 alone: set CHROMIUM_PATH to a Chromium or Chrome.')
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin')
  const { version } = JSON.parse(readFileSync(join(bin, '..', 'package.json'), 'utf8')) as { version: string }
  // A folder of its own, trusted only once it is whole: an unpacking that was interrupted leaves half a browser behind.
  const folder = join(tmpdir(), `hilo-chromium-${version}`)
  const whole = join(folder, 'whole')
  const lock = `${folder}.lock`
  while (!existsSync(whole)) {
    try {
      mkdirSync(lock)
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > 120_000) rmSync(lock, { recursive: true, force: true })
      await wait(100)
      continue
    }
    try {
      if (existsSync(whole)) break
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      await unpackInto(folder, bin)
      writeFileSync(whole, '')
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  const libraries = [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return { executablePath: join(folder, 'chromium'), env: { FONTCONFIG_PATH: join(folder, 'fonts'), LD_LIBRARY_PATH: libraries } }
}

async function findBrowser(): Promise<Launchable> {
  const asked = process.env.CHROMIUM_PATH
  if (!asked) return await unpackPackaged()
  if (!isExecutable(asked)) throw new Error(`CHROMIUM_PATH is ${asked}, which is no executable file. Point it at a Chromium or unset it.`)
  return { executablePath: asked }
}

/** A headless browser. The caller closes it. `args` are added to the safe ones. */
export async function launchBrowser(options: { args?: string[] } = {}): Promise<Browser> {
  const { executablePath, env } = await findBrowser()
  return await chromium.launch({
    executablePath,
    headless: true,
    args: [...args, ...(options.args ?? [])],
    env: { ...process.env, ...env },
  })
}
