// Keeps our element in a page that replaces its body or all that is in it, as Turbo, Livewire, htmx and morphing do.

/** Taken out again sooner than this, it is not the page that changed: somebody wants it out. */
const CALM_MS = 1000
const TRIES = 5

export interface KeepOptions {
  /** It stands in the page again. */
  onBack(): void
  /** Given up: it is taken out again and again. */
  onOut(): void
  signal: AbortSignal
}

/** Puts it in now, and back in tasks of their own: two observers that answer each other at once would freeze the page. */
export function keepInPage(host: HTMLElement, { onBack, onOut, signal }: KeepOptions): { place(): void } {
  let [tries, putAt, isDue] = [0, 0, false]

  function put(): void {
    putAt = Date.now()
    document.body.append(host)
    // A snapshot of the page that comes back brings a copy of it, without its root.
    for (const one of [...copies]) if (one !== host) one.remove()
  }

  const copies = document.getElementsByTagName(host.localName)
  const keep = new MutationObserver(() => {
    const { body } = document
    if (!body) return
    keep.observe(body, { childList: true })
    if (host.isConnected) {
      if (copies.length > 1) for (const one of [...copies]) if (one !== host) one.remove()
      return
    }
    if (isDue || tries > TRIES) return
    tries = Date.now() - putAt > CALM_MS ? 1 : tries + 1
    if (tries > TRIES) return onOut()
    isDue = true
    setTimeout(() => {
      isDue = false
      if (signal.aborted || host.isConnected) return
      put()
      onBack()
    })
  })
  keep.observe(document.documentElement, { childList: true })
  signal.addEventListener('abort', () => keep.disconnect())

  function place(): void {
    tries = 0
    if (host.isConnected || !document.body) return
    put()
    keep.observe(document.body, { childList: true })
  }
  if (document.body) place()
  else document.addEventListener('DOMContentLoaded', place, { signal })
  return { place }
}
