// Our one element on the host's page: the button and the place of the panel in its shadow root.
import type { Target } from '../state/panel.ts'
import { createButton, type LauncherButton } from './button.ts'
import { listenToHostButtons } from './host-buttons.ts'
import { launcherCss } from './launcher-css.ts'
import type { Surface, Surfaces } from './surface.ts'
import { createTopLayer, type TopLayer } from './top-layer.ts'

export interface Mounted {
  host: HTMLElement
  surface: Surface
  /** Where the panel goes. */
  root: HTMLElement
  button: LauncherButton
  layer: TopLayer
  /** Aborted when the widget is destroyed: ends every listener and observer of it. */
  end: AbortController
}

interface Presses {
  onPress(): void
  /** The pointer or the focus came to the button. */
  onNear(): void
  onHostButton(target: Target): void
  /** A chunk of this build is gone from the server. */
  onGone(): void
}

export function mountHost(surfaces: Surfaces, { onPress, onNear, onHostButton, onGone }: Presses): Mounted {
  const host = document.createElement('hilo-chat')
  const surface = surfaces.create(host, 'launcher', launcherCss)
  const root = document.createElement('div')
  const button = createButton(onPress, onNear)
  surface.element.append(root, button.element)
  const end = new AbortController()
  listenToHostButtons(onHostButton, end.signal)
  document.addEventListener('hilo-gone', onGone, { signal: end.signal })

  const place = () => document.body?.append(host)
  if (document.body) place()
  else document.addEventListener('DOMContentLoaded', place, { signal: end.signal })
  // A single-page app may replace the body, or all that is in it.
  const keep = new MutationObserver(() => {
    if (!host.isConnected && document.body) place()
    if (document.body) keep.observe(document.body, { childList: true })
  })
  keep.observe(document.documentElement, { childList: true })
  if (document.body) keep.observe(document.body, { childList: true })
  end.signal.addEventListener('abort', () => keep.disconnect())
  return { host, surface, root, button, layer: createTopLayer(host, end.signal), end }
}
