// `widget.js`: the one script that a host embeds. Takes up the calls that were queued before it came, and the options on
// its own tag. Assigns nothing on `window` but the global.
import { createHilo, type Hilo } from './create-hilo.ts'
import { readTag } from './options.ts'

type Call = [string, ...unknown[]]
type HostWindow = typeof window & { Hilo?: Hilo | Call[] }

function start(): void {
  const page = window as HostWindow
  const before = page.Hilo
  // A second script tag is the same widget.
  if (before && !Array.isArray(before)) return
  const found = document.currentScript ?? document.querySelector('script[src*="/widget.js"]')
  if (!(found instanceof HTMLScriptElement) || !found.src) return
  const tag = found
  const { origin } = new URL(tag.src)

  function reload(calls: Call[]): void {
    if (tag.dataset['reloaded'] !== undefined) return
    void api.destroy()
    page.Hilo = calls
    const next = document.createElement('script')
    next.src = `${tag.src.split('?')[0]}?reload=${Date.now()}`
    next.async = true
    Object.assign(next.dataset, tag.dataset, { reloaded: '' })
    next.addEventListener('error', () => {
      page.Hilo = api
    })
    document.head.append(next)
  }

  const defaults = readTag(tag.dataset)
  const api = createHilo({ origin, base: tag.src, defaults, reload })
  page.Hilo = api
  if (defaults.token ?? defaults.tokenUrl) void api.init()
  if (before) api.push(...before)
}

start()
