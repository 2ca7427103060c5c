// `widget.js`: the one script that a host embeds. Takes up the calls that were queued before it came, and the options on
// its own tag. Assigns nothing on `window` but the global.
import { type Call, createHilo, type Hilo } from './create-hilo.ts'
import { trustedUrl } from '../trusted-url.ts'
import { readTag } from './options.ts'
import { secondAddress } from './second-address.ts'

/** Between two loaders: what is gone for good would be asked for without an end. */
const CALM_MS = 10_000

type HostWindow = typeof window & { Hilo?: Hilo | Call[] }

function start(): void {
  const page = window as HostWindow
  const found = document.currentScript ?? document.querySelector('script[src*="/widget.js"]')
  if (!(found instanceof HTMLScriptElement) || !found.src) return
  const tag = found
  const before = page.Hilo
  const renewed = tag.dataset.reloaded !== undefined
  // A second script tag is the same widget.
  if (before && !Array.isArray(before) && !renewed) return
  const calls = before === undefined ? [] : Array.isArray(before) ? before : before.handOver()

  /** In silence: when the newer loader comes, it takes over what this one was asked. */
  let calmUntil = renewed ? Date.now() + CALM_MS : 0
  function reload(): void {
    if (Date.now() < calmUntil) return
    calmUntil = Date.now() + CALM_MS
    const next = document.createElement('script')
    try {
      next.src = trustedUrl(secondAddress('widget.js', tag.src), new URL(tag.src).origin)
    } catch (error) {
      // The part that is missing says so where it was asked for.
      console.error('[Hilo] The page’s Content-Security-Policy lets no newer widget.js be loaded. Add "trusted-types hilo" to it.', error)
      return
    }
    Object.assign(next.dataset, tag.dataset, { reloaded: '' })
    next.addEventListener('error', () => {
      next.remove()
      calmUntil = 0
    })
    document.head.append(next)
  }

  const defaults = readTag(tag.dataset)
  const api = createHilo({ origin: new URL(tag.src).origin, base: tag.src, defaults, reload })
  page.Hilo = api
  if (!renewed && (defaults.token ?? defaults.tokenUrl)) void api.init()
  api.push(...calls)
}

start()
