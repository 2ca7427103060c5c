// The panel as it is loaded: with the tokens that only it uses, adopted before it draws.
import { modernColours, withoutNewColours } from './launcher/tokens.ts'
import { mountPanel as panel, mountThread as thread } from './panel/entry.ts'
import { panelTokens } from './panel-tokens.ts'
import type { PanelModule } from './state/panel.ts'

let sheet: CSSStyleSheet | null = null

function adoptTokens(element: HTMLElement): void {
  const root = element.getRootNode()
  if (!(root instanceof ShadowRoot)) return
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(modernColours() ? panelTokens : withoutNewColours(panelTokens))
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
}

export const mountPanel: PanelModule['mountPanel'] = (root, client, options) => {
  adoptTokens(root)
  return panel(root, client, options)
}
export const mountThread: PanelModule['mountThread'] = (root, client, options) => {
  adoptTokens(root)
  return thread(root, client, options)
}
