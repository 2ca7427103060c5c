// Our one element on the host's page: the button and the place of the panel in its shadow root.
import type { Target } from '../client/panel.ts'
import { createButton, type LauncherButton } from './button.ts'
import { listenToHostButtons } from './host-buttons.ts'
import { keepInPage } from './keep-in-page.ts'
import { keepPlace } from './keep-place.ts'
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
  /** Puts it into the page again, where it was taken out for good. */
  place(): void
  /** Aborted when the widget is destroyed: ends every listener and observer of it. */
  end: AbortController
}

interface Presses {
  onPress(): void
  /** The pointer or the focus came to the button. */
  onNear(): void
  onHostButton(target: Target, pressed: Element): void
  /** A chunk of this build is gone from the server. */
  onGone(): void
  /** Something in the page does not let it stay. */
  onOut(): void
}

export function mountHost(surfaces: Surfaces, { onPress, onNear, onHostButton, onGone, onOut }: Presses): Mounted {
  const host = document.createElement('hilo-chat')
  const surface = surfaces.create(host, 'launcher', launcherCss)
  const root = document.createElement('div')
  const button = createButton(onPress, onNear)
  surface.element.append(root, button.element)
  const end = new AbortController()
  listenToHostButtons(onHostButton, end.signal)
  document.addEventListener('hilo-gone', onGone, { signal: end.signal })

  const kept = keepInPage(host, { onBack: keepPlace(surface.element), onOut, signal: end.signal })
  return { host, surface, root, button, layer: createTopLayer(host, end.signal), end, place: kept.place }
}
