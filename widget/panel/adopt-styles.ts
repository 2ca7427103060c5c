// The panel's rules as one constructed stylesheet per page, adopted by each shadow root that shows a part of it. Chunks
// that come later add theirs to it, so that they stand in all roots at once.
import cardsCss from './cards.css?inline'
import composerCss from './composer.css?inline'
import controlsCss from './controls.css?inline'
import inboxCss from './inbox.css?inline'
import modesCss from './modes.css?inline'
import panelCss from './panel.css?inline'
import partsCss from './parts.css?inline'
import threadCss from './thread.css?inline'

let rules = panelCss + controlsCss + partsCss + inboxCss + threadCss + cardsCss + composerCss + modesCss
let sheet: CSSStyleSheet | undefined

/** The answer ends it. Few machines have forced colours; one may turn them on while the page is open. */
export function adoptStyles(element: HTMLElement): () => void {
  const root = element.getRootNode() as ShadowRoot
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(rules)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  const forced = matchMedia('(forced-colors: active)')
  const look = () => forced.matches && void import('./forced/forced-colors.ts')
  forced.addEventListener('change', look)
  look()
  return () => forced.removeEventListener('change', look)
}

/** For a chunk of its own, once, as it is loaded. */
export function addStyles(css: string): void {
  rules += css
  sheet?.replaceSync(rules)
}
