// A shadow root with our tokens and resets, and its `.hilo` element: for the launcher, each badge and each inline thread.
// Adopted stylesheets only, so that a page without `style-src` shows them.
import type { Theme } from '../client/panel.ts'
import { baseCss } from './base.ts'
import { tokensCss } from './tokens.ts'

const sheets = new Map<string, CSSStyleSheet>()

function sheet(name: string, css: () => string): CSSStyleSheet {
  let found = sheets.get(name)
  if (!found) {
    found = new CSSStyleSheet()
    found.replaceSync(css())
    sheets.set(name, found)
  }
  return found
}

export interface Surface {
  /** `.hilo`. */
  element: HTMLElement
  /** Into another host of the same kind, with the sheets that were adopted since. */
  moveTo(host: HTMLElement): void
  remove(): void
}

export interface Surfaces {
  create(host: HTMLElement, name: string, css: string): Surface
  /** Shown by all, present and future. */
  set(attributes: { theme: Theme; position: 'left' | 'right'; lang: string; hideButton: boolean }): void
}

export function createSurfaces(): Surfaces {
  const open = new Set<HTMLElement>()
  let attributes: Record<string, string> = {}

  function dress(element: HTMLElement): void {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  }

  return {
    create(host, name, css) {
      const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
      root.adoptedStyleSheets = [sheet('tokens', tokensCss), sheet('base', () => baseCss), sheet(name, () => css)]
      const element = document.createElement('div')
      element.className = 'hilo'
      dress(element)
      root.replaceChildren(element)
      open.add(element)
      return {
        element,
        moveTo(next) {
          const from = element.getRootNode() as ShadowRoot
          const to = next.shadowRoot ?? next.attachShadow({ mode: 'open' })
          to.adoptedStyleSheets = from.adoptedStyleSheets
          to.replaceChildren(element)
        },
        remove() {
          open.delete(element)
          element.remove()
        },
      }
    },
    set({ theme, position, lang, hideButton }) {
      attributes = { 'data-theme': theme, 'data-position': position, lang, dir: 'ltr', 'data-hide-button': String(hideButton) }
      for (const element of open) dress(element)
    },
  }
}

const SVG = 'http://www.w3.org/2000/svg'

/** An icon of the look: 20 grid, 1.5 stroke, one or more paths. */
export function icon(...paths: string[]): HTMLElement {
  const frame = document.createElement('i')
  const svg = document.createElementNS(SVG, 'svg')
  const set = {
    viewBox: '0 0 20 20',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.5',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  }
  for (const [name, value] of Object.entries({ ...set, 'aria-hidden': 'true' })) svg.setAttribute(name, value)
  for (const d of paths) svg.appendChild(document.createElementNS(SVG, 'path')).setAttribute('d', d)
  frame.append(svg)
  return frame
}
