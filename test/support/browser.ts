// Launches the browser that the tests drive: CHROMIUM_PATH, else an installed Chromium or Chrome, else the one that
// `@sparticuz/chromium` brings along, so that `npm ci` alone is enough on a machine without a browser.
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const macPaths = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function findInstalled(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const paths = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...macPaths]
  return paths.find(isExecutable) ?? null
}

/** Unpacks the packaged browser once; several test processes may ask at the same moment. */
async function unpackPackaged(): Promise<string> {
  // Read while the package is imported: it decides from this whether the shared libraries are unpacked too.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs24.x'
  // A folder of its own, trusted only once it is whole: an unpacking that was interrupted leaves half a browser behind.
  const folder = join(tmpdir(), 'hilo-chromium')
  const whole = join(folder, 'whole')
  const lock = `${folder}.lock`
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > 120_000) rmSync(lock, { recursive: true, force: true })
      await wait(100)
    }
  }
  const before = process.env.TMPDIR
  try {
    if (!existsSync(whole)) rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    process.env.TMPDIR = folder
    const { default: packaged } = await import('@sparticuz/chromium')
    const path = await packaged.executablePath()
    writeFileSync(whole, '')
    return path
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Where the browser is; unpacks the packaged one when there is no other. */
export async function findBrowser(): Promise<string> {
  const asked = process.env.CHROMIUM_PATH
  if (asked) {
    if (!isExecutable(asked)) throw new Error(`CHROMIUM_PATH is ${asked}, which is no executable file. Point it at a Chromium or unset it.`)
    return asked
  }
  return findInstalled() ?? (await unpackPackaged())
}

/** A headless browser. The caller closes it. `args` are added to the safe ones. */
export async function launchBrowser(options: { args?: string[] } = {}): Promise<Browser> {
  return await chromium.launch({ executablePath: await findBrowser(), headless: true, args: [...args, ...(options.args ?? [])] })
}
